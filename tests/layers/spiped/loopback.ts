import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import type { Duplex } from "node:stream";

/** A TCP server on loopback that treats each connection as a test wants it. */
export interface Loopback {
  readonly address: { host: string; port: number };
  /** All that were ever accepted. */
  readonly sockets: Socket[];
  close(): Promise<void>;
}

export async function listen(treat: (socket: Socket) => void): Promise<Loopback> {
  const sockets: Socket[] = [];
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.push(socket.on("error", () => undefined));
    treat(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { address: host, port } = server.address() as AddressInfo;
  return {
    address: { host, port },
    sockets,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}

/** Says back what it hears, and ends when it was told that that is all. */
export function echo(socket: Socket): void {
  socket.pipe(socket);
}

/** Hears out, and only then says it back, in small pieces with pauses between. */
export function slowEcho(socket: Socket): void {
  const heard: Buffer[] = [];
  socket.on("data", (bytes) => heard.push(bytes));
  socket.on("end", async () => {
    const all = Buffer.concat(heard);
    for (let at = 0; at < all.length; at += 200) {
      socket.write(all.subarray(at, at + 200));
      await new Promise((wake) => setTimeout(wake, 2));
    }
    socket.end();
  });
}

/** A port of loopback on which nobody listens. */
export async function deadAddress(): Promise<{ host: string; port: number }> {
  const nobody = await listen(() => undefined);
  await nobody.close();
  return nobody.address;
}

/** Everything that a stream still says, until it ends. Rejects when it fails. */
export async function heard(stream: Duplex): Promise<Buffer> {
  const chunks: Buffer[] = [];
  stream.on("data", (bytes: Buffer) => chunks.push(bytes));
  await once(stream, "end");
  return Buffer.concat(chunks);
}

/** The error that a promise rejects with. */
export async function failureOf(promise: Promise<unknown>): Promise<Error & Record<string, unknown>> {
  try {
    await promise;
  } catch (error) {
    return error as Error & Record<string, unknown>;
  }
  throw new Error("it did not fail");
}
