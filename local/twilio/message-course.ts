import type { Network } from "./network.ts";
import type { MessageRecord } from "./records.ts";
import { parseTwiml, textOf } from "./twiml-document.ts";
import { post } from "./webhook-delivery.ts";

/** Seconds from the carrier to the phone. */
const DELIVER_SECONDS = 2;
/** After this, or after the message's validity, a carrier gives up on a phone that is off. */
const GIVE_UP_SECONDS = 60;

/** "Validity Period Expired": the message waited in Twilio's queue for longer than it was worth. */
const VALIDITY_EXPIRED = 30_036;

/** Words that Twilio acts upon by itself, when they are the whole text. */
const STOP = ["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT"];
const START = ["START", "YES", "UNSTOP"];

/** Takes a message of ours from the queue to the phone, with its status callbacks, and on to the reply. */
export async function deliverMessage(
  network: Network,
  message: MessageRecord,
  statusCallback: string | undefined,
  validitySeconds: number,
): Promise<void> {
  const { clock, options } = network;
  const turn = async (status: string, errorCode?: number) => {
    message.status = status;
    message.errorCode = errorCode;
    if (statusCallback === undefined) return;
    const { to, from, sid } = message;
    await post(
      statusCallback,
      {
        ...{ AccountSid: options.accountSid, ApiVersion: "2010-04-01", From: from, To: to },
        ...{ MessageSid: sid, SmsSid: sid, MessageStatus: status, SmsStatus: status },
        ...(errorCode === undefined ? {} : { ErrorCode: String(errorCode) }),
      },
      true,
      network.postman,
    );
  };
  await clock.sleep(Math.min(network.queueSeconds, validitySeconds) * 1000);
  if (network.queueSeconds > validitySeconds) return turn("failed", VALIDITY_EXPIRED);
  message.sentAt = clock.now();
  await turn("sent");
  const { sms } = network.personAt(message.to);
  if (typeof sms === "object" && "fails" in sms) {
    await clock.sleep(Math.min(validitySeconds, GIVE_UP_SECONDS) * 1000);
    await turn("undelivered", sms.fails);
    return;
  }
  await clock.sleep(DELIVER_SECONDS * 1000);
  network.hear(message.to, "sms", message.body);
  await turn("delivered");
  if (typeof sms !== "object") return;
  const { text, afterSeconds } = sms.reply;
  const reply = typeof text === "string" ? text : text(message.body);
  if (reply === undefined) return;
  await clock.sleep(afterSeconds * 1000);
  await receiveText(network, message.to, message.from, reply);
}

/** Takes a text to one of our numbers to the webhook, and carries out its answer. */
export async function receiveText(network: Network, from: string, to: string, body: string): Promise<void> {
  const { options, clock } = network;
  const sid = network.newSid("SM");
  const at = clock.now();
  const inbound = {
    from,
    to,
    body,
    sid,
    createdAt: at,
    sentAt: at,
    status: "received",
    errorCode: undefined,
  };
  network.messages.push({ kind: "sms", direction: "inbound", ...inbound });
  const word = body.trim().toUpperCase();
  if (STOP.includes(word)) {
    network.hear(from, "sms", "You have successfully been unsubscribed.");
    network.setPerson(from, { sms: "opted-out" });
  }
  if (START.includes(word)) network.setPerson(from, { sms: "read" });
  if (options.smsUrl === undefined) return;
  const answer = await post(
    options.smsUrl,
    {
      ...{ AccountSid: options.accountSid, ApiVersion: "2010-04-01", From: from, To: to, Body: body },
      ...{ MessageSid: sid, SmsSid: sid, SmsMessageSid: sid, SmsStatus: "received" },
      ...{ NumMedia: "0", NumSegments: "1", FromCountry: "US", ToCountry: "US" },
    },
    false,
    network.postman,
  );
  for (const text of textsIn(network, answer)) answerBy(network, to, from, text);
}

/** What an answer says to send back. Whatever is no TwiML is itself sent, as Twilio does with text/plain. */
function textsIn(network: Network, answer: Awaited<ReturnType<typeof post>>): string[] {
  if (answer === undefined || answer.status >= 400) {
    network.alerts.push(`11200: the webhook for texts answered ${answer?.status ?? "nothing"}`);
    return [];
  }
  if (!/^(text|application)\/xml\b/.test(answer.contentType)) return answer.body === "" ? [] : [answer.body];
  try {
    const verbs = parseTwiml(answer.body).children.filter((child) => typeof child === "object");
    const others = verbs.filter(({ name }) => name !== "Message");
    for (const { name } of others) network.alerts.push(`12200: <${name}> is no verb for texts`);
    return verbs.filter(({ name }) => name === "Message").map(textOf);
  } catch (error) {
    network.alerts.push(`12100: the answer to a text is no TwiML: ${String(error)}`);
    return [];
  }
}

function answerBy(network: Network, from: string, to: string, body: string): void {
  if (network.personAt(to).sms === "opted-out") return;
  const at = network.clock.now();
  const sid = network.newSid("SM");
  const sent = { createdAt: at, sentAt: at, status: "delivered", errorCode: undefined };
  network.messages.push({ kind: "sms", direction: "outbound-reply", from, to, body, sid, ...sent });
  network.hear(to, "sms", body);
}
