import { type AddressInfo, createServer, type Socket } from "node:net";
import { pipeline } from "node:stream/promises";
import type { Address } from "./address.ts";
import { openSocket } from "./connect.ts";
import { requireOneMind } from "./handshake.ts";
import type { SpipedKey } from "./key.ts";
import { negotiate } from "./negotiate.ts";
import { timeoutMilliseconds } from "./timeout.ts";

/** spiped's -n: how many connections there may be at a time. */
const MAX_CONNECTIONS = 100;

/** What a server listens on, and leads to. */
export interface ServeOptions {
  /** Where it listens; port 0 for any that is free. */
  readonly source: Address;
  /** Where the plain bytes go. */
  readonly target: Address;
  readonly key: SpipedKey;
  /** Refuse clients that turned perfect forward secrecy off (-g). */
  readonly requirePfs?: boolean;
  /** Turn it off ourselves (-f). Not together with requirePfs. */
  readonly noPfs?: boolean;
  /** From accepting a connection until its handshake is complete and the target is reached (-o). Default 5. */
  readonly timeoutSeconds?: number;
  /** Beyond these, connections are closed at once (-n). Default 100; 0 for any number. */
  readonly maxConnections?: number;
  /** Hears why a connection was refused or broke. The peer is told nothing. */
  readonly onFailure?: (error: Error) => void;
}

/** A server that listens. */
export interface SpipedServer {
  /** Where; the path of a UNIX socket. */
  readonly address: AddressInfo | string;
  /** Accepts no more, and resolves when the last connection has ended. */
  close(): Promise<void>;
}

/**
 * Serves as `spiped -d`: what comes in encrypted and authenticated at the source goes out plain to the target. Unlike spiped it
 * connects to the target only for a client that has proven that it has the key. Resolves once it listens; rejects with
 * the system's error if it cannot.
 */
export async function serve(options: ServeOptions): Promise<SpipedServer> {
  const { source, maxConnections = MAX_CONNECTIONS, onFailure = () => undefined } = options;
  requireOneMind(options);
  const timeout = timeoutMilliseconds(options.timeoutSeconds);
  const running = new Set<Promise<void>>();
  const server = createServer({ allowHalfOpen: true, noDelay: true, keepAlive: true }, (socket) => {
    const connection = carry(socket, options, timeout).catch(onFailure);
    running.add(connection);
    void connection.finally(() => running.delete(connection));
  });
  if (maxConnections > 0) server.maxConnections = maxConnections;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(source, () => resolve());
  });
  server.on("error", onFailure); // accepting fails when there are no descriptors left; the next attempt may not
  const address = server.address();
  if (address === null) throw new Error("the server does not listen");
  return {
    address,
    close: async () => {
      await new Promise((done) => server.close(done));
      await Promise.all(running);
    },
  };
}

/** One connection, from the first byte to the last. */
async function carry(client: Socket, options: ServeOptions, milliseconds: number): Promise<void> {
  let target: Socket | undefined;
  try {
    const pipe = await negotiate(client, {
      role: "server",
      key: options.key,
      requirePfs: options.requirePfs,
      noPfs: options.noPfs,
      timeoutMilliseconds: milliseconds,
      onAuthentic: async () => {
        target = await openSocket(options.target, milliseconds);
      },
    });
    if (target === undefined) throw new Error("the handshake passed without its target");
    // Each ends the other's side that it feeds; if either fails, both are destroyed.
    await Promise.all([pipeline(pipe, target), pipeline(target, pipe)]);
  } finally {
    target?.destroy();
  }
}
