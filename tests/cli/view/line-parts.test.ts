import { expect, test } from "@jest/globals";
import { type LinePart, lineOf } from "../../../cli/view/line-parts.ts";
import { terminal } from "../fixtures/outputs.ts";

test.each<{ why: string; parts: LinePart[]; line: string; colour?: boolean; unicode?: boolean }>([
  { why: "pieces follow one another", parts: ["a ", ["red", "b"]], line: "a b" },
  {
    why: "colours are around their piece alone",
    parts: ["a ", ["red", "b"]],
    colour: true,
    line: "a \u001b[31mb\u001b[0m",
  },
  {
    why: "what does not fit is cut, in the piece where it is",
    parts: ["0123456789", ["red", "0123456789abc"]],
    line: "01234567890123456...",
  },
  {
    why: "a cut within a colour ends the colour",
    parts: [["dim", "x".repeat(30)]],
    colour: true,
    line: `\u001b[2m${"x".repeat(17)}...\u001b[0m`,
  },
  {
    why: "pieces after the cut are gone",
    parts: ["x".repeat(30), ["red", "y"]],
    colour: true,
    line: `${"x".repeat(17)}...`,
  },
  { why: "blanks at the end are none", parts: ["a  ", ["red", "  "], " "], colour: true, line: "a" },
  { why: "only ASCII", parts: ["ü✓🌒"], unicode: false, line: "???" },
  { why: "no control characters", parts: ["a\u001b[2J\nb"], line: "a [2J b" },
  { why: "nothing", parts: [], line: "" },
])("$why", ({ parts, line, colour = false, unicode = true }) => {
  expect(lineOf(terminal({ colour, unicode, columns: () => 21 }), ...parts)).toBe(line);
});
