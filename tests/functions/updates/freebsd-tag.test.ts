import { constants, createHash, generateKeyPairSync, privateEncrypt } from "node:crypto";
import { describe, expect, it, test } from "@jest/globals";
import fc from "fast-check";
import { readTag, refuseRegression } from "../../../functions/updates/freebsd-tag.ts";

const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const PUB = Buffer.from(publicKey.export({ type: "spki", format: "pem" }));
const PRINT = createHash("sha256").update(PUB).digest("hex");
const INDEX = "ab".repeat(32);
const LINE = `freebsd-update|amd64|14.3-RELEASE|2|${INDEX}|1782864000\n`;

function sign(text: string, key = privateKey): Buffer {
  return privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, Buffer.from(text));
}
function read(text: string, release = "14.3", arch: "amd64" | "arm64" = "amd64") {
  return readTag(sign(text), PUB, PRINT, release, arch);
}

describe("FreeBSD's tag", () => {
  it("says the patch level, the index and the last day", () => {
    expect(read(LINE)).toEqual({ patchLevel: 2, indexHash: INDEX, endOfLife: "2026-06-30" });
  });

  it("of a release without patches says 0", () => {
    expect(read(LINE.replace("|2|", "|0|")).patchLevel).toBe(0);
  });

  it("of ARM is read as well", () => {
    expect(read(LINE.replace("amd64", "arm64"), "14.3", "arm64").patchLevel).toBe(2);
  });

  it("may have fields behind those that are known: freebsd-update's own pattern is not anchored there", () => {
    expect(read(LINE.replace("\n", "|more\n")).endOfLife).toBe("2026-06-30");
  });

  const days: [why: string, seconds: number, day: string][] = [
    [
      "midnight after the last day, as 9.2's mail has it (announced until 2014-12-31)",
      1420070400,
      "2014-12-31",
    ],
    ["a second later is the next day's", 1420070401, "2015-01-01"],
    ["a second before midnight is the day itself", 1420070399, "2014-12-31"],
  ];
  test.each(days)("%s", (_why, seconds, day) => {
    expect(read(LINE.replace("1782864000", String(seconds))).endOfLife).toBe(day);
  });
});

describe("is refused, by name", () => {
  it("with another key, whose print is told", () => {
    const other = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const pub = Buffer.from(other.publicKey.export({ type: "spki", format: "pem" }));
    const call = () => readTag(sign(LINE, other.privateKey), pub, PRINT, "14.3", "amd64");
    expect(call).toThrow(expect.objectContaining({ name: "UntrustedKeyError" }));
    expect(call).toThrow(createHash("sha256").update(pub).digest("hex"));
  });

  it("with the known key in other bytes: the print is of the file", () => {
    const call = () => readTag(sign(LINE), Buffer.concat([PUB, Buffer.from("\n")]), PRINT, "14.3", "amd64");
    expect(call).toThrow(expect.objectContaining({ name: "UntrustedKeyError" }));
  });

  const unsigned: [why: string, latest: Buffer][] = [
    ["signed with another key", sign(LINE, generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey)],
    ["not signed at all", Buffer.from(LINE)],
    ["empty", Buffer.alloc(0)],
    ["cut", sign(LINE).subarray(0, 255)],
    ["a bit turned", Buffer.from(sign(LINE).map((byte, index) => (index === 100 ? byte ^ 1 : byte)))],
    [
      "padded by nothing but zeros",
      privateEncrypt(
        { key: privateKey, padding: constants.RSA_NO_PADDING },
        Buffer.from(LINE.padStart(256, "\0")),
      ),
    ],
    ["far too long", Buffer.alloc(1_000_000, 1)],
  ];
  test.each(unsigned)("BadSignatureError: %s", (_why, latest) => {
    expect(() => readTag(latest, PUB, PRINT, "14.3", "amd64")).toThrow(
      expect.objectContaining({ name: "BadSignatureError" }),
    );
  });

  const unreadable: [why: string, text: string, says: RegExp][] = [
    ["no line's end", LINE.trimEnd(), /not one line/],
    ["two lines", LINE + LINE, /not one line/],
    ["an empty line behind", `${LINE}\n`, /not one line/],
    ["half a line behind", `${LINE}x`, /not one line/],
    ["an empty line before", `\n${LINE}`, /not one line/],
    ["nothing", "", /not one line/],
    ["another release", LINE.replace("14.3", "14.4"), /is of 14\.4-RELEASE for amd64, not of 14\.3-RELEASE/],
    ["a release whose name begins alike", LINE.replace("14.3", "14.30"), /is of 14\.30-RELEASE/],
    ["another branch", LINE.replace("RELEASE", "BETA3"), /is of 14\.3-BETA3/],
    ["another architecture", LINE.replace("amd64", "arm64"), /for arm64/],
    ["another program's", LINE.replace("freebsd-update", "portsnap"), /does not say what a tag says/],
    ["a patch level below 0", LINE.replace("|2|", "|-2|"), /does not say/],
    ["a patch level that no release ever had", LINE.replace("|2|", "|99999|"), /does not say/],
    ["no patch level", LINE.replace("|2|", "||"), /does not say/],
    ["a short hash", LINE.replace(INDEX, "ab"), /does not say/],
    ["a hash in capitals", LINE.replace(INDEX, "AB".repeat(32)), /does not say/],
    ["an end of eleven digits", LINE.replace("1782864000", "17828640000"), /does not say/],
    ["something before", ` ${LINE}`, /does not say/],
  ];
  test.each(unreadable)("TagUnreadableError: %s", (_why, text, says) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ name: "TagUnreadableError" }));
    expect(() => read(text)).toThrow(says);
  });

  it("whatever is signed: a tag or one of these errors", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200, unit: "grapheme-ascii" }), (text) => {
        expect(() => read(text)).toThrow(expect.objectContaining({ name: "TagUnreadableError" }));
      }),
    );
  });
});

describe("patch levels only grow", () => {
  test.each([
    [2, 2],
    [2, 3],
    [0, 0],
    [9, 10],
  ])("%d, then %d", (before, now) => {
    expect(() => refuseRegression({ patchLevel: before }, { patchLevel: now })).not.toThrow();
  });

  test.each([
    [3, 2],
    [10, 9],
    [1, 0],
  ])("%d, then %d is refused", (before, now) => {
    expect(() => refuseRegression({ patchLevel: before }, { patchLevel: now })).toThrow(
      expect.objectContaining({
        name: "TagRegressionError",
        message: `FreeBSD's server says patch level ${now}, and it said ${before} before`,
      }),
    );
  });
});
