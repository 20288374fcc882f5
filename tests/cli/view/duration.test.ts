import { expect, test } from "@jest/globals";
import { delay, elapsed, lasting, simulated } from "../../../cli/view/duration.ts";

test.each([
  { seconds: 0, real: "0.0 s", run: "0 s", why: "nothing" },
  { seconds: 8.04, real: "8.0 s", run: "8 s", why: "tenths matter only in real time" },
  { seconds: 59.94, real: "59.9 s", run: "1 min", why: "just below a minute" },
  { seconds: 59.96, real: "1 min", run: "1 min", why: "never 60.0 s" },
  { seconds: 250, real: "4 min 10 s", run: "4 min 10 s", why: "two units" },
  { seconds: 3599.6, real: "1 h", run: "1 h", why: "never 60 min" },
  { seconds: 7530, real: "2 h 6 min", run: "2 h 6 min", why: "seconds no longer matter" },
])("$seconds s: $why", ({ seconds, real, run }) => {
  expect(elapsed(seconds)).toBe(real);
  expect(simulated(seconds)).toBe(run);
});

test("a delay is told as the state machine counts it", () => {
  expect([2, 0.5, 90].map(delay)).toEqual(["2 s", "0.5 s", "90 s"]);
});

test.each([
  [0, "0 s"],
  [-5000, "0 s"],
  [59_999, "59 s"],
  [60_000, "1 min"],
  [3_599_999, "59 min"],
  [7_500_000, "2 h 5 min"],
  [86_400_000, "1 d"],
  [1_220_400_000, "14 d 3 h"],
])("%d ms have lasted %s", (milliseconds, text) => {
  expect(lasting(milliseconds)).toBe(text);
});
