import { placeCall } from "./call-course.ts";
import type { Operation } from "./contract.ts";
import { listPage } from "./listing.ts";
import { deliverMessage } from "./message-course.ts";
import type { Network } from "./network.ts";
import { type CallRecord, callJson, type MessageRecord, messageJson } from "./records.ts";
import { checkCall, checkMessage } from "./request-rules.ts";
import { RestError } from "./rest-error.ts";

/** A request of ours, authenticated. */
export interface RestRequest {
  readonly operation: Operation;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly form: URLSearchParams;
}

/** Which operation a request asks for. @throws RestError when there is none of the kind */
export function operationOf(method: string, path: string, accountSid: string): Operation {
  const [, account, resource] = /^\/2010-04-01\/Accounts\/([^/]+)\/(\w+)\.json$/.exec(path) ?? [];
  const operations: Readonly<Record<string, Operation>> = {
    "POST Messages": "SendMessage",
    "POST Calls": "PlaceCall",
    "GET Messages": "ListMessages",
    "GET Calls": "ListCalls",
    "GET Balance": "Balance",
  };
  const operation = operations[`${method} ${resource}`];
  if (account !== accountSid || operation === undefined)
    throw new RestError(20404, `The requested resource ${path} was not found`);
  return operation;
}

/** Carries out a request. @returns the JSON of the answer @throws RestError */
export function carryOut(network: Network, request: RestRequest): object {
  const { accountSid, balance = "20.00" } = network.options;
  const { operation, query, path } = request;
  switch (operation) {
    case "SendMessage":
      return messageJson(accountSid, acceptMessage(network, request.form));
    case "PlaceCall":
      return callJson(accountSid, acceptCall(network, request.form));
    case "ListMessages":
      return listPage("Messages", network.messages, query, path, (one) => messageJson(accountSid, one));
    case "ListCalls":
      return listPage("Calls", network.calls, query, path, (one) => callJson(accountSid, one));
    case "Balance":
      return { account_sid: accountSid, balance, currency: "USD" };
  }
}

function acceptMessage(network: Network, form: URLSearchParams): MessageRecord {
  checkMessage(form, network.options.numbers);
  const to = form.get("To") ?? "";
  if (network.personAt(to).sms === "opted-out") throw new RestError(21610);
  const message: MessageRecord = {
    ...{ kind: "sms", direction: "outbound-api", status: "queued", errorCode: undefined, to },
    from: form.get("From") ?? network.options.numbers[0] ?? "",
    body: form.get("Body") ?? "",
    sid: network.newSid("SM"),
    createdAt: network.clock.now(),
    sentAt: undefined,
  };
  network.messages.push(message);
  const validitySeconds = Number(form.get("ValidityPeriod") ?? 36_000);
  const statusCallback = form.get("StatusCallback") ?? undefined;
  network.begin(() => deliverMessage(network, message, statusCallback, validitySeconds));
  return { ...message };
}

function acceptCall(network: Network, form: URLSearchParams): CallRecord {
  checkCall(form, network.options.numbers);
  const twiml = form.get("Twiml");
  if (form.has("Url") || twiml === null)
    throw new RestError(21205, "the rehearsed Twilio takes calls with Twiml only");
  const call: CallRecord = {
    ...{ kind: "call", status: "queued", startedAt: undefined, endedAt: undefined },
    to: form.get("To") ?? "",
    from: form.get("From") ?? "",
    sid: network.newSid("CA"),
    createdAt: network.clock.now(),
  };
  network.calls.push(call);
  const events = form.getAll("StatusCallbackEvent");
  network.begin(() =>
    placeCall(network, call, {
      twiml,
      timeoutSeconds: Number(form.get("Timeout") ?? 60),
      statusCallback: form.get("StatusCallback") ?? undefined,
      events: events.length === 0 ? ["completed"] : events,
    }),
  );
  return { ...call };
}
