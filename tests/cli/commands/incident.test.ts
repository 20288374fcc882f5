import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { IncidentBook } from "../../../functions/monitor/ports.ts";
import { fakeIncidents, tellIn } from "../../functions/monitor/fakes/fake-incidents.ts";
import { edited } from "../../layers/fleet/fleet-text.ts";
import { fakeDeps, nightshift, temporaryProject } from "../fixtures/fake-deps.ts";

const root = temporaryProject();
afterAll(() => rmSync(root, { recursive: true }));
// Arizona's clocks are never changed.
writeFileSync(join(root, "fleet.yml"), edited("timeZone: America/Vancouver", "timeZone: America/Phoenix"));

/** An instant of the night of fakeDeps, whose now is 04:00:31. */
const at = (time: string) => new Date(`2026-11-22T${time}Z`);

/** Four incidents, of which two are open. */
let incidents: IncidentBook;
beforeAll(async () => {
  incidents = fakeIncidents();
  const of = { cause: "failing", isCritical: true } as const;
  await incidents.open({
    ...of,
    number: 9,
    check: "gone",
    openedAt: at("01:00:00"),
    since: at("01:00:00"),
    reason: "no answer in 10 s",
  });
  await incidents.recover(9, at("01:18:00"), "connected");
  await incidents.open({
    ...of,
    number: 10,
    check: "monitor",
    cause: "impaired",
    openedAt: at("02:00:00"),
    since: at("02:00:00"),
    reason: "no north star",
  });
  await incidents.recover(10, at("02:03:00"), "seen again");
  await incidents.open({
    ...of,
    number: 11,
    check: "www",
    cause: "flapping",
    openedAt: at("03:00:00"),
    since: at("03:00:00"),
    reason: "came and went 6 times",
  });
  await incidents.open({
    ...of,
    number: 12,
    check: "mail",
    openedAt: at("03:48:00"),
    since: at("03:48:00"),
    reason: "connection refused",
  });
  const step = { way: "sms", outcome: "sent" } as const;
  await tellIn(incidents, 9, { ...step, step: 1, contact: "colin", at: at("01:00:10") });
  await tellIn(incidents, 11, { ...step, step: 1, contact: "colin", at: at("03:00:05") });
  await tellIn(incidents, 11, { ...step, step: 2, contact: "colin", way: "call", at: at("03:05:05") });
  await tellIn(incidents, 11, { ...step, step: 3, contact: "deputy", at: at("03:10:05") });
  await tellIn(incidents, 12, { ...step, step: 1, contact: "colin", outcome: "failed", at: at("03:48:09") });
  await incidents.note(11, { key: "d", at: at("03:00:09"), what: "SMS to colin: delivered" });
  const ack = { via: "sms", proof: "SM1/9" } as const;
  await incidents.acknowledge(9, { ...ack, by: "colin", at: at("01:02:00"), until: at("05:02:00") }); // too late
  await incidents.acknowledge(11, { ...ack, by: "deputy", at: at("03:12:00"), until: at("07:12:00") });
});

const run = (...argv: string[]) =>
  nightshift(fakeDeps(root, { loadMonitor: async () => ({ incidents }) as never }), "incident", ...argv);

describe("nightshift incident", () => {
  test("lists the newest, with what one asks first: open? since when? does somebody have it?", async () => {
    const { out, err, status } = await run();
    expect(out.split("\n")).toEqual([
      "NO  CHECK        STATE           OPENED (America/Phoenix)  LASTED  TOLD           ACKNOWLEDGED",
      "12  Mail         OPEN            2026-11-21 20:48          12 min  nobody",
      "11  Website      OPEN, flapping  2026-11-21 20:00          1 h     colin, deputy  by deputy until 2026-11-22 00:12 MST",
      "10  the monitor  recovered       2026-11-21 19:00          3 min   nobody",
      " 9  gone         recovered       2026-11-21 18:00          18 min  colin",
      "",
      "To see one: nightshift incident NO",
      "",
    ]);
    expect([err, status]).toEqual(["", 0]);
  });

  test("--json gives them as they are kept", async () => {
    const { out } = await run("--json");
    expect(JSON.parse(out)).toMatchObject([
      { number: 12, check: "mail" },
      { number: 11, acknowledgements: [{ by: "deputy", until: "2026-11-22T07:12:00.000Z" }] },
      { number: 10, cause: "impaired" },
      { number: 9, recoveredAt: "2026-11-22T01:18:00.000Z" },
    ]);
  });

  test("without any says so", async () => {
    const loadMonitor = async () => ({ incidents: fakeIncidents() }) as never;
    const { out, status } = await nightshift(fakeDeps(root, { loadMonitor }), "incident");
    expect(out).toBe("No incident so far. To see how everything stands: nightshift monitor\n");
    expect(status).toBe(0);
  });

  test("tells the timeline of one, in the fleet's time zone", async () => {
    const { out, status } = await run("11");
    expect(out).toContain("Incident 11");
    const lines = out.split("\n").map((line) => line.trim());
    const order = [
      "alarm: it came and went 6 times",
      "colin told by SMS",
      "SMS to colin: delivered",
      "colin told by a call",
      "deputy told by SMS",
      "deputy acknowledged it by SMS, for 4 h",
    ];
    const places = order.map((what) => lines.findIndex((line) => line.includes(what)));
    expect(places.every((place) => place >= 0)).toBe(true);
    expect(places).toEqual(places.toSorted((one, other) => one - other));
    expect(lines[places[0] ?? 0]).toContain("20:00");
    expect(status).toBe(0);
  });

  test("--json of one has its timeline in it", async () => {
    const { out } = await run("9", "--json");
    expect(JSON.parse(out)).toMatchObject({
      number: 9,
      timeline: [
        { at: "2026-11-22T01:00:00.000Z", what: "alarm: no answer in 10 s" },
        { what: "colin told by SMS" },
        { at: "2026-11-22T01:18:00.000Z", what: "recovered after 18 min" },
      ],
    });
  });

  test.each([
    ["13", "there is no incident 13\nSee which there are: nightshift incident", "not yet"],
    ["mail", "mail is not the number of an incident", "a check's name"],
    ["-1", "-1 is not the number", "no number"],
  ])("%s is answered with words", async (argument, says) => {
    const { out, err, status } = await run(argument);
    expect(err).toContain(says);
    expect(out).toBe("");
    expect(status).toBeGreaterThan(0);
  });
});
