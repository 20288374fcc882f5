import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { CallbackFate, FakeTwilio, TwilioOptions, WebhookCall } from "./contract.ts";
import { Faults, isCarriedOut, refusalBy } from "./faults.ts";
import { carryOut, operationOf } from "./front-desk.ts";
import { receiveText } from "./message-course.ts";
import { makeNetwork, type Network } from "./network.ts";
import { errorJson, RestError } from "./rest-error.ts";

/** Starts a Twilio on loopback, at a port that is free. It lives on the given clock. */
export async function startTwilio(options: TwilioOptions): Promise<FakeTwilio> {
  let fate: CallbackFate = "once";
  const webhooks: WebhookCall[] = [];
  const faults = new Faults();
  const network = makeNetwork(options, {
    deliver: options.deliver,
    authToken: options.authToken,
    fate: () => fate,
    note: (call) => webhooks.push(call),
  });
  const server = createServer((request, response) => {
    answer(network, faults, request, response)
      .then((answered) => {
        if (!answered) twilio.onSilence();
      })
      .catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const twilio: FakeTwilio = {
    onSilence: () => undefined,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    person: (phone, person) => network.setPerson(phone, person),
    fail: (fault) => faults.add(fault),
    strikesLeft: () => faults.left(),
    congestion: (seconds) => {
      network.queueSeconds = seconds;
    },
    callbacks: (next) => {
      fate = next;
    },
    heard: (phone) => network.heard(phone),
    text: (from, body) =>
      options.clock.performing(() => receiveText(network, from, options.numbers[0] ?? "", body)),
    accepted: (kind) =>
      kind === "sms"
        ? network.messages.filter(({ direction }) => direction === "outbound-api").map(({ sid }) => sid)
        : network.calls.map(({ sid }) => sid),
    webhooks: () => webhooks,
    alerts: () => network.alerts,
    settled: () => network.settled(),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return twilio;
}

/** @returns whether anything was answered */
async function answer(
  network: Network,
  faults: Faults,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const { method = "GET", url = "/" } = request;
  const { pathname: path, searchParams: query } = new URL(url, "http://twilio.invalid");
  const form = new URLSearchParams(await readBody(request));
  try {
    authenticate(request, network);
    const operation = operationOf(method, path, network.options.accountSid);
    const how = faults.strike(operation);
    const refusal = how === undefined ? undefined : refusalBy(how);
    if (refusal !== undefined) throw refusal;
    const isDone = how === undefined || isCarriedOut(how);
    const json = isDone ? carryOut(network, { operation, path, query, form }) : {};
    if (how === undefined) reply(response, method === "POST" ? 201 : 200, json);
    else if ("reset" in how) request.socket.resetAndDestroy();
    else if ("status" in how)
      response.writeHead(how.status, { "content-type": "text/html" }).end("<html>Oops</html>");
    else return false; // silence: the caller has to give up by itself
  } catch (error) {
    if (!(error instanceof RestError)) throw error;
    network.alerts.push(`${error.code}: ${error.message}`);
    const later =
      error.retryAfterSeconds === undefined ? {} : { "retry-after": `${error.retryAfterSeconds}` };
    reply(response, error.status, errorJson(error), later);
  }
  return true;
}

/** HTTP Basic: the account's SID and its auth token. @throws RestError */
function authenticate(request: IncomingMessage, { options }: Network): void {
  const [scheme, credentials = ""] = (request.headers.authorization ?? "").split(" ");
  const given = Buffer.from(credentials, "base64").toString();
  if (scheme !== "Basic" || given !== `${options.accountSid}:${options.authToken}`)
    throw new RestError(20003);
}

function reply(
  response: ServerResponse,
  status: number,
  json: object,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { "content-type": "application/json;charset=utf-8", ...headers });
  response.end(JSON.stringify(json));
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
