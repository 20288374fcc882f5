import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Call, Door } from "../cloud/contract.ts";
import { AwsError } from "./aws-error.ts";
import { type Incoming, identify } from "./incoming.ts";
import { ec2Error, queryError } from "./query-protocol.ts";

/** What goes back over the wire. */
export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string | Buffer;
}

/** Carries out one request; errors come as AwsError. */
export type Serve = (incoming: Incoming, hook: Door["onCall"]) => Promise<Answer>;

/**
 * Opens a loopback address at which the cloud answers.
 * @throws the system's error EADDRINUSE when the port is occupied
 */
export async function openDoor(serve: Serve, port: number): Promise<Door> {
  let frozen = false;
  const server = createServer((request, response) => {
    void answer(request, response);
  });
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await readAll(request);
    const hook = (call: Call, phase: "before" | "after") => passUnlessFrozen(call, phase);
    const result = await respond(request, body, (incoming) => serve(incoming, hook));
    if (frozen) return; // unanswered for ever
    response.writeHead(result.status, { "content-type": result.contentType });
    response.end(result.body);
  };
  const passUnlessFrozen = async (call: Call, phase: "before" | "after") => {
    if (!frozen) await door.onCall(call, phase);
    if (frozen) await new Promise(() => undefined); // the request stays under way, and nobody hears of it
  };

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve());
  });
  const door: Door = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    onCall: async () => undefined,
    freeze: () => {
      frozen = true;
    },
    close: async () => {
      frozen = true;
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
  return door;
}

async function respond(
  request: IncomingMessage,
  body: Buffer,
  serve: (incoming: Incoming) => Promise<Answer>,
): Promise<Answer> {
  let incoming: Incoming | undefined;
  try {
    incoming = identify(request, body);
    return await serve(incoming);
  } catch (error) {
    const failure =
      error instanceof AwsError
        ? error
        : new AwsError("InternalFailure", `rehearsal cloud: ${String(error)}`, 500);
    return errorAnswer(failure, incoming?.protocol ?? "query");
  }
}

function errorAnswer(error: AwsError, protocol: Incoming["protocol"]): Answer {
  if (protocol === "json") {
    const body = JSON.stringify({ __type: error.code, message: error.message });
    return { status: error.status, contentType: "application/x-amz-json-1.1", body };
  }
  const write = protocol === "ec2" ? ec2Error : queryError;
  return { status: error.status, contentType: "text/xml;charset=UTF-8", body: write(error, "rehearsal") };
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
