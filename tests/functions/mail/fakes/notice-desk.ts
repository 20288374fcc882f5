import type { Senders } from "../../../../functions/mail/notice-message.ts";
import type { Allowance, MailQuota, NoticeShelf, SendPorts } from "../../../../functions/mail/ports.ts";
import { FakeClock } from "./fake-clock.ts";
import { fakeLedger } from "./fake-ledger.ts";
import { fakeSender, type Turn } from "./fake-sender.ts";
import { fakeSuppressions } from "./fake-suppressions.ts";

/** Where the notices of the tests lie. */
export const PREFIX = "nights/2026-11-22/notices/";

export const SENDERS: Senders = {
  service: {
    service: "Example Backup",
    site: "https://www.example.org",
    payAt: "https://www.example.org/pay",
    domain: "example.org",
  },
  toCustomers: "accounts@example.org",
  toOwner: "nightshift@example.org",
};

/** A notice as a night leaves it. */
export function paymentNotice(account: string, to = `${account}@example.net`) {
  return {
    id: `payment/${account}/p1`,
    template: "payment-received" as const,
    to,
    facts: {
      account,
      payment: "p1",
      on: "2026-11-22",
      amount: "5000000000000000000",
      balance: "5000000000000000001",
    },
  };
}

/** Files in memory; `page` many are listed at a time. */
export function fakeShelf(files: Readonly<Record<string, readonly unknown[]>>, page = 2): NoticeShelf {
  const keys = Object.keys(files).sort();
  return {
    list: async (prefix, after = "") =>
      keys.filter((key) => key.startsWith(prefix) && key > after).slice(0, page),
    lines: async (key) =>
      (files[key] ?? []).map((one) => (typeof one === "string" ? one : JSON.stringify(one))),
  };
}

/** A desk of fakes on a clock of its own. `lines` lie in files of two. */
export function noticeDesk(lines: readonly unknown[], ...turns: Turn[]) {
  const files = Object.fromEntries(
    lines.flatMap((_, at) =>
      at % 2 === 0 ? [[`${PREFIX}${String(at).padStart(5, "0")}.jsonl`, lines.slice(at, at + 2)]] : [],
    ),
  );
  const clock = new FakeClock(new Date("2026-11-23T00:40:00Z"));
  const ledger = fakeLedger();
  const sender = fakeSender(...turns);
  const suppressions = fakeSuppressions();
  const ports: SendPorts = { ledger, sender, suppressions };
  const allowed: { now: Allowance } = { now: { perSecond: 14, left: Number.POSITIVE_INFINITY } };
  const quota: MailQuota = { allowance: async () => allowed.now };
  return {
    ...{ clock, ledger, sender, suppressions, allowed },
    desk: { stage: "test", senders: SENDERS, ports, quota, shelf: fakeShelf(files) },
  };
}
