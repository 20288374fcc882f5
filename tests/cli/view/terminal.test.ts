import { expect, test } from "@jest/globals";
import { cut, terminalOf } from "../../../cli/view/terminal.ts";
import { recorder } from "../fixtures/outputs.ts";

const TTY = { isTTY: true, columns: 120 };

test.each([
  { why: "a terminal", output: TTY, environment: {}, interactive: true },
  { why: "a pipe or a file", output: {}, environment: {}, interactive: false },
  { why: "NO_COLOR asks for plain text", output: TTY, environment: { NO_COLOR: "1" }, interactive: false },
  {
    why: "an empty NO_COLOR asks for nothing (no-color.org)",
    output: TTY,
    environment: { NO_COLOR: "" },
    interactive: true,
  },
  { why: "CI, even with a pseudo-terminal", output: TTY, environment: { CI: "true" }, interactive: false },
  { why: "an editor's shell", output: TTY, environment: { TERM: "dumb" }, interactive: false },
])("$why: in place is $interactive", ({ output, environment, interactive }) => {
  expect(terminalOf(recorder(output), environment)).toMatchObject({ interactive, colour: interactive });
});

test.each([
  { environment: { LANG: "en_US.UTF-8" }, unicode: true, why: "the usual" },
  { environment: { LANG: "C.utf8" }, unicode: true, why: "another spelling" },
  { environment: { LANG: "en_US.UTF-8", LC_ALL: "C" }, unicode: false, why: "LC_ALL wins" },
  { environment: { LANG: "en_US.ISO8859-1" }, unicode: false, why: "another character set" },
  { environment: {}, unicode: false, why: "nothing is known" },
])("characters, $why: $unicode", ({ environment, unicode }) => {
  expect(terminalOf(recorder(), environment).unicode).toBe(unicode);
});

test.each([
  { text: "short", columns: 10, cut_: "short", why: "fits" },
  { text: "exactly10!", columns: 10, cut_: "exactly10!", why: "fits exactly" },
  { text: "eleven char", columns: 10, cut_: "eleven ...", why: "one too many" },
  { text: "a\r\nb\tc", columns: 10, cut_: "a b c", why: "one line stays one line" },
])("cut: $why", ({ text, columns, cut_ }) => {
  expect(cut(text, columns)).toBe(cut_);
});
