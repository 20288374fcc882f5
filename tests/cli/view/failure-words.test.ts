import { expect, test } from "@jest/globals";
import { failureName, failureWords } from "../../../cli/view/failure-words.ts";

test.each([
  {
    error: "BuildRefusedError",
    cause: "no quota",
    words: "BuildRefusedError: no quota",
    name: "BuildRefusedError",
    why: "plain",
  },
  {
    error: "TransientError",
    cause: "Throttling: slow",
    words: "Throttling: slow",
    name: "Throttling",
    why: "the code that it stands for",
  },
  {
    error: "TransientError",
    cause: "odd",
    words: "TransientError: odd",
    name: "TransientError",
    why: "a TransientError without a code",
  },
  {
    error: "NoCapacityError",
    cause: "EC2: no",
    words: "NoCapacityError: EC2: no",
    name: "NoCapacityError",
    why: "a colon in an ordinary cause",
  },
  {
    error: "Error",
    cause: '{"errorType":"Error","errorMessage":"why","trace":[]}',
    words: "Error: why",
    name: "Error",
    why: "Lambda's JSON",
  },
  { error: "Error", cause: "{broken", words: "Error: {broken", name: "Error", why: "no JSON after all" },
  { error: "States.Timeout", cause: "", words: "States.Timeout", name: "States.Timeout", why: "no cause" },
  { error: "Error", cause: "first\nsecond", words: "Error: first", name: "Error", why: "several lines" },
])("$why", ({ error, cause, words, name }) => {
  expect(failureWords(error, cause)).toBe(words);
  expect(failureName(error, cause)).toBe(name);
});
