import { describe, expect, it, test } from "@jest/globals";
import * as failures from "#hosts";
import { checkHost, type HostRequest, recordMiss } from "../../../functions/updates/check-host.ts";
import type { HostRecord } from "../../../functions/updates/records.ts";
import { FakeWorld, reportOf, UNREACHABLE } from "./fakes/fake-world.ts";
import { CHECK, checked, upgrade } from "./fakes/sample-records.ts";

const BEFORE = "2026-11-26T06:00:00.000Z";
const FIRST: HostRequest = { check: CHECK, previous: null, host: "www" };
const NEXT: HostRequest = { ...FIRST, previous: BEFORE };

function ask(world: FakeWorld, request: HostRequest = FIRST): Promise<HostRecord> {
  return checkHost(request, (name) => world.find(name), world);
}

describe("a host", () => {
  it("that answers is recorded with what it said", async () => {
    const world = new FakeWorld();
    world.answers.www = ["git"];
    const record = await ask(world);
    expect(record).toMatchObject({ check: CHECK, host: "www", outcome: { kind: "checked" }, remembered: {} });
    expect(await world.book.host(CHECK, "www")).toEqual(record);
    if (record.outcome.kind !== "checked") throw new Error("it was checked");
    expect(record.outcome.findings.packages).toMatchObject({
      value: { changes: [{ name: "git", to: "1.1" }] },
    });
  });

  it("that was recorded is not asked again: the record stands", async () => {
    const world = new FakeWorld();
    world.answers.www = UNREACHABLE;
    const record = await ask(world);
    world.answers.www = ["git"];
    expect(await ask(world)).toEqual(record);
    expect(world.asked).toEqual(["www"]);
  });

  test.each([
    new failures.HostUnreachableError("refused"),
    new failures.PipeRefusedError("refused"),
    new failures.HostKeyChangedError("refused"),
    new failures.LoginRefusedError("refused"),
    new failures.HostHungError("refused"),
    new failures.HostLostError("refused"),
    new failures.OutputTooLongError("refused"),
    new failures.UnusableKeyError("refused"),
  ])("that cannot be asked is an answer: $name", async (failure) => {
    const world = new FakeWorld();
    world.answers.www = failure;
    expect((await ask(world)).outcome).toEqual({
      ...{ kind: "missed", failure: failure.name, reason: "refused", since: CHECK },
    });
  });

  it("is not recorded when something else is wrong, so that it can be tried again", async () => {
    const world = new FakeWorld();
    world.answers.www = new TypeError("a bug");
    await expect(ask(world)).rejects.toThrow("a bug");
    expect(await world.book.host(CHECK, "www")).toBeUndefined();
  });

  it("that prints nonsense is recorded, part by part", async () => {
    const world = new FakeWorld();
    world.answers.www = { text: "\u001b[2J<html>" };
    const { outcome } = await ask(world);
    if (outcome.kind !== "checked") throw new Error("it answered");
    expect(outcome.findings.base).toEqual({
      problem: expect.stringContaining("something else than a report"),
    });
  });
});

describe("what is remembered of the check before", () => {
  const known = { packages: { value: { changes: [upgrade("git", "2")], notes: [] } } };

  it("all, when the host is away; and since when it is away", async () => {
    const world = new FakeWorld();
    await world.book.keepHost(checked("www", known, BEFORE));
    world.answers.www = UNREACHABLE;
    const first = await ask(world, NEXT);
    expect(first).toMatchObject({
      outcome: { since: CHECK },
      remembered: { packages: known.packages.value },
    });
    const again = await ask(world, { check: "2026-11-28T06:00:00.000Z", previous: CHECK, host: "www" });
    expect(again).toMatchObject({ outcome: { since: CHECK }, remembered: first.remembered });
  });

  it("a part that it did not say this time, and no other", async () => {
    const world = new FakeWorld();
    await world.book.keepHost(checked("www", known, BEFORE));
    world.answers.www = { text: reportOf([]).replace("section packages 0", "section packages 124") };
    const { remembered } = await ask(world, NEXT);
    expect(remembered).toEqual({ packages: known.packages.value });
  });

  it("nothing, when it said everything", async () => {
    const world = new FakeWorld();
    await world.book.keepHost({ ...checked("www", known, BEFORE), unknownSince: { packages: BEFORE } });
    expect(await ask(world, NEXT)).toMatchObject({ remembered: {}, unknownSince: {} });
  });

  it("since when its key is another one, which is not since when it was away", async () => {
    const world = new FakeWorld();
    world.answers.www = UNREACHABLE;
    await ask(world, { ...FIRST, check: "2026-11-20T06:00:00.000Z" });
    world.answers.www = new failures.HostKeyChangedError("another");
    const changed = await ask(world, { ...FIRST, check: BEFORE, previous: "2026-11-20T06:00:00.000Z" });
    expect(changed).toMatchObject({ outcome: { since: BEFORE } });
    expect(await ask(world, NEXT)).toMatchObject({ outcome: { since: BEFORE } });
  });

  it("since when a part is not known, be the host away meanwhile or not", async () => {
    const world = new FakeWorld();
    const [third, fourth] = ["2026-11-28T06:00:00.000Z", "2026-11-29T06:00:00.000Z"] as const;
    world.answers.www = { text: reportOf([]).replace("section packages 0", "section packages 124") };
    expect(await ask(world)).toMatchObject({ unknownSince: { packages: CHECK } });
    world.answers.www = UNREACHABLE;
    const away = await ask(world, { ...FIRST, check: third, previous: CHECK });
    expect(away).toMatchObject({ unknownSince: { packages: CHECK } });
    world.answers.www = { text: "" };
    const nonsense = await ask(world, { ...FIRST, check: fourth, previous: third });
    expect(nonsense.unknownSince).toEqual({
      packages: CHECK,
      ...{ versions: fourth, base: fourth, vulnerable: fourth },
    });
  });

  it("all, when nightshift did not come to check it", async () => {
    const world = new FakeWorld();
    await world.book.keepHost(checked("www", known, BEFORE));
    const record = await recordMiss(NEXT, world.book);
    expect(record).toMatchObject({
      outcome: { kind: "missed", failure: "HostUncheckedError" },
      remembered: { packages: known.packages.value },
    });
  });
});
