import { afterEach, expect, test } from "@jest/globals";
import { attodollars } from "#ledger";
import { type Bank, openBank } from "../functions/accounts/fakes/open-bank.ts";
import { sampleAccount } from "../functions/accounts/fakes/sample-account.ts";
import { walk } from "./walked-run.ts";

const TIME = "2026-11-22T04:00:00Z";
const INCIDENT = { incident: "outage", on: "2026-11-21", amount: "7" };
const OTHER = {
  "incident:outage": { kind: "payment", amount: attodollars(1n), on: "2026-11-01" },
} as const;

let bank: Bank;
afterEach(() => bank.close());

const run = (name: string) => walk(bank.theatre, "billing-credit", { incident: INCIDENT, time: TIME }, name);
const balances = async (...names: string[]) =>
  Promise.all(names.map(async (name) => (await bank.account(name))?.balance));

test.each([[["b"]], [["b", "c"]]])(
  "accounts that refuse the credit: the others have it, the run fails by name, and is repeated (%p)",
  async (refusing) => {
    bank = await openBank();
    for (const account of ["a", "b", "c", "d"]) {
      const entries = refusing.includes(account) ? OTHER : {};
      await bank.put(sampleAccount({ account, balance: attodollars(0n), entries }));
    }
    const refused = await run("first");
    expect(refused.outcome).toMatchObject({
      ...{ status: "FAILED", error: "AccountsRefusedError" },
      cause: expect.stringMatching(/^[bc] has an entry incident:outage already: payment of 1$/),
    });
    expect(await balances("a", "d", ...refusing)).toEqual([7n, 7n, ...refusing.map(() => 0n)]);

    for (const account of refusing) await bank.put(sampleAccount({ account, balance: attodollars(0n) }));
    const again = await run("second");
    expect(again.outcome).toMatchObject({ status: "SUCCEEDED" });
    expect(await balances("a", "b", "c", "d")).toEqual([7n, 7n, 7n, 7n]);
  },
);
