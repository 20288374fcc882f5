import type { Attodollars } from "#ledger";
import type { Log } from "#platform";
import type { BillingEntries, PaymentBook, PaymentRecord } from "./ports.ts";
import type { Movement } from "./stripe-event.ts";

/** How long a refund waits for its payment before somebody is told. Stripe keeps sending for three days. */
const PATIENCE_MILLISECONDS = 24 * 3_600_000;

/** What booking stands on. */
export interface Desk {
  readonly payments: PaymentBook;
  readonly entries: BillingEntries;
  /** The smallest payment that is welcome. Absent: any is. */
  readonly minimum: Attodollars | undefined;
  readonly now: Date;
  readonly log: Log;
}

/** Settled: Stripe need not send it again, which does not mean that it made an entry. Later: it shall. */
export type Settlement = "settled" | "later";

/**
 * Has money that moved at Stripe booked on its account. What cannot be booked without a person raises an alarm and is
 * settled; what only came too early is sent again. Safe to repeat, whatever died before.
 */
export async function bookMovement(movement: Movement, desk: Desk): Promise<Settlement> {
  if (movement.currency !== "usd") return alarm(desk, movement, "PaymentInOtherCurrency", movement.currency);
  return movement.what === "payment" ? bookPayment(movement, desk) : bookWithdrawal(movement, desk);
}

async function bookPayment(movement: Movement, desk: Desk): Promise<Settlement> {
  const { account, object, entry, at } = movement;
  const standing = await desk.payments.keep(object, { state: "received", account });
  if (account === undefined) return alarm(desk, movement, "PaymentUnassigned", "it names no account");
  if (standing.account !== account)
    return alarm(desk, movement, "PaymentUnassigned", `it stood for ${standing.account ?? "nobody"} before`);
  if (desk.minimum !== undefined && entry.amount < desk.minimum)
    alarm(desk, movement, "PaymentBelowMinimum", "it is booked all the same: the money is there");
  await desk.entries.start(account, entry, at);
  return "settled";
}

/**
 * A refund or dispute belongs to whom its payment belongs to. A return and what it returns may come in either order:
 * whichever comes first leaves its mark. If it is the return, then nothing was taken off and nothing need be put back.
 */
async function bookWithdrawal(movement: Movement, desk: Desk): Promise<Settlement> {
  const { payment, object, what, entry, at } = movement;
  const origin = payment === undefined ? undefined : await desk.payments.find(payment);
  const account = origin?.account ?? movement.account;
  if (account === undefined && (payment === undefined || origin !== undefined))
    return alarm(desk, movement, "PaymentUnassigned", "it is about a payment of no account");
  if (account === undefined) return wait(movement, desk);
  const state: PaymentRecord["state"] = what === "return" ? "returned" : "withdrawn";
  const standing = await desk.payments.keep(object, { state, account });
  if (standing.state === "withdrawn") await desk.entries.start(account, entry, at);
  else desk.log.info(`${object} came back before it was booked, so nothing is`, { event: movement.event });
  return "settled";
}

function wait(movement: Movement, desk: Desk): Settlement {
  const { object, payment, event, at } = movement;
  desk.log.info(`${object}: its payment has not been heard of yet`, { event, payment });
  if (desk.now.getTime() - at.getTime() > PATIENCE_MILLISECONDS)
    alarm(desk, movement, "PaymentUnassigned", "its payment was never heard of");
  return "later";
}

/** Tells somebody. Metrics are watched in infra/accounts.yml. */
function alarm({ log }: Desk, movement: Movement, metric: string, why: string): Settlement {
  const { object, payment, event, entry } = movement;
  log.error(`${object}: ${why}`, { event, payment, metric, amount: String(entry.amount) });
  log.metric(metric, 1, "Count");
  return "settled";
}
