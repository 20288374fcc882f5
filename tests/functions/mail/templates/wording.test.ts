import { describe, expect, test } from "@jest/globals";
import { NoticeSchema, type TemplateName } from "../../../../functions/mail/notice.ts";
import { renderNotice } from "../../../../functions/mail/templates/render-notice.ts";
import { SAMPLES } from "../../../../functions/mail/templates/samples.ts";
import { SENDERS } from "../fakes/notice-desk.ts";

/** A mail of a sample with some facts changed; its text in one line. */
function mailOf(name: TemplateName | `night-report-${string}`, change: object) {
  const sample = SAMPLES.find((one) => one.name === name);
  const facts = { ...(sample?.facts as object), ...change };
  const { template, to } = sample ?? {};
  const { subject, text } = renderNotice(
    NoticeSchema.parse({ id: "x", template, to, facts }),
    SENDERS.service,
  );
  return { subject, text: text.replaceAll(/\s+/g, " ") };
}

describe("balance low", () => {
  test.each([
    {
      balance: "35",
      perDay: "10",
      daysLeft: 3,
      days: "3 days",
      until: "2026-11-26",
      why: "a rest for a day more",
    },
    { balance: "30", perDay: "10", daysLeft: 3, days: "3 days", until: "2026-11-25", why: "no rest" },
    { balance: "31", perDay: "10", daysLeft: 3, days: "3 days", until: "2026-11-26", why: "a rest of one" },
    { balance: "10", perDay: "10", daysLeft: 1, days: "1 day", until: "2026-11-23", why: "the last day" },
    { balance: "9", perDay: "10", daysLeft: 0, days: "less than a day", until: "2026-11-23", why: "not one" },
  ])("$balance at $perDay a day last $days, to be paid until $until: $why", (row) => {
    const { balance, perDay, daysLeft, days, until } = row;
    const { subject, text } = mailOf("balance-low", { balance, storagePerDay: perDay, daysLeft });
    expect(subject).toBe(`Example Backup: balance low, ${days} of storage left`);
    expect(text).toContain(`that pays for ${days} of storage.`);
    expect(text).toContain(`add money before the end of ${until} (UTC)`);
    expect(chargedUntilNothingIsLeft(BigInt(balance), BigInt(perDay))).toBe(until);
  });

  /** The day whose charge suspends the account, counted day by day. */
  function chargedUntilNothingIsLeft(balance: bigint, perDay: bigint): string {
    let [left, day] = [balance, 22];
    while (left > 0n) [left, day] = [left - perDay, day + 1];
    return `2026-11-${day}`;
  }

  test("without a rate there is no division by it", () => {
    expect(mailOf("balance-low", { balance: "1", storagePerDay: "0", daysLeft: 0 }).text).toContain(
      "2026-11-23",
    );
  });
});

describe("payment received", () => {
  test.each([
    { balance: "1", says: "If the account was suspended, it no longer is", not: "Add money" },
    { balance: "0", says: "stays suspended", not: "no longer is" },
    {
      balance: "0",
      says: "To end this, add any amount. Add money: https://www.example.org/pay",
      not: "more than",
    },
    { balance: "-1250000000000000000", says: "add more than $1.25. Add money", not: "no longer is" },
  ])("with a balance of $balance says $says", ({ balance, says, not }) => {
    const { text } = mailOf("payment-received", { balance });
    expect(text).toContain(says);
    expect(text).not.toContain(not);
  });
});

describe("suspended and deletion warning", () => {
  test.each(["suspended", "deletion-warning"] as const)(
    "%s: what stops, what works, what is safe until when",
    (name) => {
      const { text } = mailOf(name, { balance: "-5", deletableFrom: "2026-12-31" });
      expect(text).toContain("no reads, no writes and no new keys. Deletes and payments still work.");
      expect(text).toMatch(/2026-12-31 \(UTC\)|2026-12-31 on \(UTC\), and not before/);
      expect(text).toContain("a person has approved it");
      expect(text).toContain("add more than $0.000000000000000005");
    },
  );
});

describe("address confirmation", () => {
  test.each([
    ["2026-11-24T09:15:00Z", "2026-11-24 09:15 UTC"],
    ["2026-11-24T09:15:30.999Z", "2026-11-24 09:15:30 UTC"],
    ["2026-11-24T01:15:00+02:00", "2026-11-23 23:15 UTC"],
  ])("a link that expires at %s is confirmed before %s", (expires, shown) => {
    expect(mailOf("address-confirmation", { expires }).text).toContain(`before ${shown}.`);
  });
});

describe("statement", () => {
  test("entries stand in the order of their days, and in that of the book within one", () => {
    const entry = (id: string, on: string) => ({ id, kind: "payment", on, amount: "1" });
    const entries = [entry("c", "2026-11-09"), entry("a", "2026-10-31"), entry("b", "2026-11-09")];
    const { text } = mailOf("statement", { entries });
    expect(text).toMatch(
      /2026-10-31 payment \S+ a 2026-11-09 payment \S+ c 2026-11-09 payment \S+ b Storage/,
    );
  });

  test("a month of one day and one byte", () => {
    const { text } = mailOf("statement", { days: 1, bytesIn: "1", bytesOut: "0", entries: [] });
    expect(text).toContain("Storage, 1 day ");
    expect(text).toContain("1 byte 0.000000001 GB");
    expect(text).toContain("0 bytes 0 GB");
  });
});

describe("night report", () => {
  test.each([
    ["night-report", "2026-11-22 is closed, $95.943316195616980729 from 1,176 accounts"],
    ["night-report-held", "2026-11-22 waits for your approval"],
    ["night-report-partial", "2026-11-22 is billed in part"],
    ["night-report-failed", "2026-11-22 could not be billed"],
  ] as const)("%s says so in its subject", (name, subject) => {
    expect(mailOf(name, {}).subject).toBe(`Example Backup: ${subject}`);
  });

  test("held before anybody was charged, or with some charges withheld", () => {
    const [approve, reasons] = ["nightshift billing approve 2026-11-22", ["2 charges were withheld"]];
    const before = mailOf("night-report-held", {}).text;
    expect(before).toContain("Nobody has been charged yet");
    expect(before).not.toContain("Revenue $0");
    const after = mailOf("night-report", { state: "held", approve, reasons }).text;
    expect(after).toContain(
      "1,176 accounts charged, $95.943316195616980729 in all. What is left waits, because:",
    );
    expect(after).toContain(`- ${reasons[0]}`);
    expect(after).toContain(`approve it: ${approve}`);
  });

  test("closed after an approval says what was approved", () => {
    const { text } = mailOf("night-report", { reasons: ["2 charges were withheld"] });
    expect(text).toContain("This stood out, and was approved: - 2 charges were withheld");
  });

  test("a failed night shows no figures, since there are none", () => {
    expect(mailOf("night-report-failed", {}).text).not.toMatch(/\$|Revenue|0 accounts/);
  });

  test("the first night has nothing to be held against, and one bar", () => {
    const history = [{ day: "2026-11-22", accounts: 1, revenue: "5" }];
    const { text } = mailOf("night-report", { previous: null, history, accounts: 1 });
    expect(text).toContain("1 account charged");
    expect(text).not.toMatch(/Difference|since 20/);
    expect(text).toContain("1 night, 2026-11-22: $0.000000000000000005.");
  });

  test.each([
    { before: 1100, says: "+76 since 2026-11-21 (1,100)" },
    { before: 2276, says: "-1,100 since 2026-11-21 (2,276)" },
    { before: 1176, says: "no change since 2026-11-21 (1,176)" },
  ])("accounts against the day before: $says", ({ before, says }) => {
    const previous = { day: "2026-11-21", accounts: before, revenue: "1" };
    expect(mailOf("night-report", { previous }).text).toContain(says);
  });

  test("what is named in part says so", () => {
    const mail = { sent: 1234, already: 0, suppressed: 0, refused: ["x: no"], refusedMore: 7 };
    const twenty = Array.from({ length: 20 }, (_, at) => `a${at}`);
    const { text } = mailOf("night-report", {
      mail,
      deletable: twenty,
      unbilled: twenty,
      unbilledCount: 1_000,
    });
    expect(text).toContain("Refused 8 - x: no The first 1 are named.");
    expect(text).toContain("Not charged: 1,000 accounts");
    expect(text).toContain("- a19 The first 20 are named. Mail");
    expect(text).toContain("The first 20 are named; there may be more.");
  });

  test("what there is nothing of is left out", () => {
    const nothing = {
      deletable: [],
      unbilled: [],
      unbilledCount: undefined,
      largest: [],
      history: [],
      mail: null,
    };
    expect(mailOf("night-report", nothing).text).not.toMatch(
      /Past their|Not charged|Largest|last nights|Mail to|approved-by/,
    );
  });
});
