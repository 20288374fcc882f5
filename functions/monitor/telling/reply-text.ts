/** What somebody who was told wrote back. */
export type Reply =
  /** Without a number: everything that the sender was told of. */
  | { readonly says: "acknowledge"; readonly incident?: number }
  /** A word by which Twilio itself blocks or unblocks us; to answer it would only fail. */
  | { readonly says: "opt-out" }
  | { readonly says: "opt-in" }
  | { readonly says: "something else" };

/** Words that Twilio acts upon by itself when they are the whole text (Twilio, "Opt-out keywords"). */
const OPT_OUT = /^(STOP|STOPALL|UNSUBSCRIBE|CANCEL|END|QUIT|REVOKE|OPTOUT)$/;
const OPT_IN = /^(START|YES|UNSTOP|HELP|INFO)$/;

/**
 * Reads a reply: "ACK", "ack 12", "ACK12", "Ok [12.3]." and the like. What follows a point is the step of the message
 * that was quoted, and does not matter.
 */
export function readReply(body: string): Reply {
  const text = body.normalize("NFKC").trim().toUpperCase();
  const word = text.replace(/[.!]+$/, "");
  if (OPT_OUT.test(word)) return { says: "opt-out" };
  if (OPT_IN.test(word)) return { says: "opt-in" };
  const ack = /^(?:ACK(?:NOWLEDGED?)?|OK(?:AY)?)[\s:#[(]*(?:([1-9]\d{0,8})(?:\.\d+)?)?[\s\])!.]*$/.exec(text);
  if (ack === null) return { says: "something else" };
  return { says: "acknowledge", ...(ack[1] === undefined ? {} : { incident: Number(ack[1]) }) };
}
