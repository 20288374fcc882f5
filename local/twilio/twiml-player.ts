import { callFields } from "./call-fields.ts";
import type { Network } from "./network.ts";
import type { CallRecord } from "./records.ts";
import { type Element, parseTwiml, textOf } from "./twiml-document.ts";
import { post } from "./webhook-delivery.ts";

/** Characters that a voice says in a second. */
const CHARACTERS_PER_SECOND = 15;
/** Documents that one call goes through; more is a circle. */
const MOST_DOCUMENTS = 20;

/** What Twilio says when an address of ours does not answer with TwiML. */
export const APPLICATION_ERROR = "We are sorry, an application error has occurred. Goodbye.";

/** Where a document leads: to another, or to the end of the call. Undefined: to what stands behind it. */
type Next = { readonly document: string } | "end" | undefined;

/**
 * Carries out TwiML with somebody on the phone, who hears everything and presses the digits, once, in the first Gather.
 */
export async function playTwiml(
  network: Network,
  call: CallRecord,
  twiml: string,
  presses: string | undefined,
): Promise<void> {
  const keys = { left: presses };
  let document: string | undefined = twiml;
  for (let played = 0; document !== undefined; played += 1) {
    if (played === MOST_DOCUMENTS) {
      network.alerts.push("a call goes round in a circle");
      return;
    }
    const next: Next = await playDocument(network, call, document, keys);
    document = typeof next === "object" ? next.document : undefined;
  }
}

async function playDocument(
  network: Network,
  call: CallRecord,
  twiml: string,
  keys: { left: string | undefined },
): Promise<Next> {
  for (const verb of verbsIn(parseTwiml(twiml))) {
    const next = await playVerb(network, call, verb, keys);
    if (next !== undefined) return next;
  }
  return "end";
}

async function playVerb(
  network: Network,
  call: CallRecord,
  verb: Element,
  keys: { left: string | undefined },
): Promise<Next> {
  switch (verb.name) {
    case "Say":
      await say(network, call, textOf(verb));
      return undefined;
    case "Pause":
      await network.clock.sleep(Number(verb.attributes.length ?? 1) * 1000);
      return undefined;
    case "Gather":
      return gather(network, call, verb, keys);
    case "Redirect":
      return fetchDocument(network, call, textOf(verb).trim(), {});
    case "Hangup":
      return "end";
    default:
      network.alerts.push(`12200: <${verb.name}> is no verb that the rehearsed Twilio knows`);
      return undefined;
  }
}

/** Says what is in it until a key is pressed; whoever presses has heard the first text to its end. */
async function gather(
  network: Network,
  call: CallRecord,
  verb: Element,
  keys: { left: string | undefined },
): Promise<Next> {
  const { numDigits = "", timeout = "5", action } = verb.attributes;
  for (const inner of verbsIn(verb)) {
    await playVerb(network, call, inner, keys);
    if (keys.left !== undefined) break;
  }
  if (keys.left === undefined) {
    await network.clock.sleep(Number(timeout) * 1000);
    return undefined; // no key: Twilio goes on behind the Gather
  }
  const digits = numDigits === "" ? keys.left : keys.left.slice(0, Number(numDigits));
  keys.left = undefined;
  if (action === undefined) {
    network.alerts.push("a Gather without an action, in TwiML that has no address");
    return "end";
  }
  return fetchDocument(network, call, action, { Digits: digits, msg: "Gather End", FinishedOnKey: "" });
}

async function fetchDocument(
  network: Network,
  call: CallRecord,
  url: string,
  fields: Readonly<Record<string, string>>,
): Promise<Next> {
  if (!URL.canParse(url)) {
    network.alerts.push(`11100: no URL: ${url}`);
    return applicationError(network, call);
  }
  const answer = await post(url, { ...callFields(network, call), ...fields }, false, network.postman);
  const isTwiml =
    answer !== undefined && answer.status < 400 && /^(text|application)\/xml\b/.test(answer.contentType);
  if (isTwiml && isWellFormed(answer.body)) return { document: answer.body };
  network.alerts.push(`11200: ${url} answered ${answer?.status ?? "nothing"} ${answer?.contentType ?? ""}`);
  return applicationError(network, call);
}

async function applicationError(network: Network, call: CallRecord): Promise<Next> {
  await say(network, call, APPLICATION_ERROR);
  return "end";
}

async function say(network: Network, call: CallRecord, text: string): Promise<void> {
  network.hear(call.to, "call", text);
  await network.clock.sleep(Math.ceil(text.length / CHARACTERS_PER_SECOND) * 1000);
}

function verbsIn({ children }: Element): readonly Element[] {
  return children.filter((child) => typeof child === "object");
}

function isWellFormed(twiml: string): boolean {
  try {
    parseTwiml(twiml);
    return true;
  } catch {
    return false;
  }
}
