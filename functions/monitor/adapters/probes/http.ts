import { type IncomingMessage, request } from "node:http";
import type { Duplex } from "node:stream";
import { stopwatch } from "#platform";
import { failed, ProbeEndedError, quoted } from "../../findings/finding.ts";
import { BODY_LIMIT_BYTES, judgeAnswer } from "../../findings/http-finding.ts";
import { brokenConnection, type NetworkError } from "../../findings/network-reason.ts";
import type { Attempt, Probe } from "./attempt.ts";
import { openConnection } from "./connect.ts";
import { matchPattern } from "./match-pattern.ts";
import { secureConnection } from "./secure.ts";

/** A page: one request on a connection of its own. Redirects are looked at, not followed. */
export const probeHttp: Probe<"http"> = async (check, _surroundings, attempt) => {
  const url = new URL(check.url);
  const isSecure = url.protocol === "https:";
  const port = url.port === "" ? (isSecure ? 443 : 80) : Number(url.port);
  const host = url.hostname.replaceAll(/[[\]]/g, ""); // IPv6 addresses stand in brackets
  const elapsed = stopwatch();
  const { socket, peer } = await openConnection(`${host}:${port}`, attempt);
  const connected = elapsed();
  const stream = isSecure
    ? await secureConnection(socket, { name: host, peer, isVerified: true }, attempt)
    : socket;
  const secured = elapsed();
  attempt.stage = `waiting for the first byte of ${peer}`;
  const response = await ask(url, stream, peer, attempt);
  const answered = elapsed();
  attempt.stage = `reading the page from ${peer}`;
  const body = await readBody(response, peer, attempt);
  const timings = {
    connect: connected,
    tls: isSecure ? secured - connected : undefined,
    firstByte: answered - secured,
    whole: elapsed(),
  };
  const { statusCode: status = 0, headers } = response;
  const match =
    check.matches === undefined || body === undefined ? undefined : matchPattern(check.matches, body);
  return judgeAnswer({ status, location: headers.location, body, match, timings }, check);
};

function ask(url: URL, stream: Duplex, peer: string, attempt: Attempt): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const asked = request({
      createConnection: () => stream,
      method: "GET",
      path: `${url.pathname}${url.search}`,
      headers: {
        host: url.host,
        "user-agent": "nightshift-monitor",
        accept: "*/*",
        "accept-encoding": "identity",
        connection: "close",
        ...(url.username === "" ? {} : { authorization: basic(url) }),
      },
      maxHeaderSize: 64 * 1024,
    });
    attempt.own(asked);
    asked.once("response", resolve);
    asked.on("error", (error: NetworkError) => reject(noAnswer(error, peer, attempt)));
    // Nothing but an answer in HTTP is asked for: a change of protocol is none.
    asked.once("upgrade", () => reject(new ProbeEndedError(failed(`${peer} changed to another protocol`))));
    asked.end();
  });
}

/** The whole body, or undefined when it is too long for one. */
async function readBody(
  response: IncomingMessage,
  peer: string,
  attempt: Attempt,
): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > BODY_LIMIT_BYTES) return undefined;
      chunks.push(chunk);
    }
  } catch (error) {
    throw noAnswer(error as NetworkError, peer, attempt);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Parser errors begin with HPE_ (llhttp). */
function noAnswer(error: NetworkError, peer: string, attempt: Attempt): ProbeEndedError {
  const { code = "", message } = error;
  if (code === "HPE_HEADER_OVERFLOW")
    return new ProbeEndedError(failed(`${peer} sent headers without an end`));
  if (code.startsWith("HPE_"))
    return new ProbeEndedError(
      failed(`${peer} does not speak HTTP: ${quoted(message.replace(/^Parse Error: /, ""))}`),
    );
  return new ProbeEndedError(brokenConnection(error, peer, attempt.stage));
}

/** Who the address says is asking (RFC 7617). */
function basic({ username, password }: URL): string {
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Basic ${Buffer.from(pair).toString("base64")}`;
}
