import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  addResult,
  decodeResults,
  encodeResults,
  MalformedResultsError,
  type RunResult,
  summarise,
} from "../../../functions/monitor/results.ts";

const result = (minute: number, verdict: RunResult["verdict"], milliseconds: number, isExcused = false) => ({
  minute,
  verdict,
  milliseconds,
  isExcused,
});

const anyResult = fc.record({
  minute: fc.integer({ min: 0, max: 59 }),
  verdict: fc.constantFrom<RunResult["verdict"]>("GOOD", "FAILED", "TIMED OUT"),
  milliseconds: fc.integer({ min: 0, max: 60_000 }),
  isExcused: fc.boolean(),
});

describe("an hour's words", () => {
  it.each([
    { words: "", results: [], why: "an hour without results" },
    { words: "0g45", results: [result(0, "GOOD", 45)], why: "one result" },
    {
      words: "0g45 1g44 2f3 59t10000",
      results: [
        result(0, "GOOD", 45),
        result(1, "GOOD", 44),
        result(2, "FAILED", 3),
        result(59, "TIMED OUT", 10_000),
      ],
      why: "every verdict, in order",
    },
    {
      words: "0G0 10F3 2T10000",
      results: [
        result(0, "GOOD", 0, true),
        result(10, "FAILED", 3, true),
        result(2, "TIMED OUT", 10_000, true),
      ],
      why: "capitals are excused, and the order is that of the words",
    },
  ])("$why: $words", ({ words, results }) => {
    expect(decodeResults(words)).toEqual(results);
    expect(encodeResults(results)).toBe(words);
  });

  it("say what was put into them", () => {
    fc.assert(
      fc.property(fc.array(anyResult), (results) => {
        expect(decodeResults(encodeResults(results))).toEqual(results);
      }),
    );
  });

  it.each([
    { milliseconds: 44.6, word: "1g45", why: "rounded" },
    { milliseconds: -3, word: "1g0", why: "a clock that was set back measures no time" },
  ])("$why: $milliseconds ms is $word", ({ milliseconds, word }) => {
    expect(encodeResults([result(1, "GOOD", milliseconds)])).toBe(word);
  });

  it.each([
    ["60g1", "no such minute"],
    ["01g1", "a minute written in another way"],
    ["0x1", "no such verdict"],
    ["0g", "no time"],
    ["0g-1", "a negative time"],
    ["0g1.5", "half a millisecond"],
    ["0g1  1g1", "two spaces"],
    [" 0g1", "a space before"],
    ["0g1\n", "a line break"],
    ["0g1234567890", "a time that no run can take"],
    ["constructor", "a word that every object knows"],
  ])("%j is refused: %s", (words) => {
    expect(() => decodeResults(words)).toThrow(MalformedResultsError);
    expect(() => summarise(words)).toThrow(MalformedResultsError);
  });
});

describe("one more result", () => {
  it.each([
    { before: undefined, after: "7g5", why: "the check's first" },
    { before: "6f1", after: "6f1 7g5", why: "the next" },
    { before: "6f1 7t10000", after: "6f1 7g5", why: "the same minute again: the later one holds" },
  ])("$why", ({ before, after }) => {
    const results = before === undefined ? { other: "1g1" } : { other: "1g1", web: before };
    expect(addResult(results, "web", result(7, "GOOD", 5))).toEqual({ other: "1g1", web: after });
  });
});

it("a check may have the name of something that every object knows", () => {
  expect(addResult({}, "constructor", result(0, "GOOD", 1))).toEqual({ constructor: "0g1" });
});

describe("what is kept of an hour", () => {
  const NOTHING = {
    runs: 0,
    failed: 0,
    timedOut: 0,
    excused: 0,
    totalMilliseconds: 0,
    slowestMilliseconds: 0,
  };
  it.each([
    { words: "", kept: NOTHING, why: "nothing of nothing" },
    {
      words: "0g45 1g55 2f3 3t10000",
      kept: {
        runs: 4,
        failed: 1,
        timedOut: 1,
        excused: 0,
        totalMilliseconds: 100,
        slowestMilliseconds: 55,
      },
      why: "times of the good ones only: a refusal is quick and a time-out is the limit",
    },
    {
      words: "0g10 1G9000 2F3 3T10000",
      kept: { ...NOTHING, runs: 1, excused: 3, totalMilliseconds: 10, slowestMilliseconds: 10 },
      why: "excused ones count nowhere else, good ones neither",
    },
    {
      words: "0f5 1t9",
      kept: { ...NOTHING, runs: 2, failed: 1, timedOut: 1 },
      why: "no time of no good one",
    },
    { words: "0g0 5g0", kept: { ...NOTHING, runs: 2 }, why: "a heartbeat takes no time" },
  ])("$why: $words", ({ words, kept }) => {
    expect(summarise(words)).toEqual(kept);
  });

  it("counts every result exactly once", () => {
    fc.assert(
      fc.property(fc.array(anyResult), (results) => {
        const { runs, excused, failed, timedOut } = summarise(encodeResults(results));
        expect(runs + excused).toBe(results.length);
        expect(failed + timedOut).toBeLessThanOrEqual(runs);
      }),
    );
  });
});
