import { createHmac } from "node:crypto";
import type { CallbackFate, Deliver, Delivered, WebhookCall } from "./contract.ts";

/** What delivering stands on. */
export interface Postman {
  readonly deliver: Deliver;
  readonly authToken: string;
  readonly fate: () => CallbackFate;
  /** Notes every request that was made. */
  readonly note: (call: WebhookCall) => void;
}

/**
 * Makes a request of Twilio's, signed, and again as the URL's fragment says (Twilio, "Webhook connection overrides":
 * `rc` how often, 1 unless it says so; `rp` upon what, `ct` unless it says so: a connection that does not come about).
 * @param isStatus of a status callback, whose answer nobody reads; such may come twice, or not at all
 * @returns the last answer; undefined when nobody was reached
 */
export async function post(
  url: string,
  fields: Readonly<Record<string, string>>,
  isStatus: boolean,
  postman: Postman,
): Promise<Delivered | undefined> {
  const fate = postman.fate();
  if (isStatus && fate === "lost") return undefined;
  const answer = await tryOften(url, fields, postman);
  return fate === "twice" ? await tryOften(url, fields, postman) : answer;
}

async function tryOften(
  url: string,
  fields: Readonly<Record<string, string>>,
  postman: Postman,
): Promise<Delivered | undefined> {
  const [place = "", fragment = ""] = url.split("#");
  const overrides = new URLSearchParams(fragment);
  const policy = (overrides.get("rp") ?? "ct").split(",");
  let answer: Delivered | undefined;
  for (let tries = 0; tries <= Number(overrides.get("rc") ?? 1); tries += 1) {
    answer = await tryOnce(place, fields, postman);
    if (!isWorthAnother(answer, policy)) return answer;
  }
  return answer;
}

function isWorthAnother(answer: Delivered | undefined, policy: readonly string[]): boolean {
  const what = answer === undefined ? "ct" : `${Math.floor(answer.status / 100)}xx`;
  return policy.includes(what) || (policy.includes("all") && what !== "2xx");
}

async function tryOnce(
  url: string,
  fields: Readonly<Record<string, string>>,
  { deliver, authToken, note }: Postman,
): Promise<Delivered | undefined> {
  const form = new URLSearchParams(fields);
  const headers = {
    "content-type": "application/x-www-form-urlencoded; charset=UTF-8",
    "user-agent": "TwilioProxy/1.1",
    "x-twilio-signature": sign(authToken, url, fields),
  };
  const answer = await deliver(url, form, headers).catch(() => undefined);
  note({ url, form, headers, status: answer?.status });
  return answer;
}

/** Twilio, "Webhooks security". Written apart from functions/, which is to be held to it. */
function sign(authToken: string, url: string, fields: Readonly<Record<string, string>>): string {
  const hmac = createHmac("sha1", authToken).update(url);
  for (const name of Object.keys(fields).sort()) hmac.update(`${name}${fields[name]}`);
  return hmac.digest("base64");
}
