import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { loadMilliseconds, median } from "../../bench/load-time.ts";

describe("the median", () => {
  it.each([
    ["of one is that one", [7], 7],
    ["of three is the middle one, in whatever order they came", [9, 1, 5], 5],
    ["sorts by number, not by text", [10, 9, 100], 10],
    ["is not moved by one bad measurement", [4, 5, 6, 5, 900], 5],
    ["of an even number is the upper of the two", [1, 2, 3, 4], 3],
    ["of none is no number", [], Number.NaN],
  ])("%s", (_, values, expected) => {
    expect(median(values)).toBe(expected);
  });
});

describe("the time to load", () => {
  let folder: string;
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "nightshift-load-"));
    mkdirSync(join(folder, "layer"));
    file(
      "layer/platform.cjs",
      "exports.wait = () => { const end = Date.now() + 80; while (Date.now() < end); };",
    );
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("is that of each file, with what it requires of the layer", () => {
    const slow = file("slow.cjs", 'require("/opt/nodejs/platform.cjs").wait();');
    const files = [file("quick.cjs", ""), slow];
    const [quickTime = Number.NaN, slowTime = Number.NaN] = loadMilliseconds(files, join(folder, "layer"), 1);
    expect(slowTime).toBeGreaterThanOrEqual(79);
    expect(quickTime).toBeLessThan(slowTime);
  });

  it("is measured in a new process each time, so that nothing is loaded already", () => {
    const seen = join(folder, "seen");
    const text = `require("fs").appendFileSync(${JSON.stringify(seen)}, process.pid + "\\n");`;
    loadMilliseconds([file("noting.cjs", text)], join(folder, "layer"), 3);
    expect(new Set(readFileSync(seen, "utf8").trim().split("\n")).size).toBe(3);
  });

  it("of what cannot be loaded is an error, not a figure", () => {
    const broken = file("broken.cjs", "throw new Error('broken bundle');");
    expect(() => loadMilliseconds([broken], join(folder, "layer"), 1)).toThrow("broken bundle");
  });
});
