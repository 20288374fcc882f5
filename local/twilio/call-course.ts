import { callFields } from "./call-fields.ts";
import type { Person } from "./contract.ts";
import type { Network } from "./network.ts";
import { type CallRecord, rfc2822 } from "./records.ts";
import { playTwiml } from "./twiml-player.ts";
import { post } from "./webhook-delivery.ts";

/** Seconds until the phone rings, from when the call is begun. */
const RING_AFTER_SECONDS = 2;
/** Twilio lets a phone ring for this longer than it is told (Twilio API, Calls, Timeout). */
const EXTRA_SECONDS = 5;
const VOICEMAIL_AFTER_SECONDS = 20;

/** How a call was asked for. */
export interface CallOrder {
  readonly twiml: string;
  readonly timeoutSeconds: number;
  readonly statusCallback: string | undefined;
  readonly events: readonly string[];
}

/** Takes a call of ours from the queue to its end, with its status callbacks. */
export async function placeCall(network: Network, call: CallRecord, order: CallOrder): Promise<void> {
  const { clock } = network;
  let callbacks = 0;
  const turn = async (event: string, status: string) => {
    call.status = status;
    if (event === "completed") call.endedAt = clock.now();
    if (order.statusCallback === undefined || !order.events.includes(event)) return;
    const fields = { ...callFields(network, call), ...callbackFields(network, call, callbacks) };
    callbacks += 1;
    await post(order.statusCallback, fields, true, network.postman);
  };
  await clock.sleep(network.queueSeconds * 1000);
  call.startedAt = clock.now();
  await turn("initiated", "initiated");
  await clock.sleep(RING_AFTER_SECONDS * 1000);
  const { call: behaviour } = network.personAt(call.to);
  if (behaviour === "busy") return turn("completed", "busy");
  await turn("ringing", "ringing");
  const { afterSeconds, presses } = pickUp(behaviour);
  const ringsSeconds = order.timeoutSeconds + EXTRA_SECONDS;
  await clock.sleep(Math.min(afterSeconds, ringsSeconds) * 1000);
  if (afterSeconds > ringsSeconds) return turn("completed", "no-answer");
  await turn("answered", "in-progress");
  await playTwiml(network, call, order.twiml, presses);
  await turn("completed", "completed");
}

function callbackFields(network: Network, call: CallRecord, number: number): Record<string, string> {
  return {
    CallbackSource: "call-progress-events",
    SequenceNumber: String(number),
    Timestamp: rfc2822(network.clock.now()) ?? "",
    ...(call.endedAt === undefined ? {} : { CallDuration: durationOf(call) }),
  };
}

function durationOf({ startedAt, endedAt }: CallRecord): string {
  return String(Math.round(((endedAt?.getTime() ?? 0) - (startedAt?.getTime() ?? 0)) / 1000));
}

function pickUp(behaviour: Exclude<Person["call"], "busy">): {
  afterSeconds: number;
  presses: string | undefined;
} {
  if (behaviour === "no-answer") return { afterSeconds: Number.POSITIVE_INFINITY, presses: undefined };
  if (behaviour === "voicemail") return { afterSeconds: VOICEMAIL_AFTER_SECONDS, presses: undefined };
  return { afterSeconds: behaviour.answersAfterSeconds, presses: behaviour.presses };
}
