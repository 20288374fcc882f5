import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { cutToSeptets, segmentsOf, septetsOf, toGsm7 } from "../../../../functions/monitor/telling/gsm7.ts";

describe("septets", () => {
  it.each<[why: string, text: string, septets: number | undefined]>([
    ["nothing", "", 0],
    ["letters and digits", "ALARM 12", 8],
    ["accents that the alphabet has", "èéùìòÇØøÅåÆæßÉÄÖÑÜäöñüà", 23],
    ["Greek capitals that it has", "ΔΦΓΛΩΠΨΣΘΞ", 10],
    ["signs that it has, unlike ASCII", "£¥§¿¡¤@$_", 9],
    ["a line feed and a carriage return", "a\nb\r", 4],
    ["the extension table: two each", "^{}\\[~]|€\f", 20],
    ["a reference, whose brackets are dear", "[12.3]", 8],
    ["a small c with cedilla, of which it has only the capital", "ç", undefined],
    ["a Greek capital that it lacks, since Latin has it", "\u0391", undefined],
    ["a backtick", "`", undefined],
    ["a tab", "\t", undefined],
    ["a curly quote", "\u2019", undefined],
    ["an emoji", "\u{1F525}", undefined],
  ])("%s", (_why, text, septets) => {
    expect(septetsOf(text)).toBe(septets);
  });

  it("the table has 127 characters and the escape, the extension 10 (3GPP TS 23.038)", () => {
    const all = Array.from({ length: 0xffff }, (_, code) => String.fromCharCode(code));
    expect(all.filter((one) => septetsOf(one) === 1)).toHaveLength(127);
    expect(all.filter((one) => septetsOf(one) === 2)).toHaveLength(10);
  });
});

describe("segments", () => {
  it.each<[why: string, text: string, segments: number]>([
    ["an empty text is sent as well", "", 1],
    ["160 septets", "a".repeat(160), 1],
    ["161", "a".repeat(161), 2],
    ["306, since each of several has a header", "a".repeat(306), 2],
    ["307", "a".repeat(307), 3],
    ["80 of two septets", "[".repeat(80), 1],
    ["80 of two and one more", `${"[".repeat(80)}a`, 2],
    [
      "an escape is not torn from its character: 152 and 2 make 2",
      `${"a".repeat(152)}[${"a".repeat(152)}`,
      3,
    ],
    ["70 of UCS-2", "\u2019".repeat(70), 1],
    ["one curly quote makes 71 characters two segments", `${"a".repeat(70)}\u2019`, 2],
    ["67 each when there are several", "\u2019".repeat(134), 2],
    ["135", "\u2019".repeat(135), 3],
    ["35 emoji are 70 units", "\u{1F525}".repeat(35), 1],
    [
      "66 units and a pair: the pair goes on to the next",
      `${"\u2019".repeat(66)}\u{1F525}${"\u2019".repeat(66)}`,
      3,
    ],
  ])("%s", (_why, text, segments) => {
    expect(segmentsOf(text)).toBe(segments);
  });
});

describe("in the alphabet of SMS", () => {
  it.each<[why: string, text: string, written: string]>([
    ["curly quotes", "\u201cit\u2019s\u201d \u201elow\u201a", '"it\'s" "low\''],
    ["guillemets", "\u00abx\u00bb", '"x"'],
    ["dashes", "a\u2010b\u2011c\u2013d\u2014e\u2212f", "a-b-c-d-e-f"],
    ["an ellipsis", "wait\u2026", "wait..."],
    ["spaces that do not break", "5\u00a0s\u202fx", "5 s x"],
    ["a backtick and a tab", "`a`\tb", "'a' b"],
    ["arrows and comparisons", "a \u2192 b \u2264 c \u2265 d \u00d7 e", "a -> b <= c >= d x e"],
    ["accents that it lacks", "ça va, Dvořák, Ångström, naïve, São", "ca va, Dvorak, Ångström, naive, Sao"],
    ["an accent that comes by itself is joined first", "cafe\u0301", "café"],
    ["ligatures and full-width letters", "\ufb01le \uff21", "file A"],
    ["what nothing stands for", "日\u{1F525}\u0000", "???"],
    ["what it has stays", "£5 [x] €", "£5 [x] €"],
  ])("%s", (_why, text, written) => {
    expect(toGsm7(text)).toBe(written);
  });

  it("whatever comes in, what goes out is in the alphabet, and goes out the same the second time", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const written = toGsm7(text);
        expect(septetsOf(written)).toBeDefined();
        expect(toGsm7(written)).toBe(written);
      }),
    );
  });
});

describe("cut", () => {
  it.each<[why: string, text: string, limit: number, cut: string]>([
    ["what fits stays", "abc", 3, "abc"],
    ["what does not says so", "abcdefgh", 7, "abcd..."],
    ["no space before the dots", "abc defgh", 7, "abc..."],
    ["a character of two septets goes whole", "abc[efgh", 7, "abc..."],
    ["hardly any room", "abcdef", 2, ".."],
    ["no room", "abcdef", 0, ""],
    ["less than no room", "abcdef", -4, ""],
  ])("%s", (_why, text, limit, cut) => {
    expect(cutToSeptets(text, limit)).toBe(cut);
  });

  it("never longer than the limit", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.integer({ min: 0, max: 200 }), (text, limit) => {
        expect(septetsOf(cutToSeptets(toGsm7(text), limit))).toBeLessThanOrEqual(limit);
      }),
    );
  });
});
