import { expect, test } from "@jest/globals";
import { LiveScreen } from "../../../cli/view/live-screen.ts";
import { screen } from "../fixtures/outputs.ts";

/** What a terminal of so many rows shows after each of the texts. */
function drawn(rows: number, ...texts: string[]): string[] {
  const writes: string[] = ["before\n"];
  const live = new LiveScreen(
    (text) => writes.push(text),
    () => rows,
  );
  for (const text of texts) live.draw(text);
  return screen(writes);
}

test.each<[number, string[], string[], string]>([
  [24, ["a\nb\n"], ["before", "a", "b", ""], "below what was there before"],
  [24, ["a\nb\nc\n", "d\n"], ["before", "d", ""], "a shorter one leaves nothing of the longer"],
  [24, ["a\n", "b\nc\n", "d\ne\n"], ["before", "d", "e", ""], "each takes the place of the one before"],
  [5, ["a\nb\nc\nd\n"], ["before", "a", "b", "c", "d", ""], "as many lines as fit beside the cursor's"],
  [5, ["a\nb\nc\nd\ne\nf\n"], ["before", "a", "...", "e", "f", ""], "the heading, and the end"],
  [5, ["a\nb\nc\nd\ne\nf\n", "x\n"], ["before", "x", ""], "and that is what is erased"],
  [1, ["a\nb\nc\nd\n"], ["before", "a", "...", "d", ""], "no window is as low as that"],
])("%i rows, %j", (rows, texts, shown) => {
  expect(drawn(rows, ...texts)).toEqual(shown);
});

test("the cursor is hidden once and given back once", () => {
  const writes: string[] = [];
  const live = new LiveScreen(
    (text) => writes.push(text),
    () => 24,
  );
  live.close(); // nothing was taken
  for (const text of ["a\n", "b\n"]) live.draw(text);
  live.close();
  live.close();
  const controls = writes
    .join("")
    .split("\u001b")
    .filter((text) => text.startsWith("[?25"));
  expect(controls.map((text) => text.slice(0, 5))).toEqual(["[?25l", "[?25h"]);
});
