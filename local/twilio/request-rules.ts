import { RestError } from "./rest-error.ts";
import { parseTwiml } from "./twiml-document.ts";

/** Fields that a request may have (OpenAPI document of Twilio's API, "CreateMessage" and "CreateCall"). */
const MESSAGE_FIELDS = [
  ...[
    "To",
    "From",
    "MessagingServiceSid",
    "Body",
    "MediaUrl",
    "StatusCallback",
    "ApplicationSid",
    "MaxPrice",
  ],
  ...[
    "ProvideFeedback",
    "Attempt",
    "ValidityPeriod",
    "ForceDelivery",
    "ContentRetention",
    "AddressRetention",
  ],
  ...["SmartEncoded", "PersistentAction", "ShortenUrls", "ScheduleType", "SendAt", "SendAsMms"],
  ...["ContentVariables", "RiskCheck", "ContentSid"],
];
const CALL_FIELDS = [
  ...["To", "From", "Method", "FallbackUrl", "FallbackMethod", "StatusCallback", "StatusCallbackEvent"],
  ...["StatusCallbackMethod", "SendDigits", "Timeout", "Record", "RecordingChannels", "MachineDetection"],
  ...["Byoc", "CallReason", "CallToken", "Trim", "CallerId", "TimeLimit", "Url", "Twiml", "ApplicationSid"],
];
const CALL_EVENTS = ["initiated", "ringing", "answered", "completed"];

/** Checks a request to send a message as Twilio does. @throws RestError */
export function checkMessage(form: URLSearchParams, numbers: readonly string[]): void {
  refuseUnknown(form, MESSAGE_FIELDS, []);
  requirePhone(form.get("To"), 21604);
  const from = form.get("From");
  if (from === null && !form.has("MessagingServiceSid")) throw new RestError(21603);
  if (from !== null && !numbers.includes(from)) throw new RestError(21606);
  const body = form.get("Body") ?? "";
  if (body === "") throw new RestError(21602);
  if (body.length > 1600) throw new RestError(21617);
  requireNumber(form, "ValidityPeriod", 1, 36_000);
  requireWord(form, "RiskCheck", ["enable", "disable"]);
  requireCallbackUrl(form);
}

/** Checks a request to place a call as Twilio does. @throws RestError */
export function checkCall(form: URLSearchParams, numbers: readonly string[]): void {
  refuseUnknown(form, CALL_FIELDS, ["StatusCallbackEvent"]);
  requirePhone(form.get("To"), 21201);
  const from = form.get("From");
  if (from === null) throw new RestError(21213);
  if (!numbers.includes(from)) throw new RestError(21210);
  requireInstructions(form.get("Url"), form.get("Twiml"));
  for (const event of form.getAll("StatusCallbackEvent"))
    if (!CALL_EVENTS.includes(event)) throw new RestError(21626, `no such event: ${event}`);
  requireNumber(form, "Timeout", 1, 600);
  requireCallbackUrl(form);
}

/** Twilio passes over what it does not know; a typo shall not pass here. */
function refuseUnknown(form: URLSearchParams, known: readonly string[], repeatable: readonly string[]): void {
  for (const name of form.keys()) {
    if (!known.includes(name)) throw new RestError(20001, `the rehearsed Twilio knows no field ${name}`);
    if (form.getAll(name).length > 1 && !repeatable.includes(name))
      throw new RestError(20001, `${name} comes more than once`);
  }
}

function requirePhone(phone: string | null, codeIfMissing: number): void {
  if (phone === null || phone === "") throw new RestError(codeIfMissing);
  if (!/^\+[1-9]\d{6,14}$/.test(phone))
    // E.164
    throw new RestError(21211, `The 'To' number ${phone} is not a valid phone number.`);
}

function requireInstructions(url: string | null, twiml: string | null): void {
  if (url !== null) {
    if (!URL.canParse(url)) throw new RestError(21205, `Url is not a valid URL: ${url}`);
  } else if (twiml === null) throw new RestError(21205, "Url or Twiml is required");
  else if (twiml.length > 4000) throw new RestError(21205, "Twiml exceeds 4000 characters");
  else readable(twiml);
}

function readable(twiml: string): void {
  try {
    parseTwiml(twiml);
  } catch (error) {
    throw new RestError(21205, `Twiml is not well formed: ${String(error)}`);
  }
}

function requireNumber(form: URLSearchParams, name: string, least: number, most: number): void {
  const value = form.get(name);
  if (value === null) return;
  if (!/^\d+$/.test(value) || Number(value) < least || Number(value) > most)
    throw new RestError(20001, `${name} must be ${least} to ${most}, and is ${value}`);
}

function requireWord(form: URLSearchParams, name: string, words: readonly string[]): void {
  const value = form.get(name);
  if (value !== null && !words.includes(value)) throw new RestError(20001, `${name} is ${value}`);
}

/** "Must be a valid hostname, and underscores are not allowed" (Twilio API, Messages, StatusCallback). */
function requireCallbackUrl(form: URLSearchParams): void {
  const value = form.get("StatusCallback");
  if (value === null) return;
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.hostname.includes("_"))
    throw new RestError(21609, `The 'StatusCallback' URL ${value} is not a valid URL.`);
}
