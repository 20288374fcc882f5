import { describe, expect, test } from "@jest/globals";
import { readReport } from "../../../functions/tunnels/host-report.ts";

const F = "0123456789abcdef0123456789abcdef";

test("a whole report is read, whatever ends its lines", () => {
  const read = {
    first: { fingerprint: F, isRunning: true },
    second: { fingerprint: undefined, isRunning: false },
  };
  expect(readReport(`nightshift-pipes 1\nfirst ${F} running\nsecond none stopped\nend\n`)).toEqual(read);
  expect(readReport(`nightshift-pipes 1\r\nfirst ${F} running\r\nsecond none stopped\r\nend\r\n`)).toEqual(
    read,
  );
});

describe("anything else is none", () => {
  test.each([
    ["nothing", ""],
    ["another version", `nightshift-pipes 2\nfirst ${F} running\nsecond none stopped\nend`],
    ["cut off before its end", `nightshift-pipes 1\nfirst ${F} running\nsecond none stopped\n`],
    ["a line too many", `nightshift-pipes 1\nfirst ${F} running\nsecond none stopped\nend\nend`],
    ["doors in another order", `nightshift-pipes 1\nsecond ${F} running\nfirst none stopped\nend`],
    ["a fingerprint that is short", "nightshift-pipes 1\nfirst 01234 running\nsecond none stopped\nend"],
    [
      "a whole SHA-256, which might be the key",
      `nightshift-pipes 1\nfirst ${F}${F} running\nsecond none stopped\nend`,
    ],
    ["an unknown state", `nightshift-pipes 1\nfirst ${F} resting\nsecond none stopped\nend`],
    ["a word too many", `nightshift-pipes 1\nfirst ${F} running x\nsecond none stopped\nend`],
    ["controls", "nightshift-updates 9\n\u001b[31m\u0000"],
  ])("%s", (_what, text) => {
    expect(() => readReport(text)).toThrow(
      expect.objectContaining({
        name: "UnreadableReportError",
        message: expect.not.stringContaining("\u001b"),
      }),
    );
  });
});
