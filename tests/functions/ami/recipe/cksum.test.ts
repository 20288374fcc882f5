import { spawnSync } from "node:child_process";
import { expect, test } from "@jest/globals";
import { cksum } from "../../../../functions/ami/recipe/cksum.ts";

const TEXTS: readonly [string, string][] = [
  ["", "nothing"],
  ["\n", "one byte"],
  ["123456789", "the customary example"],
  ["x".repeat(255), "length in one byte"],
  ["x".repeat(256), "length in two bytes"],
  ["naïve – ☂\n", "UTF-8, with the highest bits set"],
];

test.each(TEXTS)("%j is summed as cksum(1) does", (text) => {
  expect(`${cksum(text)}\n`).toBe(spawnSync("cksum", { input: text, encoding: "utf8" }).stdout);
});
