import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import { fakeDeps, nightshift, temporaryProject } from "../fixtures/fake-deps.ts";
import { FakeMachines } from "../fixtures/fake-machines.ts";
import { HistoryBuilder } from "../fixtures/history.ts";

const root = temporaryProject();
const folder = mkdtempSync(join(tmpdir(), "nightshift-books-"));
afterAll(() => {
  rmSync(root, { recursive: true });
  rmSync(folder, { recursive: true });
});

const TIME = "2026-11-22T04:00:00.000Z";
const MACHINES = [
  ...["accounts-delete", "accounts-open", "accounts-park", "billing-audit", "billing-credit"],
  ...["billing-entry", "billing-nightly", "mail-lift"],
].map((name) => `nightshift-prod-${name}`);

/** What a command line starts. */
async function starts(...argv: string[]) {
  const history = new HistoryBuilder();
  history.start();
  history.add(1, "ExecutionSucceeded", { executionSucceededEventDetails: { output: "{}" } });
  const machines = new FakeMachines(MACHINES, history.events);
  const result = await nightshift(fakeDeps(root, { loadMachines: async () => machines }), ...argv);
  return { ...result, started: machines.started };
}

describe("what an operator does by hand starts a machine", () => {
  test.each<{ argv: string; machine: string; name: RegExp; input: object }>([
    {
      argv: "billing approve 2026-11-21",
      machine: "billing-nightly",
      name: /^billing-nightly-approve-2026-11-21-2026-11-22T04-/,
      input: { approve: "2026-11-21" },
    },
    {
      argv: "billing pay a1 25.00 --id cheque-17 --on 2026-11-20",
      machine: "billing-entry",
      name: /^billing-entry-a1-cheque-17-/,
      input: {
        account: "a1",
        entry: { id: "cheque-17", kind: "payment", amount: "25000000000000000000", on: "2026-11-20" },
      },
    },
    {
      argv: "billing pay a1 0.000000000000000001 --id x",
      machine: "billing-entry",
      name: /-x-/,
      input: { account: "a1", entry: { id: "x", kind: "payment", amount: "1", on: "2026-11-22" } },
    },
    {
      argv: "billing reverse a1 charge:2026-11-20",
      machine: "billing-entry",
      name: /^billing-entry-a1-reversal-charge-2026-11-20-/, // a colon is not allowed in a name
      input: {
        account: "a1",
        entry: {
          id: "reversal:charge:2026-11-20",
          kind: "reversal",
          reverses: "charge:2026-11-20",
          on: "2026-11-22",
        },
      },
    },
    {
      argv: "billing credit outage --storage-days 2",
      machine: "billing-credit",
      name: /^billing-credit-outage-/,
      input: { incident: { incident: "outage", on: "2026-11-22", storageDays: 2 } },
    },
    {
      argv: "billing credit outage --dollars 1.5",
      machine: "billing-credit",
      name: /^billing-credit-outage-/,
      input: { incident: { incident: "outage", on: "2026-11-22", amount: "1500000000000000000" } },
    },
    {
      argv: "billing credit outage --account a1 --dollars 1.5",
      machine: "billing-entry",
      name: /^billing-entry-a1-incident-outage-/,
      input: {
        account: "a1",
        entry: { id: "incident:outage", kind: "credit", amount: "1500000000000000000", on: "2026-11-22" },
      },
    },
    {
      argv: "billing refund a1 5 --id r1 --on 2026-11-20",
      machine: "billing-entry",
      name: /^billing-entry-a1-r1-/,
      input: {
        account: "a1",
        entry: { id: "r1", kind: "refund", amount: "-5000000000000000000", on: "2026-11-20" },
      },
    },
    { argv: "billing audit", machine: "billing-audit", name: /^billing-audit-2026/, input: {} },
    {
      argv: "accounts open a1 --mail a@example.net",
      machine: "accounts-open",
      name: /^accounts-open-a1-/,
      input: { account: "a1", mail: "a@example.net" },
    },
    {
      argv: "accounts park a1",
      machine: "accounts-park",
      name: /-a1-park-/,
      input: { account: "a1", parked: true, day: "2026-11-22" },
    },
    {
      argv: "accounts unpark a1",
      machine: "accounts-park",
      name: /-a1-unpark-/,
      input: { account: "a1", parked: false, day: "2026-11-22" },
    },
    {
      argv: "accounts delete a1 --approved-by colin",
      machine: "accounts-delete",
      name: /^accounts-delete-a1-/,
      input: { account: "a1", approvedBy: "colin" },
    },
    {
      argv: 'run mail-lift --input {"address":"a@example.net"}',
      machine: "mail-lift",
      name: /^mail-lift-[0-9a-f]{12}-2026/, // another input is another run
      input: { address: "a@example.net" },
    },
    {
      argv: "mail lift a@example.net",
      machine: "mail-lift",
      name: /^mail-lift-a-example-net-/,
      input: { address: "a@example.net" },
    },
  ])("$argv", async ({ argv, machine, name, input }) => {
    const { started, status } = await starts(...argv.split(" "));
    expect(started).toEqual([
      {
        machine: `nightshift-prod-${machine}`,
        name: expect.stringMatching(name),
        input: { ...input, time: TIME },
      },
    ]);
    expect(started[0]?.name).toMatch(/^[A-Za-z0-9_-]{1,80}$/); // Step Functions, StartExecution
    expect(status).toBe(0);
  });

  test.each([
    ["billing approve yesterday", "yesterday is not a day"],
    ["billing approve 2026-02-30", "2026-02-30 is not a day"],
    ["billing pay a1 -5 --id x", "-5 is not an amount of dollars"],
    ["billing pay a1 0 --id x", "0 is not an amount of dollars"],
    ["billing pay a1 5,00 --id x", "5,00 is not an amount of dollars"],
    ["billing pay a1 5", "--id"],
    ["billing credit outage", "either --dollars or --storage-days"],
    ["billing credit outage --dollars 1 --storage-days 1", "either --dollars or --storage-days"],
    ["billing credit outage --account a1 --storage-days 2", "not an amount of dollars"],
    ["billing credit outage --account a1 --dollars 1 --storage-days 2", "either --dollars or --storage-days"],
    ["billing credit outage --storage-days 0", "no number of days"],
    ["accounts open a1 --mail nobody", "no mail address"],
    ["accounts delete a1", "--approved-by"],
    ["run mail-lift --input {", "no JSON object"],
    ["run mail-lift --input [1]", "no JSON object"],
    ["rehearse billing-entry --input 5", "no JSON object"],
  ])("%s is refused, and starts nothing", async (line, reason) => {
    const { started, err, status } = await starts(...line.split(" "));
    expect(err).toContain(reason);
    expect(started).toEqual([]);
    expect(status).toBeGreaterThan(0);
  });

  test.each([
    [
      "a subject that has to be cut",
      [`pay a1 5 --id ${"p".repeat(60)}1`, `pay a1 5 --id ${"p".repeat(60)}2`],
    ],
    ["signs that a name cannot have", ["pay a.b 5 --id x", "pay a+b 5 --id x", "pay a-b 5 --id x"]],
    ["where the account ends and the id begins", ["pay a-b 5 --id c", "pay a 5 --id b-c"]],
  ])("two payments in a minute are two runs, whatever tells them apart: %s", async (_, lines) => {
    const names = new Set<string>();
    for (const line of lines)
      for (const _again of [1, 2])
        names.add((await starts("billing", ...line.split(" "))).started[0]?.name ?? "");
    expect([...names].filter((name) => /^[A-Za-z0-9_-]{1,80}$/.test(name))).toHaveLength(lines.length);
  });

  test("a name stays within 80 characters however long its subject is", async () => {
    const { started } = await starts("billing", "pay", "a".repeat(64), "5", "--id", "p".repeat(60));
    expect(started[0]?.name.length).toBeLessThanOrEqual(80);
    expect(started[0]?.name).toMatch(/-2026-11-22T04-00-00-000Z$/);
  });
});

describe("usage", () => {
  const line = (account: string) =>
    `{"account":"${account}","storedBytes":"1000","bytesIn":"0","bytesOut":"0"}\n`;

  test("is packed and checked, and what the day will bring is told", async () => {
    writeFileSync(join(folder, "usage.jsonl"), line("a1") + line("a2"));
    const out = join(folder, "day");
    const argv = [
      "usage",
      "pack",
      "--day",
      "2026-11-22",
      "--from",
      join(folder, "usage.jsonl"),
      "--out",
      out,
    ];
    const packed = await nightshift(fakeDeps(root), ...argv, "--accounts-per-part", "1");
    expect(packed.out).toContain("usage of 2026-11-22: 2 accounts in 2 parts");
    expect(packed.out).toContain("comes to $0.000000016666666 at that day's tariff");
    expect((await nightshift(fakeDeps(root), "usage", "check", out)).out).toBe(packed.out);
    const { out: json } = await nightshift(fakeDeps(root), "usage", "check", out, "--json");
    expect(json).toBe(readFileSync(join(out, "manifest.json"), "utf8"));
  });

  test.each([
    ["an account twice", () => line("a1") + line("a1"), "account a1 comes twice"],
    ["a line that is none", () => `${line("a1")}x\n`, "line 2: not JSON"],
  ])("with %s is refused, and no manifest is written", async (_, text, reason) => {
    writeFileSync(join(folder, "bad.jsonl"), text());
    const out = join(folder, "bad");
    const argv = ["usage", "pack", "--day", "2026-11-22", "--from", join(folder, "bad.jsonl"), "--out", out];
    const { err, status } = await nightshift(fakeDeps(root), ...argv);
    expect(err).toContain(reason);
    expect([status, existsSync(join(out, "manifest.json"))]).toEqual([1, false]);
  });

  test.each([
    [["pack", "--day", "2026-11-22", "--from", "/nowhere/usage.jsonl", "--out", folder], "no such file"],
    [["pack", "--day", "2026-11-22", "--accounts-per-part", "0"], "no count"],
    [["check", "/nowhere"], "the day would not be billed"],
  ])("%j says what is wrong", async (argv, reason) => {
    const { err, status } = await nightshift(fakeDeps(root), "usage", ...argv);
    expect(err).toContain(reason);
    expect(status).toBe(1);
  });
});
