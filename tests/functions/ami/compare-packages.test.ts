import { describe, expect, test } from "@jest/globals";
import { comparePackages } from "../../../functions/ami/compare-packages.ts";

/** `pkg-2.3 qmail-1.03_8` as pkg(8) writes it. */
function read(packages: string) {
  return packages
    .split(" ")
    .filter(Boolean)
    .map((text) => {
      const dash = text.lastIndexOf("-");
      return { name: text.slice(0, dash), version: text.slice(dash + 1) };
    });
}

const rows: [why: string, before: string, after: string, said: string][] = [
  ["nothing at all", "", "", ""],
  ["the same packages", "pkg-2.3 qmail-1.03_8", "pkg-2.3 qmail-1.03_8", ""],
  ["the same, listed in another order", "qmail-1.03_8 pkg-2.3", "pkg-2.3 qmail-1.03_8", ""],
  ["a new one", "pkg-2.3", "pkg-2.3 tarsnap-1.0.41", "+tarsnap 1.0.41"],
  ["one that went", "pkg-2.3 tarsnap-1.0.41", "pkg-2.3", "-tarsnap 1.0.41"],
  ["an upgrade", "pkg-2.3", "pkg-2.4", "pkg 2.3>2.4"],
  ["a downgrade is a change like another", "pkg-2.4", "pkg-2.3", "pkg 2.4>2.3"],
  ["a port revision", "qmail-1.03_8", "qmail-1.03_9", "qmail 1.03_8>1.03_9"],
  [
    "a renamed package is one gone and one new",
    "py311-yaml-6.0",
    "py312-yaml-6.0",
    "+py312-yaml 6.0 -py311-yaml 6.0",
  ],
  ["a name that JavaScript's objects know", "constructor-1", "constructor-2", "constructor 1>2"],
  ["everything at once, by name", "c-1 b-1 x-1", "z-1 b-2 a-1 c-2", "b 1>2 c 1>2 +a 1 +z 1 -x 1"],
];

describe("what changed between two images", () => {
  test.each(rows)("%s", (_why, before, after, said) => {
    const { added, removed, changed } = comparePackages(read(before), read(after));
    const words = [
      ...changed.map(({ name, from, to }) => `${name} ${from}>${to}`),
      ...added.map(({ name, version }) => `+${name} ${version}`),
      ...removed.map(({ name, version }) => `-${name} ${version}`),
    ];
    expect(words.join(" ")).toBe(said);
  });
});
