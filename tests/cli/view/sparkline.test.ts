import { describe, expect, test } from "@jest/globals";
import { type SparkSource, sparkline } from "../../../cli/view/sparkline.ts";

/** Sparks as text; of the minutes 0 to 59 of the hour under way unless something else is said. */
function sparks(change: Partial<SparkSource>): string {
  const source = {
    previous: "",
    current: "",
    minute: 59,
    everyMinutes: 1,
    width: 60,
    unicode: true,
    ...change,
  };
  return sparkline(source)
    .map(({ text }) => text)
    .join("");
}

const words = (minutes: number, word: (minute: number) => string) =>
  Array.from({ length: minutes }, (_, minute) => `${minute}${word(minute)}`).join(" ");

describe("a sparkline", () => {
  test("is flat where nothing changes, whatever the height of it", () => {
    for (const usual of [1, 44, 9000])
      expect(sparks({ current: words(60, () => `g${usual}`) })).toBe("▃".repeat(60));
  });

  test.each([
    [11, "▁", "never lower than the lowest"],
    [20, "▁", "half as long is two lower"],
    [28, "▂", "a third less"],
    [40, "▃", "as usual"],
    [57, "▄", "half as long again"],
    [80, "▅", "twice as long"],
    [160, "▇", "four times as long"],
    [9000, "█", "never higher than the highest"],
  ])("%d ms, where 40 are usual, are %s: %s", (milliseconds, text) => {
    const current = words(60, (minute) => (minute === 59 ? `g${milliseconds}` : "g40"));
    expect(sparks({ current }).at(-1)).toBe(text);
  });

  test("shows of some minutes the worst: a failure before one that does not count, that before a slow answer", () => {
    const current = "0g40 1f3 2F3 3F3 4g40 5g40 6g40 7g80 8g40 9t9";
    expect(sparks({ current, width: 20 }).slice(0, 4)).toBe("×~▅×");
    expect(sparks({ current, width: 20, unicode: false }).slice(0, 4)).toBe("x~=x");
  });

  test("ends with the minute of the last run, and begins in the hour before", () => {
    const line = sparks({
      previous: words(60, (minute) => (minute < 10 ? "f1" : "g40")),
      current: "0g40 1f1",
      minute: 1,
    });
    expect(line).toBe(`${"×".repeat(8)}${"▃".repeat(51)}×`);
  });

  test("is blank where nothing was measured, and holds a result until the next is due", () => {
    expect(sparks({ current: "10g40" })).toBe(`${" ".repeat(10)}▃${" ".repeat(49)}`);
    expect(sparks({ current: "0g40 30f1", everyMinutes: 15, width: 12 })).toBe("▃▃▃   ×××   ");
  });

  test("of heartbeats, which take no time, is flat", () => {
    expect(sparks({ current: words(60, () => "g0") })).toBe("▃".repeat(60));
  });

  test("of nothing is blank", () => {
    expect(sparks({})).toBe(" ".repeat(60));
  });
});
