import { gzipSync } from "node:zlib";
import { describe, expect, it } from "@jest/globals";
import { type Manifest, parseManifest } from "../../../../functions/billing/usage/manifest.ts";
import { readLines, requireChecksum } from "../../../../functions/billing/usage/read-part.ts";
import { formatUsageLine, parseUsageLine } from "../../../../functions/billing/usage/usage-line.ts";
import { formatManifest, packPart } from "../../../../local/usage/usage-writer.ts";

const LINE = { account: "a1", storedBytes: "1000", bytesIn: "0", bytesOut: "5" };
const LINES = [
  { account: "a1", storedBytes: 1000n, bytesIn: 0n, bytesOut: 5n },
  { account: "a2", storedBytes: 10n ** 15n, bytesIn: 1n, bytesOut: 0n },
];

describe("a line", () => {
  it.each([
    ["members in another order", '{"bytesOut":"5","bytesIn":"0","storedBytes":"1000","account":"a1"}'],
    ["white space", '  { "account" : "a1", "storedBytes":"1000",\t"bytesIn":"0", "bytesOut":"5" } \r'],
  ])("may have %s", (_, line) => {
    expect(parseUsageLine(line, 1)).toEqual(LINES[0]);
  });

  it("may be as large as 10^18 and as long as 64", () => {
    const line = { account: "._@+-".padEnd(64, "Z"), storedBytes: "1000000000000000000", bytesIn: "0" };
    const read = parseUsageLine(JSON.stringify({ ...line, bytesOut: "0" }), 1);
    expect(read).toEqual({ account: line.account, storedBytes: 10n ** 18n, bytesIn: 0n, bytesOut: 0n });
  });

  it("is an account and three counts", () => {
    expect(parseUsageLine(JSON.stringify(LINE), 1)).toEqual(LINES[0]);
  });

  it.each<[string, object | string, string]>([
    ["not JSON", "{", "not JSON"],
    ["an account with a space", { ...LINE, account: "a b" }, "account"],
    ["an account with an umlaut", { ...LINE, account: "ü" }, "account"],
    ["two accounts", JSON.stringify(LINE).replace("{", '{"account":"a2",'), "a member stands there twice"],
    ["two counts", JSON.stringify(LINE).replace("}", ',"bytesIn":"7"}'), "a member stands there twice"],
    ["two lines in one", JSON.stringify(LINE).repeat(2), "not JSON"],
    ["a byte order mark", `\uFEFF${JSON.stringify(LINE)}`, "not JSON"],
    ["a plus", { ...LINE, bytesIn: "+1" }, "bytesIn"],
    ["no digits", { ...LINE, bytesIn: "" }, "bytesIn"],
    ["a line feed after the digits", { ...LINE, bytesIn: "1\n" }, "bytesIn"],
    ["a number that nobody should write out", { ...LINE, bytesIn: "9".repeat(100_000) }, "bytesIn"],
    ["an empty account", { ...LINE, account: "" }, "account"],
    ["an account of 65 letters", { ...LINE, account: "a".repeat(65) }, "account"],
    ["an account with a slash", { ...LINE, account: "a/b" }, "account"],
    ["a number: beyond 2^53 it would lie", { ...LINE, storedBytes: 1000 }, "storedBytes"],
    ["a fraction", { ...LINE, storedBytes: "1.5" }, "storedBytes"],
    ["a negative count", { ...LINE, bytesIn: "-1" }, "bytesIn"],
    ["a leading zero", { ...LINE, bytesIn: "01" }, "bytesIn"],
    ["an exponent", { ...LINE, bytesOut: "1e3" }, "bytesOut"],
    ["over 10^18", { ...LINE, bytesOut: "1000000000000000001" }, "bytesOut"],
    ["one missing", { account: "a1", storedBytes: "1", bytesIn: "0" }, "bytesOut"],
    ["one too many", { ...LINE, note: "x" }, "note"],
    ["a list", [], "line 7"],
  ])("is refused for %s", (_, line, place) => {
    const text = typeof line === "string" ? line : JSON.stringify(line);
    const read = () => parseUsageLine(text, 7);
    expect(read).toThrow(expect.objectContaining({ name: "CorruptPartError" }));
    expect(read).toThrow("line 7");
    expect(read).toThrow(place);
  });
});

describe("a part", () => {
  const { packed, entry } = packPart(0, LINES);
  const text = LINES.map((line) => `${formatUsageLine(line)}\n`).join("");

  it("is read when checksum, count and sums are the manifest's", () => {
    requireChecksum(packed, entry);
    expect(readLines(text, entry)).toEqual(LINES);
  });

  it("is refused when a single bit is another one", () => {
    const flipped = Buffer.from(packed);
    flipped.writeUInt8((flipped.at(12) ?? 0) ^ 1, 12);
    expect(() => requireChecksum(flipped, entry)).toThrow(
      /part-00000.jsonl.gz: SHA-256 is [0-9a-f]{64}, the/,
    );
    expect(() => requireChecksum(packed.subarray(0, -1), entry)).toThrow("SHA-256");
    expect(() =>
      requireChecksum(gzipSync(text, { level: 1 }), { ...entry, sha256: "0".repeat(64) }),
    ).toThrow();
  });

  it.each([
    ["a line too few", text.split("\n").slice(1).join("\n"), "1 lines, the manifest says 2"],
    ["a line too many", `${text}${text.split("\n")[0]}\n`, "3 lines"],
    ["an account twice", text.replace("a2", "a1"), "account a1 stands there twice"],
    ["another sum", text.replace('"5"', '"6"'), "bytesOut sum to 6, the manifest says 5"],
    ["a cut last line", text.slice(0, -1), "the last line has no end"],
    ["a line that is none", text.replace('"a2"', '"a 2"'), "line 2: account"],
    ["an empty line", `\n${text}`, "line 1: not JSON"],
    ["nothing in it", "", "the last line has no end"],
    ["Windows' empty last line", `${text}\r\n`, "line 3: not JSON"],
  ])("is refused with %s", (_, changed, reason) => {
    const read = () => readLines(changed, entry);
    expect(read).toThrow(expect.objectContaining({ name: "CorruptPartError" }));
    expect(read).toThrow(reason);
  });
});

describe("a manifest", () => {
  const { entry } = packPart(0, LINES);
  const { key: _, sha256: __, ...sums } = entry;
  const manifest: Manifest = { version: 1, day: "2026-11-22", ...sums, parts: [entry] };

  it("is read as it was written", () => {
    expect(parseManifest(formatManifest(manifest), "2026-11-22")).toEqual(manifest);
  });

  it.each<[string, object, string]>([
    ["another version", { version: 2 }, "version"],
    ["another day than that of its folder", { day: "2026-11-21" }, "it is about 2026-11-21"],
    ["no day", { day: "2026-02-30" }, "day"],
    ["another count", { accounts: 3 }, "accounts is 3, its parts make 2"],
    ["another sum", { storedBytes: 1n }, "storedBytes is 1, its parts make"],
    ["another sum of bytes in", { bytesIn: 0n }, "bytesIn is 0, its parts make 1"],
    ["another sum of bytes out", { bytesOut: 6n }, "bytesOut is 6, its parts make 5"],
    ["a sum that is a number", { storedBytes: 5 }, "storedBytes"],
    ["half an account", { accounts: 1.5 }, "accounts"],
    ["parts that are none", { parts: "part-00000.jsonl.gz" }, "parts"],
    ["a part without accounts", { parts: [{ ...entry, accounts: 0 }] }, "accounts"],
    ["a part with too many", { parts: [{ ...entry, accounts: 100_001 }] }, "accounts"],
    ["a negative sum of a part", { parts: [{ ...entry, bytesIn: -1n }] }, "bytesIn"],
    ["another kind of part", { parts: [{ ...entry, key: "part-00000.jsonl" }] }, "key"],
    ["a part's own colour", { parts: [{ ...entry, colour: "red" }] }, "colour"],
    ["a part twice", { parts: [entry, entry] }, "a part twice"],
    ["a part elsewhere", { parts: [{ ...entry, key: "../part-00000.jsonl.gz" }] }, "key"],
    ["a checksum that is none", { parts: [{ ...entry, sha256: "x" }] }, "sha256"],
    ["too many parts", { parts: Array.from({ length: 201 }, () => entry) }, "<=200 items"],
    ["what nobody knows", { colour: "red" }, "colour"],
  ])("is refused with %s", (_, change, reason) => {
    const read = () => parseManifest(formatManifest({ ...manifest, ...change }), "2026-11-22");
    expect(read).toThrow(expect.objectContaining({ name: "UsageManifestError" }));
    expect(read).toThrow(reason);
  });

  it("is refused when it is cut short", () => {
    expect(() => parseManifest(formatManifest(manifest).slice(0, -9), "2026-11-22")).toThrow(
      "manifest of 2026-11-22: not JSON, or cut short",
    );
  });
});
