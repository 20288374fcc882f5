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
  {
    error: "States.Runtime",
    cause: "Path expression '$.pipe' does not point to a value",
    words: `States.Runtime: Path expression '$.pipe' does not point to a value. If it is for you to give: --input '{"pipe": ...}'`,
    name: "States.Runtime",
    why: "input that nobody gave, embedded",
  },
  {
    error: "States.Runtime",
    cause: "The JSONPath '$.pipe' specified for the field 'pipe.$' could not be found in the input '{}'",
    words: `States.Runtime: The JSONPath '$.pipe' specified for the field 'pipe.$' could not be found in the input '{}'. If it is for you to give: --input '{"pipe": ...}'`,
    name: "States.Runtime",
    why: "input that nobody gave, on Step Functions",
  },
  {
    error: "States.Runtime",
    cause: "Path expression '$.claim.rotation' does not point to a value",
    words: "States.Runtime: Path expression '$.claim.rotation' does not point to a value",
    name: "States.Runtime",
    why: "what a state should have left is nobody's input",
  },
])("$why", ({ error, cause, words, name }) => {
  expect(failureWords(error, cause)).toBe(words);
  expect(failureName(error, cause)).toBe(name);
});
