import { describe, expect, it, test } from "@jest/globals";
import { factsOfHost } from "../../../functions/updates/host-facts.ts";
import { compareFacts, isNews, missedDaysBetween } from "../../../functions/updates/news.ts";
import { checked, missed, upgrade } from "./fakes/sample-records.ts";

const at = (day: string, time = "06:00") => `${day}T${time}:00.000Z`;

describe("days without a check", () => {
  const cases: [told: string | undefined, check: string, missed: string | undefined, why: string][] = [
    [undefined, at("2026-11-27"), undefined, "the first check has nothing before it"],
    [at("2026-11-26"), at("2026-11-27"), undefined, "yesterday's was told"],
    [at("2026-11-27"), at("2026-11-27", "09:30"), undefined, "a second one, by hand"],
    [at("2026-11-26", "23:59"), at("2026-11-27", "00:00"), undefined, "days count, not hours"],
    [at("2026-11-25"), at("2026-11-27"), "2026-11-26 2026-11-26", "one day"],
    [at("2026-11-20"), at("2026-11-27"), "2026-11-21 2026-11-26", "many days"],
    [at("2026-12-31"), at("2027-01-02"), "2027-01-01 2027-01-01", "over the end of a year"],
    [at("2028-02-28"), at("2028-03-01"), "2028-02-29 2028-02-29", "a day that most years lack"],
  ];
  it.each(cases)("told %s, now %s: %s, since %s", (told, check, expected) => {
    const found = missedDaysBetween(told, check);
    expect(found === undefined ? undefined : `${found.from} ${found.to}`).toBe(expected);
  });
});

describe("what is new", () => {
  const packages = { changes: [upgrade("git", "2")], notes: [] };
  const facts = factsOfHost(checked("www", { packages: { value: packages } }));
  const remembered = factsOfHost({ ...missed("www"), remembered: { packages } });
  const keysOf = (all: typeof facts) => new Set(all.map(({ key }) => key));

  const cases: [why: string, now: typeof facts, told: typeof facts, news: string[]][] = [
    ["nobody was told", facts, [], ["upgrade/git/2"]],
    ["it was told", facts, facts, []],
    ["it was told, and only remembered at the check that was told last", facts, remembered, []],
    ["it is only remembered now", remembered, facts, ["missed"]],
    ["it is gone", [], facts, []],
  ];
  test.each(cases)("%s", (_why, now, told, news) => {
    const compared = compareFacts("www", now, keysOf(told));
    const found = compared.facts.filter(({ isNew }) => isNew).map(({ fact }) => fact.key);
    expect(found.map((key) => key.replace(/^missed.*/, "missed"))).toEqual(news);
    expect(isNews({ hosts: [compared], releases: [] })).toBe(news.length > 0);
  });

  it("a missed day alone is news", () => {
    expect(isNews({ hosts: [], releases: [], missedDays: { from: "a", to: "a" } })).toBe(true);
  });
});
