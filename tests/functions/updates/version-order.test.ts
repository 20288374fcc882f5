import { describe, expect, it, test } from "@jest/globals";
import fc from "fast-check";
import { comparePackageVersions } from "../../../functions/updates/version-order.ts";

describe("pkg's order of versions", () => {
  const ascending: [why: string, ...versions: string[]][] = [
    ["patch levels of FreeBSD's base are numbers", "15.1", "15.1p1", "15.1p2", "15.1p9", "15.1p10", "15.2"],
    ["releases too", "14.3p10", "15.0", "15.1", "15.10"],
    ["stages come before the version that they lead to", "1.0.alpha", "1.0.beta", "1.0.pre", "1.0.rc", "1.0"],
    ["stages glued to the number are the same", "1.0alpha3", "1.0beta2", "1.0pre1", "1.0rc1", "1.0"],
    ["pl comes before all stages", "2pl1", "2alpha3", "2"],
    ["other letters come after the number", "10", "10a", "10b", "10b2", "10z"],
    ["a component that begins with a letter comes before 0", "10.a", "10.0", "10.1"],
    ["revisions count when versions are equal", "1.0", "1.0_1", "1.0_2", "1.0_10", "1.1"],
    ["a greater version beats any revision", "1.0_9", "1.1"],
    ["epochs beat everything", "9.9_9", "0.1,1", "0.1_1,1", "0.0,2"],
    ["a letter without a number comes before its 0", "10a", "10a0", "10a1"],
    ["a comma before the revision divides components, and is no epoch", "1.0,5_1", "1.0.6", "1.0,1"],
    ["from the facts: a revision is missing", "1.11.1,3", "1.11.1_1,3"],
    ["from the facts: curl succeeds", "8.16.0", "8.17.0"],
    ["numbers are numbers, not text", "1.9", "1.10", "1.100"],
    ["dates are long numbers", "20240101123456", "20240101123457"],
    ["a star is the smallest", "2.*", "2pl1", "2alpha3", "2.9f7", "3.*"],
    ["words go by their first letter", "1.c", "1.dev2", "1.e"],
    ["groups divided by + are compared one by one", "1.0", "1.0+1", "1.0+2", "1.0.1"],
  ];
  test.each(ascending)("%s", (_why, ...versions) => {
    for (let low = 0; low < versions.length; low += 1) {
      for (let high = low; high < versions.length; high += 1) {
        const [a = "", b = ""] = [versions[low], versions[high]];
        const expected = low === high ? 0 : -1;
        expect([a, b, comparePackageVersions(a, b)]).toEqual([a, b, expected]);
        expect([b, a, comparePackageVersions(b, a)]).toEqual([b, a, expected === 0 ? 0 : 1]);
      }
    }
  });

  const equal: [why: string, a: string, b: string][] = [
    ["missing components are 0", "10", "10.0.0"],
    ["separators that follow each other are one", "10..1", "10.1"],
    ["any other sign separates", "1.0:2003.09", "1.0.2003.09"],
    ["leading zeros say nothing", "1.01", "1.1"],
    ["case says nothing", "1.0RC1", "1.0rc1"],
    ["words with the same first letter", "1.d2", "1.Development2"],
    ["alpha is the letter a of its own component", "10alpha", "10.a"],
    ["a separator is put between number and next letter", "10a1b2", "10a1.b2"],
    ["revision 0 is none", "1.0_0", "1.0"],
    ["epoch 0 is none", "1.0,0", "1.0"],
    ["numbers end where a long long does", "9223372036854775807", "9999999999999999999"],
  ];
  test.each(equal)("equal: %s", (_why, a, b) => {
    expect(comparePackageVersions(a, b)).toBe(0);
    expect(comparePackageVersions(b, a)).toBe(0);
  });
});

describe("it is a total order, whatever the texts", () => {
  const piece = fc.constantFrom(
    ..."0 1 9 10 00 a b p pl alpha beta pre rc Z . .. _ _1 , ,1 + * - ü :".split(" "),
  );
  const version = fc.oneof(
    fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join("")),
    fc.string({ maxLength: 12 }),
  );
  const settings = { numRuns: 2000 };

  it("every text equals itself", () => {
    fc.assert(
      fc.property(version, (a) => comparePackageVersions(a, a) === 0),
      settings,
    );
  });

  it("turned around, it is the other way around", () => {
    fc.assert(
      fc.property(version, version, (a, b) => {
        expect(comparePackageVersions(a, b)).toBe(0 - comparePackageVersions(b, a));
      }),
      settings,
    );
  });

  it("is transitive, equality included", () => {
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        const [ab, bc] = [comparePackageVersions(a, b), comparePackageVersions(b, c)];
        if (ab <= 0 && bc <= 0) {
          expect(comparePackageVersions(a, c)).toBe(ab === 0 && bc === 0 ? 0 : -1);
        }
      }),
      settings,
    );
  });

  it("a revision and an epoch more are always more", () => {
    const plain = fc.stringMatching(/^[0-9a-z.]{1,10}$/);
    fc.assert(
      fc.property(plain, fc.nat(9), fc.nat(9), (text, revision, epoch) => {
        expect(comparePackageVersions(`${text}_${revision}`, `${text}_${revision + 1}`)).toBe(-1);
        expect(comparePackageVersions(`${text}_9,${epoch}`, `${text},${epoch + 1}`)).toBe(-1);
      }),
    );
  });

  it("takes a long text in its stride", () => {
    const long = "1.".repeat(50_000);
    expect(comparePackageVersions(long, `${long}1`)).toBe(-1);
    expect(comparePackageVersions("9".repeat(100_000), "8".repeat(100_000))).toBe(0);
  });
});
