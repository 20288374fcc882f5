import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import type { Deps } from "../../../cli/deps.ts";
import { fakeIncidents } from "../../functions/monitor/fakes/fake-incidents.ts";
import { edited, SHIPPED } from "../../layers/fleet/fleet-text.ts";
import { fakeDeps, nightshift, temporaryProject } from "../fixtures/fake-deps.ts";
import { FakeMachines } from "../fixtures/fake-machines.ts";
import { AckMachines } from "../fixtures/fake-watch.ts";
import { HistoryBuilder } from "../fixtures/history.ts";

const root = temporaryProject();
afterAll(() => rmSync(root, { recursive: true }));
// Arizona's clocks are never changed.
writeFileSync(join(root, "fleet.yml"), edited("timeZone: America/Vancouver", "timeZone: America/Phoenix"));

/** The instant of fakeDeps, about: 21:00 of the day before in Phoenix. */
const NOW = new Date("2026-11-22T04:00:31Z");

/** A fleet's monitor in which the mail server does not answer: incident 12. */
async function scene() {
  const incidents = fakeIncidents();
  await incidents.open({
    number: 12,
    check: "mail",
    cause: "failing",
    openedAt: new Date("2026-11-22T03:48:00Z"),
    since: new Date("2026-11-22T03:48:00Z"),
    reason: "connection refused",
    isCritical: true,
  });
  const machines = new AckMachines(incidents, () => NOW);
  const asked: string[] = [];
  const deps: Partial<Deps> = {
    loadMachines: async (region) => {
      asked.push(region);
      return machines;
    },
    loadMonitor: async (region, stage) => {
      asked.push(`${stage} in ${region}`);
      return { incidents } as never;
    },
  };
  const run = (line: string, more: Partial<Deps> = {}) =>
    nightshift(fakeDeps(root, { ...deps, ...more }), ...line.split(" "));
  return { incidents, machines, asked, run };
}

describe("nightshift ack", () => {
  test("says in one sentence who has it until when, and nothing else", async () => {
    const { incidents, run, asked } = await scene();
    const { out, err, status } = await run("ack 12");
    expect(out).toBe(
      "Incident 12 (Mail) is acknowledged by colin until 2026-11-22 01:00 MST: nobody is woken before then.\n",
    );
    expect([err, status]).toEqual(["", 0]);
    expect((await incidents.read(12))?.acknowledgements).toEqual([
      {
        by: "colin",
        via: "cli",
        at: NOW,
        until: new Date("2026-11-22T08:00:31Z"),
        proof: expect.stringMatching(/^monitor-acknowledge-12-colin-2026-11-22T04-00-3\d-000Z$/),
      },
    ]);
    expect(asked).toEqual(["us-west-2", "prod in us-west-2"]); // it is the watch that knows
  });

  test("for so many hours, by somebody else", async () => {
    const { incidents, run } = await scene();
    const { out } = await run("ack 12 --hours 1.5 --by deputy");
    expect(out).toContain("is acknowledged by deputy until 22:30 MST");
    expect((await incidents.read(12))?.acknowledgements).toMatchObject([{ by: "deputy" }]);
  });

  test("a second one changes nothing, and says whose it is", async () => {
    const { incidents, run } = await scene();
    await run("ack 12 --by deputy --hours 1");
    const { out, status } = await run("ack 12");
    expect(out).toBe("Incident 12 (Mail) is acknowledged already, by deputy until 22:00 MST.\n");
    expect(status).toBe(0);
    expect((await incidents.read(12))?.acknowledgements).toHaveLength(1);
  });

  test("of what is over there is nothing to acknowledge", async () => {
    const { incidents, run } = await scene();
    await incidents.recover(12, new Date("2026-11-22T03:59:00Z"), "250 OK");
    const { out, status } = await run("ack 12");
    expect(out).toBe("Incident 12 (Mail) has recovered at 20:59 MST: there is nothing to acknowledge.\n");
    expect(status).toBe(0);
  });

  test("of one that is not known it says where to look", async () => {
    const { run } = await scene();
    const { out, err, status } = await run("ack 13");
    expect([out, status]).toEqual(["", 1]);
    expect(err).toBe("nightshift: there is no incident 13\nSee which there are: nightshift incident\n");
  });

  test("--json is one document", async () => {
    const { run } = await scene();
    const { out } = await run("ack 12 --json --hours 2");
    expect(JSON.parse(out)).toEqual({
      incident: 12,
      by: "colin",
      result: "acknowledged",
      until: "2026-11-22T06:00:31.000Z",
      heldBy: "colin",
    });
  });

  test("counts though its record cannot be read: the sentence is shorter", async () => {
    const { incidents, run } = await scene();
    const loadMonitor = () => Promise.reject(new Error("AccessDenied"));
    const { out, status } = await run("ack 12", { loadMonitor });
    expect([out, status]).toEqual(["Incident 12 is acknowledged by colin.\n", 0]);
    expect((await incidents.read(12))?.acknowledgements).toHaveLength(1);
  });

  test("that fails otherwise shows the run", async () => {
    const history = new HistoryBuilder();
    history.start();
    history.add(1, "ExecutionFailed", {
      executionFailedEventDetails: { error: "States.Timeout", cause: "120 s" },
    });
    const machines = new FakeMachines(["nightshift-prod-monitor-acknowledge"], history.events);
    const { run } = await scene();
    const { err, status } = await run("ack 12", { loadMachines: async () => machines });
    expect(err).toMatch(
      /^nightshift: incident 12 was not acknowledged: States.Timeout: 120 s\nSee .* arn:aws/,
    );
    expect(status).toBe(1);
  });

  test("of another stage starts that stage's machine, or says that there is none", async () => {
    const { run, machines } = await scene();
    const { err } = await run("ack 12 --stage test");
    expect(err).toContain('monitor-acknowledge is not deployed as stage "test"');
    expect(err).toContain("It is deployed as: prod");
    expect(machines.started).toEqual([]);
  });

  test("keeps a name with spaces within what Step Functions allows", async () => {
    const { machines, run } = await scene();
    const operator = () => "Zoë O'Neil of the night shift, the second one of that name here";
    await run("ack 12", { operator: () => operator().slice(0, 60) });
    expect(machines.started[0]?.name).toMatch(/^[A-Za-z0-9_-]{1,80}$/);
  });
});

describe("what cannot be meant starts nothing", () => {
  test.each<[string, string, Partial<Deps>, string]>([
    ["ack 0", "0 is not the number of an incident", {}, "they begin at 1"],
    ["ack 12.3", "before the dot: 12 in [12.3]", {}, "the message's reference"],
    ["ack mail", "mail is not the number", {}, "a check's name"],
    ["ack 12 --hours 0", "--hours 0 is no number of hours", {}, "no time at all"],
    ["ack 12 --hours 100", "up to 72", {}, "longer than anybody remembers"],
    ["ack 12 --hours soon", "--hours soon", {}, "no number"],
    ["ack 12", "who has it?\nGive a name", { operator: () => "" }, "a user without a name"],
    [`ack 12 --by ${"x".repeat(61)}`, "60 characters or less", {}, "a novel"],
    ["ack 12 --fleet /nowhere.yml", "there is no such file", {}, "no fleet"],
    ["ack", "missing required argument", {}, "which?"],
  ])("%s", async (line, says, more) => {
    const { machines, run } = await scene();
    const { err, out, status } = await run(line, more);
    expect(err).toContain(says);
    expect([out, machines.started]).toEqual(["", []]);
    expect(status).toBeGreaterThan(0);
  });

  test("a fleet in which nothing is watched", async () => {
    const fleet = join(root, "unwatched.yml");
    writeFileSync(fleet, SHIPPED.slice(0, SHIPPED.indexOf("monitor:\n")));
    const { run } = await scene();
    const { err, status } = await run(`ack 12 --fleet ${fleet}`);
    expect(err).toMatch(/unwatched\.yml has no section monitor, so nothing is watched\nAdd one/);
    expect(status).toBe(1);
  });
});
