import { describe, expect, test } from "@jest/globals";
import { WAITS, waitAgain } from "../../../functions/ami/wait-policy.ts";
import { NOW } from "./fakes/sample-build.ts";

const POLICY = { what: "the kettle", intervalSeconds: 30, attempts: 3 };
const FAR = "2026-11-22T06:00:00Z";

describe("a wait that goes on", () => {
  const rows: [why: string, attempt: number, deadlineAt: string, next: number][] = [
    ["the first look", 0, FAR, 1],
    ["the last look but one", 2, FAR, 3],
    ["the next look falls on the deadline itself", 0, "2026-11-22T05:00:30Z", 1],
  ];
  test.each(rows)("%s", (_why, attempt, deadlineAt, next) => {
    expect(waitAgain(POLICY, attempt, NOW, deadlineAt)).toEqual({ attempt: next, seconds: 30 });
  });
});

describe("a wait that is given up, by name", () => {
  const rows: [why: string, attempt: number, deadlineAt: string, message: RegExp][] = [
    ["all looks were taken", 3, FAR, /gave up waiting for the kettle after 3 looks/],
    [
      "the next look would be past the deadline",
      0,
      "2026-11-22T05:00:29Z",
      /deadline \(2026-11-22T05:00:29Z\) passed.*the kettle/,
    ],
    ["the deadline has passed already", 0, "2026-11-22T04:00:00Z", /deadline/],
  ];
  test.each(rows)("%s", (_why, attempt, deadlineAt, message) => {
    const given = () => waitAgain(POLICY, attempt, NOW, deadlineAt);
    expect(given).toThrow(expect.objectContaining({ name: "WaitedTooLongError" }));
    expect(given).toThrow(message);
  });
});

describe("every policy", () => {
  test.each(Object.entries(WAITS))("%s is bounded: looks, and three hours at most", (_name, policy) => {
    expect(policy.attempts * policy.intervalSeconds).toBeLessThanOrEqual(3 * 3600);
    expect(policy.intervalSeconds).toBeGreaterThanOrEqual(15); // describes are throttled per account
  });

  test("a boot may take the article's twenty minutes and more", () => {
    expect(WAITS.boot.attempts * WAITS.boot.intervalSeconds).toBeGreaterThanOrEqual(25 * 60);
  });
});
