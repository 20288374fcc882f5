import { describe, expect, test } from "@jest/globals";
import { reasonOf } from "#platform";

describe("one line of reason", () => {
  const rows: [why: string, failure: { Error?: string; Cause?: string }, reason: string][] = [
    [
      "Lambda's own form",
      {
        Error: "BuildRefusedError",
        Cause: '{"errorType":"BuildRefusedError","errorMessage":"no quota","trace":["x"]}',
      },
      "BuildRefusedError: no quota",
    ],
    [
      "plain text, as of States.Timeout",
      { Error: "States.Timeout", Cause: "too slow" },
      "States.Timeout: too slow",
    ],
    ["no cause", { Error: "States.Timeout" }, "States.Timeout"],
    ["no error", { Cause: "too slow" }, "too slow"],
    ["nothing", {}, "unknown"],
    [
      "several lines become one, so that no mail header can follow",
      { Error: "E", Cause: "a\r\nBcc: x@y\n\tb" },
      "E: a Bcc: x@y b",
    ],
    ["JSON of another form stays as it is", { Error: "E", Cause: '{"a":1}' }, 'E: {"a":1}'],
    ["JSON that is no object", { Error: "E", Cause: "null" }, "E: null"],
    ["JSON that was cut short", { Error: "E", Cause: '{"errorMessage":"x' }, 'E: {"errorMessage":"x'],
    ["a message that is no text", { Error: "E", Cause: '{"errorMessage":7}' }, "E: 7"],
  ];
  test.each(rows)("%s", (_why, failure, reason) => {
    expect(reasonOf(failure)).toBe(reason);
  });

  test("a log of a megabyte is cut: a mail must stay readable, a state small", () => {
    expect(reasonOf({ Error: "E", Cause: "x".repeat(1_000_000) }).length).toBe(1000);
  });
});
