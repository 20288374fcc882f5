import {
  type Account,
  type Attodollars,
  addDays,
  type Day,
  discrepancyOf,
  monthOf,
  type Statement,
  statementOf,
} from "#ledger";
import { AccountBusyError } from "./failures.ts";
import { marksFor } from "./notices.ts";
import type { ChargeRequest, Ledger } from "./ports.ts";

/**
 * What became of an account's day. `charged` stands for "the ledger has this charge", whether it was made now or
 * before; everything else is why it has not.
 */
export type ChargeOutcome =
  | {
      readonly kind: "charged";
      readonly account: Account;
      /** The month that this charge closed. */
      readonly closed: Statement | undefined;
      /** The charge of the day before, if there was one. */
      readonly before: Attodollars | undefined;
    }
  | { readonly kind: "withheld"; readonly account: Account }
  | { readonly kind: "refused"; readonly why: string };

/** How often an account may change under our hands before we give up for now. */
const ATTEMPTS = 8;

/**
 * Charges one account for one day: one conditional update, and no read. On the first day of a month that update finds
 * the month before still open; its statement is then cut first, and the month opened by the charge itself.
 * @param today of the run
 * @throws AccountBusyError
 */
export async function chargeAccount(
  ledger: Ledger,
  account: string,
  request: ChargeRequest,
  today: Day,
): Promise<ChargeOutcome> {
  let answer = await ledger.charge(account, request);
  let cut: Statement | undefined;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    if (answer.applied) return settle(ledger, answer.account, request.day, today, cut);
    const seen = answer.account;
    if (seen === undefined) return { kind: "refused", why: "unknown" };
    const verdict = judge(seen, request);
    if (verdict === "is charged") return settle(ledger, seen, request.day, today);
    if (verdict === "withheld") return { kind: "withheld", account: seen };
    cut = undefined; // whatever was cut before, it was not this account that it was cut of
    if (verdict === "try again") answer = await ledger.charge(account, request);
    else if (verdict === "opens a month") {
      cut = statementOf(seen);
      await ledger.cutStatement(cut);
      answer = await ledger.openMonth(seen, request);
    } else return { kind: "refused", why: verdict.why };
  }
  throw new AccountBusyError(`account ${account} kept changing while ${request.day} was being charged`);
}

/** Why a charge was not applied, read off the account as it stood in the way. */
function judge(seen: Account, { day, part, charge, leastLastCharge }: ChargeRequest) {
  const standing = seen.charges[day.slice(8)];
  if (seen.month === monthOf(day) && standing !== undefined) {
    if (standing !== charge.total) return { why: "is charged another amount" };
    // The charges of a day are its last ones until the next day, which begins once this one is closed.
    return seen.lastPart === part ? "is charged" : { why: `is charged by part ${seen.lastPart}` };
  }
  if (seen.deletedOn !== undefined) return { why: "deleted" };
  if (seen.parkedOn !== undefined) return { why: "parked" };
  if (seen.month > monthOf(day)) return { why: `its ${monthOf(day)} is closed` };
  const { lastCharge } = seen;
  if (leastLastCharge !== undefined && lastCharge !== undefined && lastCharge < leastLastCharge)
    return "withheld";
  return seen.month < monthOf(day) ? "opens a month" : "try again";
}

/** Sets the marks that the charge asks for, and gathers what the day's mail is made of. */
async function settle(
  ledger: Ledger,
  charged: Account,
  day: Day,
  today: Day,
  cut?: Statement,
): Promise<ChargeOutcome> {
  const wrong = discrepancyOf(charged);
  if (wrong !== undefined) return { kind: "refused", why: `does not add up: should be ${wrong.should}` };
  let account = charged;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const marks = marksFor(account, day, today);
    const answer = marks === undefined ? undefined : await ledger.mark(account, marks);
    if (answer === undefined || answer.applied) {
      const marked = answer?.account ?? account;
      const closed = cut ?? (await statementClosedOn(ledger, marked, day));
      return { kind: "charged", account: marked, closed, before: chargeBefore(marked, day, closed) };
    }
    if (answer.account === undefined) return { kind: "refused", why: "unknown" };
    account = answer.account; // somebody paid meanwhile: judge anew
  }
  throw new AccountBusyError(`account ${account.account} kept changing while it was being marked`);
}

/** The statement that an earlier run's charge of this day cut: a repeated night sends the same mail. */
async function statementClosedOn(ledger: Ledger, account: Account, day: Day): Promise<Statement | undefined> {
  if (account.closedOn !== day) return undefined;
  return (await ledger.statements(account.account)).find(({ month }) => month === account.closedMonth);
}

function chargeBefore(account: Account, day: Day, closed: Statement | undefined): Attodollars | undefined {
  const before = addDays(day, -1);
  const months = [account, ...(closed === undefined ? [] : [closed])];
  return months.find(({ month }) => month === monthOf(before))?.charges[before.slice(8)];
}
