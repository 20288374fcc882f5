import { afterEach, describe, expect, test } from "@jest/globals";
import { mailsOf, walk } from "../../state-machines/walked-run.ts";
import { type Bank, openBank } from "./fakes/open-bank.ts";
import { overdueAccount } from "./fakes/sample-account.ts";

const SWITCH = "/nightshift/rehearsal/accounts/deletions";
const DELETION = { account: "customer-1", approvedBy: "colin", time: "2026-11-22T04:00:00Z" };
const OPENING = { account: "new", mail: "new@example.org", time: "2026-11-22T04:00:00Z" };
const LINK = { link: "https://www.example.org/confirm/t1", expires: "2026-11-29T04:00:00Z" };

let bank: Bank;
afterEach(() => bank.close());

describe("accounts-delete", () => {
  test("marks the account; run again, it says the same", async () => {
    bank = await openBank();
    await bank.setParameter(SWITCH, "allowed");
    await bank.put(overdueAccount());
    const output = { account: "customer-1", deletedOn: "2026-11-22" };
    for (const name of ["first", "second"])
      expect(await walk(bank.theatre, "accounts-delete", DELETION, name)).toMatchObject({
        outcome: { status: "SUCCEEDED", output },
        tasks: ["DeleteAccount"],
      });
  });

  test("ends by the name of the refusal, at once", async () => {
    bank = await openBank();
    await bank.put(overdueAccount());
    const run = await walk(bank.theatre, "accounts-delete", DELETION);
    expect(run.outcome).toMatchObject({ status: "FAILED", error: "DeletionsStoppedError" });
    expect(run.retries).toEqual([]);
  });

  test("Parameter Store and DynamoDB stumble: tried again", async () => {
    bank = await openBank("ssm:GetParameter:InternalServerError", "dynamodb:UpdateItem:ThrottlingException");
    await bank.setParameter(SWITCH, "allowed");
    await bank.put(overdueAccount());
    const run = await walk(bank.theatre, "accounts-delete", DELETION);
    expect(run.outcome).toMatchObject({ status: "SUCCEEDED" });
    expect(run.retries).toEqual([
      "DeleteAccount: TransientError after 2 s",
      "DeleteAccount: TransientError after 4 s",
    ]);
  });
});

test("accounts-park parks, and takes back into service", async () => {
  bank = await openBank();
  await bank.put(overdueAccount());
  const park = (parked: boolean) =>
    walk(bank.theatre, "accounts-park", { account: "customer-1", parked, day: "2026-11-22" }, String(parked));
  expect((await park(true)).outcome).toMatchObject({ output: { parkedOn: "2026-11-22" } });
  expect((await bank.account("customer-1"))?.parkedOn).toBe("2026-11-22");
  expect((await park(false)).outcome).toMatchObject({ output: { parkedOn: null } });
  expect((await bank.account("customer-1"))?.parkedOn).toBeUndefined();
});

describe("accounts-open", () => {
  test("opens the account and sends the mail by which the address is confirmed, once", async () => {
    bank = await openBank();
    const first = await walk(bank.theatre, "accounts-open", { ...OPENING, ...LINK }, "first");
    expect(first.outcome).toEqual({ status: "SUCCEEDED", output: { account: "new", already: false } });
    expect(first.tasks).toEqual(["OpenAccount", "SendNotice"]);
    const second = await walk(bank.theatre, "accounts-open", { ...OPENING, ...LINK }, "second");
    expect(second.outcome).toEqual({ status: "SUCCEEDED", output: { account: "new", already: true } });
    expect(mailsOf(bank.theatre)).toHaveLength(1);
    expect(mailsOf(bank.theatre)[0]?.text).toContain(LINK.link);
  });

  test("without a link it sends nothing", async () => {
    bank = await openBank();
    const run = await walk(bank.theatre, "accounts-open", OPENING);
    expect([run.outcome.status, run.tasks]).toEqual(["SUCCEEDED", ["OpenAccount"]]);
    expect(mailsOf(bank.theatre)).toEqual([]);
  });

  test("another's account: ends by name, and nobody gets a mail", async () => {
    bank = await openBank();
    await walk(bank.theatre, "accounts-open", OPENING, "first");
    const theft = { ...OPENING, ...LINK, mail: "mallory@example.org" };
    const run = await walk(bank.theatre, "accounts-open", theft, "theft");
    expect(run.outcome).toMatchObject({ status: "FAILED", error: "AccountExistsError" });
    expect(mailsOf(bank.theatre)).toEqual([]);
  });
});
