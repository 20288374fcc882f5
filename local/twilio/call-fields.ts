import type { Network } from "./network.ts";
import type { CallRecord } from "./records.ts";

/** Fields of every request about a call (Twilio, "TwiML voice request"). */
export function callFields(network: Network, call: CallRecord): Record<string, string> {
  return {
    ...{ AccountSid: network.options.accountSid, ApiVersion: "2010-04-01", Direction: "outbound-api" },
    ...{ CallSid: call.sid, CallStatus: call.status, From: call.from, To: call.to },
    ...{ Called: call.to, Caller: call.from },
  };
}
