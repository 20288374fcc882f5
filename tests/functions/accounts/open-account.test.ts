import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { ZERO } from "#ledger";
import { type Bank, openBank } from "./fakes/open-bank.ts";
import { overdueAccount, sampleAccount } from "./fakes/sample-account.ts";

const OPENING = { account: "new", mail: "new@example.net", time: "2026-12-01T00:30:00+01:00" };
const LINK = { link: "https://www.example.org/confirm/t1", expires: "2026-12-08T00:00:00Z" };

let bank: Bank;
beforeAll(async () => {
  bank = await openBank();
});
afterAll(() => bank.close());

const open = (changes: object = {}) => bank.call("open-account", { opening: { ...OPENING, ...changes } });

describe("opening", () => {
  test("makes an account in which nothing has happened, in the month of UTC", async () => {
    expect(await open()).toEqual({
      account: "new",
      mail: "new@example.net",
      already: false,
      isMailDue: false,
      notice: null,
    });
    const account = await bank.account("new");
    expect(account).toEqual({
      account: "new",
      mail: "new@example.net",
      revision: 0n,
      month: "2026-11",
      opening: ZERO,
      balance: ZERO,
      charges: {},
      entries: {},
      used: { storedBytes: 0n, bytesIn: 0n, bytesOut: 0n },
      storageCharged: ZERO,
    });
    expect(await bank.call("authorize-account", { account: "new" })).toMatchObject({ allowed: ["delete"] });
  });

  test("again, with the same address: the account stays as it is by then", async () => {
    await open({ account: "again" });
    await bank.pay("again", 7n);
    expect(await open({ account: "again", time: "2027-01-01T00:00:00Z" })).toMatchObject({ already: true });
    expect(await bank.account("again")).toMatchObject({ balance: 7n, month: "2026-11", revision: 1n });
  });

  test("with another address: refused, so that nobody takes an account over", async () => {
    await open({ account: "theirs" });
    await expect(open({ account: "theirs", mail: "mallory@example.net" })).rejects.toMatchObject({
      name: "AccountExistsError",
    });
    expect((await bank.account("theirs"))?.mail).toBe("new@example.net");
  });

  test("under the name of a deleted account: refused, even with its own address", async () => {
    await bank.put(overdueAccount({ account: "gone", mail: OPENING.mail, deletedOn: "2026-11-22" }));
    await expect(open({ account: "gone" })).rejects.toMatchObject({
      name: "AccountExistsError",
      message: expect.stringContaining("2026-11-22"),
    });
  });

  test("two at once with two addresses: one has it", async () => {
    const both = await Promise.allSettled([
      open({ account: "both", mail: "a@example.net" }),
      open({ account: "both", mail: "b@example.net" }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });

  test("with a link: the notice by which the address is confirmed, and the same one again", async () => {
    const notice = {
      id: "address-confirmation/linked/2026-12-08T00:00:00Z",
      template: "address-confirmation",
      to: "new@example.net",
      facts: { account: "linked", ...LINK },
    };
    expect(await open({ account: "linked", ...LINK })).toMatchObject({
      already: false,
      isMailDue: true,
      notice,
    });
    expect(await open({ account: "linked", ...LINK })).toMatchObject({ already: true, notice });
  });

  const rows: [why: string, field: string, changes: object][] = [
    ["a name with a slash", "opening.account", { account: "a/b" }],
    ["a name with a line break at its end", "opening.account", { account: "a\n" }],
    ["no name", "opening.account", { account: "" }],
    ["a list of addresses", "opening.mail", { mail: "a@example.net,b@example.net" }],
    ["an address that adds a header", "opening.mail", { mail: "a@example.net\nBcc: b@example.net" }],
    ["an address beyond all mailboxes", "opening.mail", { mail: `a@${"x".repeat(260)}` }],
    ["a link that is not encrypted", "opening.link", { ...LINK, link: "http://www.example.org/" }],
    ["a link that never expires", "opening.expires", { link: LINK.link }],
    ["an expiry of nothing", "opening.expires", { expires: LINK.expires }],
    ["a time without its zone", "opening.time", { time: "2026-12-01T00:30:00" }],
  ];
  test.each(rows)("%s is refused, with the field named", async (_why, field, changes) => {
    await expect(open({ account: "never", ...changes })).rejects.toMatchObject({
      name: "InvalidInputError",
      message: expect.stringContaining(field),
    });
    expect(await bank.account("never")).toBeUndefined();
  });
});

describe("parking", () => {
  const park = (parked: boolean, day = "2026-11-22", account = "customer-1") =>
    bank.call("park-account", { account, parked, day });

  test("and taking back into service leave everything else as it was", async () => {
    const before = overdueAccount();
    await bank.put(before);
    expect(await park(true)).toEqual({ account: "customer-1", parkedOn: "2026-11-22" });
    expect(await bank.account("customer-1")).toEqual({ ...before, revision: 8n, parkedOn: "2026-11-22" });
    expect(await park(false)).toEqual({ account: "customer-1", parkedOn: null });
    expect(await bank.account("customer-1")).toEqual({ ...before, revision: 9n });
  });

  test("again: the first day stays, and nothing is counted", async () => {
    await bank.put(sampleAccount());
    await park(true);
    expect(await park(true, "2026-11-30")).toEqual({ account: "customer-1", parkedOn: "2026-11-22" });
    expect(await bank.account("customer-1")).toMatchObject({ revision: 8n });
    await park(false);
    expect(await park(false)).toEqual({ account: "customer-1", parkedOn: null });
    expect(await bank.account("customer-1")).toMatchObject({ revision: 9n });
  });

  test.each([true, false])("a deleted account is refused (%s)", async (parked) => {
    const gone = overdueAccount({ deletedOn: "2026-11-22" });
    await bank.put(gone);
    await expect(park(parked)).rejects.toMatchObject({ name: "AccountDeletedError" });
    expect(await bank.account("customer-1")).toEqual(gone);
  });

  test.each([true, false])("an account that does not exist is not made (%s)", async (parked) => {
    await expect(park(parked, undefined, "stranger")).rejects.toMatchObject({ name: "UnknownAccountError" });
    expect(await bank.account("stranger")).toBeUndefined();
  });

  test("a day that is none is refused", async () => {
    await expect(park(true, "2026-02-29")).rejects.toMatchObject({ name: "InvalidInputError" });
  });
});
