import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Door } from "./contract.ts";
import type { Power, Reception } from "./reception.ts";

/**
 * Opens a door: an HTTP server of its own on loopback, in front of the account that all doors share.
 * `port` 0 picks a free one.
 * @throws Error with code EADDRINUSE when the port is taken
 */
export async function openDoor(reception: Reception, port: number): Promise<Door> {
  const power = powerSwitch();
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.destroy(asError(error)));
  });
  // Clients keep connections between calls; closing them first would race with their next request.
  server.keepAliveTimeout = 0;
  await listen(server, port);
  const door: Door = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    onCall: async () => undefined,
    freeze: power.turnOff,
    close: () => close(server),
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    const requestId = randomUUID();
    const { method = "GET", url: target = "/", headers } = request;
    const answered = await reception.receive(door, power, { method, target, headers, body }, requestId);
    if (answered === undefined) return; // frozen: the socket stays open, unanswered
    response.writeHead(answered.status, {
      ...answered.headers,
      ...(answered.contentType === "" ? {} : { "content-type": answered.contentType }),
      // RFC 9110, 8.6: an answer of status 204 has no length. After HEAD, node sends it without the body.
      ...(answered.status === 204 ? {} : { "content-length": answered.body.length }),
      "x-amzn-requestid": requestId,
      "x-amz-request-id": requestId,
    });
    response.end(answered.body);
  }

  return door;
}

function powerSwitch(): Power & { turnOff: () => void } {
  const { promise: failed, resolve } = Promise.withResolvers<void>();
  let isOn = true;
  return {
    isOn: () => isOn,
    failed,
    turnOff: () => {
      isOn = false;
      resolve();
    },
  };
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
