import { describe, expect, it } from "@jest/globals";
import { readSources } from "./source-files.ts";

/** Lines above which a file holds more than one idea, unless it is listed below with the reason why not. */
const LIMIT = 250;

const LONGER: Record<string, string> = {};

const SOURCES = readSources("functions", "layers", "infra", "cli", "local");

describe("sizes of files", () => {
  it(`none has more than ${LIMIT} lines`, () => {
    const long = SOURCES.filter(({ lines }) => lines.length > LIMIT);
    expect(long.map(({ file, lines }) => `${file}: ${lines.length} lines`)).toEqual(
      Object.keys(LONGER).map((file) => expect.stringMatching(`^${file}: `)),
    );
  });

  it("half of them fit on one screen", () => {
    const sizes = SOURCES.map(({ lines }) => lines.length).sort((a, b) => a - b);
    expect(sizes[Math.floor(sizes.length / 2)]).toBeLessThanOrEqual(100);
  });

  it("a handler is thin: parse, build once, run one use case", () => {
    const handlers = SOURCES.filter(({ file }) => file.includes("/handlers/"));
    const thick = handlers.filter(({ lines }) => lines.length > 50);
    expect(thick.map(({ file, lines }) => `${file}: ${lines.length} lines`)).toEqual([]);
  });

  // Operations of the rehearsal cloud have AWS's names and AWS's documentation.
  it("every exported function and class says what it is", () => {
    const ours = SOURCES.filter(({ file }) => !file.endsWith(".d.ts") && !file.startsWith("local/cloud/"));
    const silent = ours.flatMap(({ file, lines }) =>
      lines.flatMap((line, index) => {
        const isExport = /^export (async )?(function|class|abstract class) /.test(line);
        return isExport && !/^\s*\*\/|\*\/$/.test(lines[index - 1] ?? "")
          ? [`${file}:${index + 1}: ${line}`]
          : [];
      }),
    );
    expect(silent).toEqual([]);
  });
});
