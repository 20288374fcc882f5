import { type SpipedKey, serve } from "#spiped";
import { KEY } from "./stage.ts";

/** A spiped server on loopback: our own, which speaks with the real one (tests/peers). */
export interface TestPipe {
  readonly address: string;
  /** Resolves once nobody is connected any more, and nobody can connect. */
  untilLeft(): Promise<void>;
}

const open = new Set<TestPipe>();

/** Closes all pipes. For afterEach, after the servers behind them were closed. */
export async function closePipes(): Promise<void> {
  for (const pipe of open) await pipe.untilLeft();
}

/** Leads to a port on loopback. */
export async function openPipeTo(port: number, key: SpipedKey = KEY): Promise<TestPipe> {
  const loopback = (at: number) => ({ host: "127.0.0.1", port: at });
  const server = await serve({ source: loopback(0), target: loopback(port), key });
  if (typeof server.address === "string") throw new Error("it listens on no port");
  let closed: Promise<void> | undefined;
  const pipe: TestPipe = {
    address: `127.0.0.1:${server.address.port}`,
    untilLeft: () => {
      open.delete(pipe);
      closed ??= server.close();
      return closed;
    },
  };
  open.add(pipe);
  return pipe;
}
