import { describe, expect, it } from "@jest/globals";
import { HostKeyChangedError, UnusableKeyError } from "#hosts";
import { checkHost } from "../../../functions/updates/check-host.ts";
import { composeReport } from "../../../functions/updates/compose-report.ts";
import {
  CheckAheadError,
  CheckUnplannedError,
  ReportRacedError,
} from "../../../functions/updates/failures.ts";
import { planCheck } from "../../../functions/updates/plan-check.ts";
import type { UnsettledReport } from "../../../functions/updates/records.ts";
import { settleReports } from "../../../functions/updates/settle-reports.ts";
import { FakeWorld, fleetOf, reportOf, UNREACHABLE } from "./fakes/fake-world.ts";

const day = (number: number, time = "06:00") => `2026-11-${String(number).padStart(2, "0")}T${time}:00.000Z`;

const NOW = new Date(day(30));

/** A world that was checked on the 20th, when www had an update. */
async function checkedWorld(): Promise<FakeWorld> {
  const world = new FakeWorld();
  world.answers.www = ["git"];
  await world.run(day(20));
  return world;
}

/** The lines of a mail that are marked as new. */
function newLines(text: string): string[] {
  return text.split("\n").filter((line) => line.startsWith("* "));
}

function carriedOut(reports: readonly UnsettledReport[]) {
  return reports.map(({ check, revision }) => ({ check, revision, failure: "" }));
}

describe("a plan", () => {
  it("stands, though the fleet changes before the check runs again", async () => {
    const world = new FakeWorld();
    const first = await planCheck(new Date(day(20)), world.fleet, world.book, NOW);
    const again = await planCheck(new Date(day(20)), { ...world.fleet, hosts: {} }, world.book, NOW);
    expect(again).toEqual(first);
    expect(first).toMatchObject({ wanted: true, hosts: ["db", "mail", "www"], previous: null });
  });

  it("remembers from what was told last, and never from a later check", async () => {
    const world = await checkedWorld();
    expect(await planCheck(new Date(day(21)), world.fleet, world.book, NOW)).toMatchObject({
      previous: day(20),
    });
    expect(await planCheck(new Date(day(19)), world.fleet, world.book, NOW)).toMatchObject({
      previous: null,
    });
  });

  it("of an instant to come is refused: every morning until then would count as told", async () => {
    const world = await checkedWorld();
    const ahead = new Date(Date.parse(day(21)) + 60_001); // clocks may differ by a minute
    const plan = planCheck(ahead, world.fleet, world.book, new Date(day(21)));
    await expect(plan).rejects.toThrow(CheckAheadError);
    expect(await planCheck(new Date(day(21)), world.fleet, world.book, new Date(day(21)))).toMatchObject({
      wanted: true,
    });
  });

  it("of two images with the same release has it once", async () => {
    const world = new FakeWorld();
    const { base } = world.fleet.images;
    if (base === undefined) throw new Error("the shipped fleet has an image base");
    const images = { base, other: base, arm: { ...base, arch: "arm64" as const } };
    const plan = await planCheck(new Date(day(20)), { ...world.fleet, images }, world.book, NOW);
    expect(plan).toMatchObject({ releases: [{ arch: "amd64" }, { arch: "arm64" }] });
  });
});

describe("a report", () => {
  it("of a check that nobody planned is refused", async () => {
    const { fleet, book } = new FakeWorld();
    await expect(composeReport(day(20), fleet, book, "prod")).rejects.toThrow(CheckUnplannedError);
  });

  it("is answered again as it was until it is settled", async () => {
    const world = new FakeWorld();
    world.answers.www = ["git"];
    world.stepsToLive = 2 * (1 + 3 + 1 + 1 + 1);
    expect(await world.run(day(20))).toBe(false);
    const first = await composeReport(day(20), world.fleet, world.book, "prod");
    const again = await composeReport(
      day(20),
      { ...world.fleet, owner: { mail: "x@y.z", from: "x@y.z" } },
      world.book,
      "prod",
    );
    expect(first.reports).toHaveLength(1);
    expect(again).toEqual(first);
    await settleReports(carriedOut(first.reports), world.book);
    expect((await composeReport(day(20), world.fleet, world.book, "prod")).reports).toEqual([]);
  });

  it("settled twice is settled", async () => {
    const world = await checkedWorld();
    const told = await world.book.told();
    await settleReports(carriedOut([{ check: day(20), revision: 1 }]), world.book);
    expect(await world.book.told()).toEqual(told);
  });

  it("is not taken for settled when another run told something at that moment", async () => {
    const world = await checkedWorld();
    const before = await world.book.told();
    const unsettled = [{ check: day(20), revision: 1 }];
    await world.book.replaceTold({ ...before, revision: before.revision + 1, unsettled });
    const overtaken = { ...world.book, replaceTold: async () => false };
    const settle = () => settleReports(carriedOut(unsettled), overtaken);
    await expect(settle()).rejects.toThrow(ReportRacedError);
    expect((await world.book.told()).unsettled).toEqual(unsettled);
  });

  it("that cannot be carried out waits behind the others, and is named", async () => {
    const world = await checkedWorld();
    const reports = [1, 2, 3, 4].map((number) => ({ check: day(number), revision: number }));
    const [first, second, third, fourth] = reports;
    const before = await world.book.told();
    await world.book.replaceTold({ ...before, revision: before.revision + 1, unsettled: reports });
    const outcomes = ["MailRefusedError", "", "AccessDeniedException"];
    const tried = [first, second, fourth].map((one, index) => ({ ...one, failure: outcomes[index] }));
    const settle = () => settleReports(tried as Parameters<typeof settleReports>[0], world.book);
    await expect(settle()).rejects.toMatchObject({
      name: "ReportsLeftError",
      message: [
        `MailRefusedError with the report of the check ${day(1)}`,
        `AccessDeniedException with the report of the check ${day(4)}`,
      ].join("; "),
    });
    const left = [third, first, fourth];
    expect(await world.book.told()).toMatchObject({ revision: before.revision + 2, unsettled: left });
    await expect(settle()).rejects.toThrow("MailRefusedError"); // its answer was lost, and it is asked again
    expect(await world.book.told()).toMatchObject({ revision: before.revision + 2, unsettled: left });
  });

  it("is among those that its own run carries out, however many wait before it", async () => {
    const world = await checkedWorld();
    const waiting = [1, 2, 3, 4].map((number) => ({ check: day(number), revision: number }));
    const before = await world.book.told();
    await world.book.replaceTold({ ...before, revision: before.revision + 1, unsettled: waiting });
    world.answers.www = ["git", "bash"];
    await planCheck(new Date(day(21)), world.fleet, world.book, NOW);
    for (const host of ["db", "mail", "www"])
      await checkHost({ check: day(21), previous: day(20), host }, (name) => world.find(name), world);
    const { reports } = await composeReport(day(21), world.fleet, world.book, "prod");
    expect(reports.map(({ check }) => check)).toEqual([day(1), day(2), day(21)]);
  });

  it("of an earlier check than the one that was told has nothing to say, and takes nothing back", async () => {
    const world = await checkedWorld();
    world.answers.db = ["bash"];
    await world.run(day(19));
    expect(world.mails).toHaveLength(1);
    expect((await world.book.told()).check).toBe(day(20));
    await world.run(day(21));
    expect(world.mails.at(-1)?.text).toContain("* bash 1.0 -> 1.1");
  });

  it("that two runs decide upon at once is decided by one; the other finds it", async () => {
    const world = await checkedWorld();
    await planCheck(new Date(day(21)), world.fleet, world.book, NOW);
    const compose = () => composeReport(day(21), world.fleet, world.book, "prod");
    const outcomes = await Promise.allSettled([compose(), compose()]);
    const lost = outcomes.filter((one) => one.status === "rejected");
    expect(lost.map(({ reason }) => reason)).toEqual([expect.any(ReportRacedError)]);
    expect((await compose()).reports).toHaveLength(1);
  });

  it("of a release of which nothing is on record says so, and forgets nothing", async () => {
    const world = await checkedWorld();
    await planCheck(new Date(day(21)), world.fleet, world.book, NOW);
    const { reports } = await composeReport(day(21), world.fleet, world.book, "prod");
    expect(reports[0]?.message?.text).toContain("* newest patch not known: nightshift did not come to ask");
    const record = await world.book.release(day(21), "15.1", "amd64");
    expect(record?.remembered).toEqual({ patchLevel: 0, endOfLife: "2028-12-31", newerReleases: [] });
  });

  it("a host that is away is told once, again after a week, and its updates are no news when it is back", async () => {
    const world = await checkedWorld();
    world.answers.www = UNREACHABLE;
    for (let number = 21; number <= 29; number += 1) await world.run(day(number));
    world.answers.www = ["git"];
    await world.run(day(30));
    expect(world.mails.map(({ subject, id }) => `${id.slice(16, 18)} ${subject}`)).toEqual([
      "20 Updates: 1 package update on www",
      "21 Updates: not checked: www",
      "28 Updates: not checked: www",
    ]);
  });

  it("what stays unread is told once, again after a week, and is no news when the host was away meanwhile", async () => {
    const world = await checkedWorld();
    const halfRead = { text: reportOf(["git"]).replace("section audit 0", "section audit 124") };
    for (let number = 21; number <= 29; number += 1) {
      world.answers.www = number === 24 ? UNREACHABLE : halfRead;
      await world.run(day(number));
    }
    world.answers.www = ["git"];
    await world.run(day(30));
    expect(world.mails.map(({ text, id }) => [id.slice(16, 18), newLines(text)])).toEqual([
      ["20", []],
      ["21", [expect.stringMatching(/^\* known vulnerabilities: not known, /)]],
      ["24", [expect.stringMatching(/^\* not checked: /)]],
      ["28", [expect.stringMatching(/^\* known vulnerabilities: not known, for 7 days now, /)]],
    ]);
  });

  it("what FreeBSD's servers do not say is told once, and again after a week", async () => {
    const world = await checkedWorld();
    world.published = [];
    for (let number = 21; number <= 29; number += 1) await world.run(day(number));
    expect(world.mails.slice(1).map(({ text, id }) => [id.slice(16, 18), newLines(text)])).toEqual([
      ["21", ["* newer releases not known: FreeBSD publishes no images in this region"]],
      ["28", ["* newer releases not known, for 7 days now: FreeBSD publishes no images in this region"]],
    ]);
  });

  it("the end of a release is news when the owner wants to hear of it earlier than before", async () => {
    const world = new FakeWorld();
    world.endOfLife = "2027-02-28"; // a hundred days after the first check
    await world.run(day(20));
    expect(world.mails).toEqual([]);
    world.fleet = fleetOf(["www"], { endOfLifeDays: 120 });
    await world.run(day(21));
    await world.run(day(22));
    expect(world.mails.map(({ subject }) => subject)).toEqual([
      "Updates: FreeBSD 15.1 ends in 99 days, on 2027-02-28",
    ]);
  });

  it("a host that left the fleet is forgotten; one that is new is told", async () => {
    const world = await checkedWorld();
    world.answers.web = ["git"];
    const [host] = Object.values(world.fleet.hosts);
    if (host === undefined) throw new Error("there are hosts");
    world.fleet = { ...world.fleet, hosts: { web: host } };
    await world.run(day(21));
    expect(world.mails.at(-1)?.subject).toBe("Updates: 1 package update on web");
    expect(world.mails.at(-1)?.text).not.toContain("www");
  });
});

describe("trouble, for which the run fails", () => {
  const cases: [why: string, answers: FakeWorld["answers"], error: string | undefined][] = [
    ["all answer", {}, undefined],
    ["a host is away", { www: UNREACHABLE }, undefined],
    ["a host prints nonsense", { www: { text: "what" } }, undefined],
    ["a host has another key", { www: new HostKeyChangedError("x") }, "HostKeyChangedError"],
    ["our own key is missing", { www: new UnusableKeyError("x") }, "HostsUncheckedError"],
    [
      "both: the key that changed is worse",
      { www: new UnusableKeyError("x"), db: new HostKeyChangedError("x") },
      "HostKeyChangedError",
    ],
  ];
  it.each(cases)("%s", async (_why, answers, error) => {
    const world = new FakeWorld();
    Object.assign(world.answers, answers);
    await world.run(day(20));
    const { trouble } = await composeReport(day(20), world.fleet, world.book, "prod");
    expect(trouble?.error).toBe(error);
  });

  it("a host without a record gets one, and is told like any other", async () => {
    const world = new FakeWorld();
    await planCheck(new Date(day(20)), world.fleet, world.book, NOW);
    const { trouble, reports } = await composeReport(day(20), world.fleet, world.book, "prod");
    expect(trouble).toEqual({
      error: "HostsUncheckedError",
      cause: "db, mail, www: not checked, for a reason of our own",
    });
    expect(reports[0]?.message?.text).toMatch(
      /db, mail, www \(3\)\n {2}not checked: nightshift did not come/,
    );
  });
});

describe("builds", () => {
  const patched = async (updates: object) => {
    const world = new FakeWorld(["www"], updates);
    world.answers.www = ["tarsnap"];
    await world.run(day(20));
    world.patchLevel = 3;
    await world.run(day(21));
    await world.run(day(22));
    return world.builds;
  };

  it("are off unless the fleet says so", async () => {
    expect(await patched({})).toEqual([]);
  });

  it("follow what is new; the first check, to which all is new, starts none", async () => {
    expect(await patched({ startBuild: true })).toEqual(["base-updates-20261121T060000Z"]);
  });
});
