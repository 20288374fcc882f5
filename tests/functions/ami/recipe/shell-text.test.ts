import { spawnSync } from "node:child_process";
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { commandLine, script, withInput } from "../../../../functions/ami/recipe/shell-text.ts";

function sh(script: string): string {
  return spawnSync("sh", { input: script, encoding: "utf8" }).stdout;
}

test("any words arrive at the command as they are", () => {
  const word = fc.oneof(
    fc.constantFrom("", "a b", "'", "''", "$HOME", "`id`", "\\", "-n", "*", "~", "#", "a\nb", '"'),
    fc.string({ maxLength: 8 }).filter((text) => !text.includes("\0")),
  );
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 20 }), (words) => {
      expect(sh(commandLine("printf", "%s|", ...words))).toBe(words.map((text) => `${text}|`).join(""));
    }),
    { numRuns: 25 },
  );
});

const TEXTS: readonly [string, string][] = [
  ["", "nothing at all"],
  ["\n", "an empty line"],
  ["END\n", "the usual delimiter"],
  ["END\nEND_1\n", "and the next one"],
  ["$HOME `id` \\ 'x' \"y\"\n\tEND\n", "nothing is expanded"],
];

test.each(TEXTS)("%j arrives on standard input as it is", (text) => {
  expect(sh(withInput("cat", text))).toBe(text);
});

test("a text without its last newline is refused, since a here-document would add one", () => {
  expect(() => withInput("cat", "x")).toThrow(RangeError);
});

test("a command in a script reads nothing, not even what follows the script", () => {
  // More than a shell reads ahead, so that there is something left to be eaten.
  const rest = ": padding\n".repeat(20_000);
  expect(sh(`${script("-eu", "", ["cat", "echo done"])}${rest}echo after\n`)).toBe("done\nafter\n");
});
