import { describe, expect, it } from "@jest/globals";
import type { ReleaseFindings } from "../../../functions/updates/findings.ts";
import { factsOfRelease } from "../../../functions/updates/release-facts.ts";
import { ofRelease } from "./fakes/sample-records.ts";

const DAYS = 60;

describe("the facts of a release", () => {
  const cases: [why: string, findings: Partial<ReleaseFindings>, expected: string[]][] = [
    ["nothing is to be said", {}, []],
    ["patches", { patchLevel: { value: 3 } }, ["FreeBSD 15.1 is at p3"]],
    [
      "newer releases",
      { newerReleases: { value: ["15.2", "16.0"] } },
      ["FreeBSD 15.2 is newer than 15.1", "FreeBSD 16.0 is newer than 15.1"],
    ],
    [
      "what is not known",
      { patchLevel: { problem: "404" }, newerReleases: { problem: "none" } },
      ["newest patch not known: 404", "newer releases not known: none"],
    ],
  ];
  it.each(cases)("%s", (_why, findings, expected) => {
    expect(factsOfRelease(ofRelease(findings), DAYS).map(({ line }) => line)).toEqual(expected);
  });

  // The check is of 2026-11-27.
  const ends: [day: string, key: string | undefined, line: string | undefined, why: string][] = [
    ["2027-01-27", undefined, undefined, "61 days are more than sixty"],
    [
      "2027-01-26",
      "ending/2027-01-26/near",
      "FreeBSD 15.1 ends in 60 days, on 2027-01-26",
      "sixty days before",
    ],
    [
      "2026-12-05",
      "ending/2026-12-05/near",
      "FreeBSD 15.1 ends in 8 days, on 2026-12-05",
      "still the same news",
    ],
    [
      "2026-12-04",
      "ending/2026-12-04/last",
      "FreeBSD 15.1 ends in 7 days, on 2026-12-04",
      "in its last week again",
    ],
    ["2026-11-28", "ending/2026-11-28/last", "FreeBSD 15.1 ends in 1 day, on 2026-11-28", "tomorrow"],
    [
      "2026-11-27",
      "ending/2026-11-27/last",
      "FreeBSD 15.1 ends today, on 2026-11-27",
      "its last day is a day of it",
    ],
    [
      "2026-11-26",
      "ended/2026-11-26/0",
      "FreeBSD 15.1 ended on 2026-11-26: nothing is mended",
      "over since yesterday",
    ],
    [
      "2026-10-28",
      "ended/2026-10-28/0",
      "FreeBSD 15.1 ended on 2026-10-28: nothing is mended",
      "thirty days over",
    ],
    ["2026-10-27", "ended/2026-10-27/1", "FreeBSD 15.1 ended on 2026-10-27: nothing is mended", "told again"],
  ];
  it.each(ends)("ends on %s: %s", (day, key, line) => {
    const [fact] = factsOfRelease(ofRelease({ endOfLife: { value: day } }), DAYS);
    expect([fact?.key, fact?.line]).toEqual([key, line]);
  });

  it.each([
    ["2026-11-27", 0, "newest patch not known: 404"],
    ["2026-11-21", 0, "newest patch not known, for 6 days now: 404"],
    ["2026-11-20", 1, "newest patch not known, for 7 days now: 404"],
  ])("unknown since %s is told again every week: reminder %i", (day, reminder, line) => {
    const since = `${day}T06:00:00.000Z`;
    const record = { ...ofRelease({ patchLevel: { problem: "404" } }), unknownSince: { patchLevel: since } };
    expect(factsOfRelease(record, DAYS)).toMatchObject([
      { key: `unknown/patchLevel/${since}/${reminder}`, line },
    ]);
  });

  it("the end that is known comes near though FreeBSD's servers are silent that day", () => {
    const record = ofRelease({ endOfLife: { problem: "no answer" } });
    const [fact] = factsOfRelease({ ...record, remembered: { endOfLife: "2026-12-04" } }, DAYS);
    expect(fact).toMatchObject({ key: "ending/2026-12-04/last", isRemembered: false });
  });

  it("patches and newer releases that are only remembered are no news, and are not forgotten", () => {
    const record = ofRelease({ patchLevel: { problem: "x" }, newerReleases: { problem: "y" } });
    const remembered = { patchLevel: 3, newerReleases: ["15.2"] };
    const facts = factsOfRelease({ ...record, remembered }, DAYS);
    expect(facts.filter(({ isRemembered }) => isRemembered).map(({ key }) => key)).toEqual([
      "patch/3",
      "newer/15.2",
    ]);
  });
});
