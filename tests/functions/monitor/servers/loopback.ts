import { type AddressInfo, createServer, type Server, type Socket } from "node:net";

/** A server on loopback that knows who is still connected. */
export interface Loopback {
  readonly port: number;
  /** "127.0.0.1:40123". */
  readonly address: string;
  /** How many connections there have been. */
  readonly connections: number;
  /** Resolves once nobody is connected any more: whoever was has closed, or broken, its connections. */
  untilLeft(): Promise<void>;
  close(): Promise<void>;
}

/** What a server does with a connection. */
export type Conduct = (socket: Socket) => void;

const open = new Set<Loopback>();

/** Closes all servers that were started. For afterEach. */
export async function closeServers(): Promise<void> {
  for (const server of open) await server.close();
}

/** Listens, and does so with each connection. */
export function listen(conduct: Conduct): Promise<Loopback> {
  return attend(createServer({ noDelay: true }, conduct));
}

/** Listens with a server of any protocol over TCP. */
export async function attend(server: Server): Promise<Loopback> {
  const sockets = new Set<Socket>();
  let connections = 0;
  let left: () => void = () => undefined;
  server.on("connection", (socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on("error", () => undefined).resume();
    socket.on("close", () => {
      sockets.delete(socket);
      if (sockets.size === 0) left();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const loopback: Loopback = {
    port,
    address: `127.0.0.1:${port}`,
    get connections() {
      return connections;
    },
    untilLeft: () =>
      new Promise((resolve) => {
        left = resolve;
        if (sockets.size === 0) resolve();
      }),
    close: async () => {
      open.delete(loopback);
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
  open.add(loopback);
  return loopback;
}

/** An address at which nobody listens. */
export async function refusedAddress(): Promise<string> {
  const server = await listen(() => undefined);
  await server.close();
  return server.address;
}

/** Accepts, and says nothing. */
export const silent: Conduct = () => undefined;

/** Says something, and then nothing more. */
export function saying(text: string | Buffer): Conduct {
  return (socket) => socket.write(text);
}

/** Says something and closes. */
export function sayingAndClosing(text: string | Buffer): Conduct {
  return (socket) => socket.end(text);
}

/** Breaks the connection with a RST as soon as it is there, or as something was said. */
export function resetting(when: "at once" | "when spoken to"): Conduct {
  return (socket) => {
    if (when === "at once") socket.resetAndDestroy();
    else socket.once("data", () => socket.resetAndDestroy());
  };
}

/** Goes on for ever with the same, as fast as it is taken. */
export function endless(chunk: string, first = ""): Conduct {
  return (socket) => {
    const go = () => {
      while (!socket.destroyed && socket.write(chunk));
      if (!socket.destroyed) socket.once("drain", go);
    };
    socket.write(first);
    go();
  };
}
