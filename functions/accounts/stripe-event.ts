import { type Attodollars, attodollars, type Day, dayOf, type EntryKind, negate, times } from "#ledger";
import { z } from "#platform";
import { AccountId } from "./account-id.ts";

/** Stripe counts dollars in cents (Stripe documentation, "Supported currencies"): 10^16 attodollars each. */
const CENT = attodollars(10n ** 16n);

/** Stripe's ids are letters, digits and `_`; ours must fit into the name of an execution. */
const StripeId = z.string().regex(/^[A-Za-z0-9_]{3,60}$/, "an id of Stripe");
const Cents = z.int().min(0);

const Envelope = z.object({
  id: StripeId,
  type: z.string(),
  created: z.int().min(0).max(253_402_300_799), // seconds; the last of the year 9999
  data: z.object({ object: z.unknown() }),
});
type Envelope = z.infer<typeof Envelope>;

const Money = z.object({
  id: StripeId,
  currency: z.string(),
  metadata: z.record(z.string(), z.string()).nullish(),
});
const Payment = Money.extend({ status: z.string(), amount_received: Cents });
const Withdrawal = Money.extend({ amount: Cents, payment_intent: StripeId.nullish() });
const Refund = Withdrawal.extend({ status: z.string().nullish() });

/** Money that moved at Stripe, and the entry that it makes. */
export interface Movement {
  /** A payment, what takes it back (a refund, a dispute), or what returns that. */
  readonly what: "payment" | "withdrawal" | "return";
  readonly event: string;
  readonly at: Date;
  /** The object of Stripe's that moved it: "pi_…", "re_…", "du_…". */
  readonly object: string;
  /** The payment that it is about. */
  readonly payment: string | undefined;
  /** As the object's metadata names it. Absent: it names none, or one that cannot be. */
  readonly account: string | undefined;
  readonly currency: string;
  readonly entry: {
    readonly id: string;
    readonly kind: EntryKind;
    readonly amount: Attodollars;
    readonly on: Day;
    readonly reverses?: string;
  };
}

/** What an event comes to. */
export type Reading =
  | { readonly state: "movement"; readonly movement: Movement }
  | { readonly state: "ignored"; readonly reason: string }
  | { readonly state: "unreadable"; readonly reason: string };

const READERS: Readonly<Record<string, (event: Envelope) => Reading>> = {
  "payment_intent.succeeded": readPayment,
  "refund.created": readRefund,
  "refund.updated": readRefund,
  "refund.failed": (event) => readReturn(event, "failed"),
  "charge.dispute.funds_withdrawn": readWithdrawal,
  "charge.dispute.funds_reinstated": (event) => readReturn(event, "reinstated"),
};

/**
 * Reads an event of Stripe's (Stripe API, "Event"; fields that are not named here are of no interest). Several events
 * may tell of the same object, in any order and more than once: they come to the same entry id.
 */
export function readStripeEvent(body: string): Reading {
  const event = Envelope.safeParse(parseJson(body));
  if (!event.success) return unreadable(event.error);
  const read = Object.hasOwn(READERS, event.data.type) ? READERS[event.data.type] : undefined;
  return read === undefined ? ignored(`events of type ${event.data.type} move no money`) : read(event.data);
}

function readPayment(event: Envelope): Reading {
  const payment = Payment.safeParse(event.data.object);
  if (!payment.success) return unreadable(payment.error);
  const { id, status, amount_received: cents } = payment.data;
  if (status !== "succeeded") return ignored(`payment ${id} is ${status}`);
  return movement(event, "payment", { ...payment.data, payment_intent: id }, { id, kind: "payment" }, cents);
}

function readRefund(event: Envelope): Reading {
  const refund = Refund.safeParse(event.data.object);
  if (!refund.success) return unreadable(refund.error);
  const { id, status } = refund.data;
  return status === "succeeded" ? readWithdrawal(event) : ignored(`refund ${id} is ${status}`);
}

function readWithdrawal(event: Envelope): Reading {
  const object = Withdrawal.safeParse(event.data.object);
  if (!object.success) return unreadable(object.error);
  const { id, amount } = object.data;
  return movement(event, "withdrawal", object.data, { id, kind: "refund" }, amount);
}

function readReturn(event: Envelope, how: string): Reading {
  const object = Withdrawal.safeParse(event.data.object);
  if (!object.success) return unreadable(object.error);
  const { id, amount } = object.data;
  const entry = { id: `${id}:${how}`, kind: "reversal", reverses: id } as const;
  return movement(event, "return", object.data, entry, amount);
}

function movement(
  event: Envelope,
  what: Movement["what"],
  object: Omit<z.infer<typeof Withdrawal>, "amount">,
  entry: Pick<Movement["entry"], "id" | "kind" | "reverses">,
  cents: number,
): Reading {
  if (cents === 0) return ignored(`${entry.id} is about nothing`);
  const at = new Date(event.created * 1000);
  const amount = times(CENT, BigInt(cents));
  return {
    state: "movement",
    movement: {
      what,
      event: event.id,
      at,
      object: object.id,
      payment: object.payment_intent ?? undefined,
      account: AccountId.safeParse(object.metadata?.account).data,
      currency: object.currency,
      entry: { ...entry, amount: what === "withdrawal" ? negate(amount) : amount, on: dayOf(at) },
    },
  };
}

function ignored(reason: string): Reading {
  return { state: "ignored", reason };
}

function unreadable(error: z.ZodError): Reading {
  return { state: "unreadable", reason: z.prettifyError(error) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
