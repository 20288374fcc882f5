import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** An address that takes no connection and refuses none, as a firewall that drops packets would have it. */
export interface BlackHole {
  readonly address: string;
  close(): void;
}

/** Listens with room for one, and accepts nobody: its thread sleeps. */
const PROGRAM = `
  const server = require("node:net").createServer();
  server.listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => {
    require("node:fs").writeSync(1, server.address().port + "\\n");
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });`;

/** A listening socket whose queue is full: Linux then drops whoever else asks (listen(2), backlog). */
export async function openBlackHole(): Promise<BlackHole> {
  const child: ChildProcess = spawn(process.execPath, ["-e", PROGRAM], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(child.stdout as NodeJS.ReadableStream, "data")) as [Buffer];
  const port = Number(line.toString());
  const queued: Socket[] = [];
  // A queue of n holds n + 1.
  for (let place = 0; place < 2; place += 1) {
    const socket = connect(port, "127.0.0.1").on("error", () => undefined);
    queued.push(socket);
    await once(socket, "connect");
  }
  return {
    address: `127.0.0.1:${port}`,
    close: () => {
      for (const socket of queued) socket.destroy();
      child.kill("SIGKILL");
    },
  };
}
