import { Failure, z } from "#platform";
import { PhoneInDoubtError, PhoneUnreachableError } from "../telling/failures.ts";
import { callbackUrl, incidentOf } from "../telling/message-key.ts";
import type { MonitorUrls, Phone, Telling, TwilioAccount, TwilioCredentials } from "../telling/ports.ts";
import { callTwiml } from "../telling/twiml.ts";
import { AnswerLostError, look, refusalIn, twilioClient } from "./twilio-client.ts";
import { sentTo, type TwilioEntry } from "./twilio-search.ts";

/** An SMS that no phone took within this time is of no use any more; Twilio's own default is ten hours. */
const VALIDITY_SECONDS = 600;

/** How long a phone rings. Twilio adds five seconds. */
const RING_SECONDS = 40;

/** Of what a call goes through Twilio tells by default only the last. */
const CALL_EVENTS = ["initiated", "ringing", "answered", "completed"];

/** Twilio's clock and ours may differ, and its times are of whole seconds. */
const SKEW_SECONDS = 10;

const Accepted = z.object({ sid: z.string().min(1) });
const BalanceAnswer = z.object({ balance: z.string(), currency: z.string() });

/** What the line to Twilio stands on. */
export interface TwilioLine {
  /** Where Twilio is: `twilioUrl` of the settings. */
  readonly baseUrl: string;
  /** The number that we send and call from, E.164. */
  readonly from: string;
  readonly account: TwilioAccount;
  readonly urls: MonitorUrls;
  /** Aborts when one request has taken too long. Default: after 10 s, far below the time after which tell-once doubts. */
  readonly patience?: () => AbortSignal;
}

/** SMS and calls through Twilio (Twilio API, "Messages" and "Calls"). */
export function twilioPhone(line: TwilioLine): Phone {
  const { baseUrl, account, patience = () => AbortSignal.timeout(10_000) } = line;
  const client = twilioClient(baseUrl, patience);

  return {
    send: async (telling, now) => {
      const { credentials, form } = await preparedFor(telling, line, now);
      const path = telling.channel === "sms" ? "/Messages.json" : "/Calls.json";
      const answer = await client.ask(credentials, path, form).catch((error: Error) => {
        throw error instanceof AnswerLostError ? inDoubt(telling, error.message, error) : error;
      });
      const refusal = refusalIn(answer);
      if (refusal !== undefined) throw refusal;
      const accepted = Accepted.safeParse(answer.json);
      if (answer.status >= 300 || !accepted.success)
        throw inDoubt(telling, `Twilio answered ${answer.status}, and no sid`);
      return accepted.data.sid;
    },
    find: async (telling, since, known, now) => {
      const credentials: TwilioCredentials = await account.read(now);
      const kind = telling.channel === "sms" ? "Messages" : "Calls";
      const earliest = new Date(since.getTime() - SKEW_SECONDS * 1000);
      const sent = await sentTo(kind, telling.contact.phone, earliest, client, credentials);
      // A text is told by its body, before which a trial account has a sentence; calls to one phone all look alike.
      const isThis = ({ body }: TwilioEntry) => telling.channel === "call" || body?.endsWith(telling.text);
      return sent.find((entry) => !known.has(entry.sid) && isThis(entry))?.sid;
    },
    balance: async (now) => {
      const { balance, currency } = BalanceAnswer.parse(
        await look(client, await account.read(now), "/Balance.json"),
      );
      return { amount: balance, currency };
    },
  };
}

/** What is read before anything is sent. A failure here leaves no doubt. */
async function preparedFor(
  telling: Telling,
  line: TwilioLine,
  now: Date,
): Promise<{ credentials: TwilioCredentials; form: URLSearchParams }> {
  try {
    return { credentials: await line.account.read(now), form: await formOf(telling, line, now) };
  } catch (error) {
    if (error instanceof Failure) throw error;
    const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    throw new PhoneUnreachableError(`our own parameters cannot be read: ${what}`, { cause: error });
  }
}

async function formOf(
  { key, contact, channel, text }: Telling,
  { from, urls }: TwilioLine,
  now: Date,
): Promise<URLSearchParams> {
  const form = new URLSearchParams({
    To: contact.phone,
    From: from,
    StatusCallback: callbackUrl(await urls.read("delivery", now), key),
  });
  if (channel === "sms") {
    form.set("Body", text);
    form.set("ValidityPeriod", String(VALIDITY_SECONDS));
    form.set("RiskCheck", "disable"); // alarms to the same few numbers look like pumping
    return form;
  }
  const keypressUrl =
    incidentOf(key) === undefined ? undefined : callbackUrl(await urls.read("keypress", now), key);
  form.set("Twiml", callTwiml(text, keypressUrl));
  form.set("Timeout", String(RING_SECONDS));
  for (const event of CALL_EVENTS) form.append("StatusCallbackEvent", event);
  return form;
}

function inDoubt({ key }: Telling, what: string, cause?: Error): PhoneInDoubtError {
  return new PhoneInDoubtError(`${key}: ${what}; it may have been sent`, { cause });
}
