import { connect, type Socket } from "node:net";
import { type Loopback, listen } from "../layers/spiped/loopback.ts";

/** What somebody in between does to one direction: holds back some bytes, and sends others in their place. */
export interface Tampering {
  readonly direction: "to server" | "to client";
  /** How many bytes go by before. */
  readonly after: number;
  /** How many bytes are held. */
  readonly hold: number;
  readonly change: (held: Buffer) => Buffer;
  /** Whether that direction ends with them. */
  readonly cuts?: boolean;
}

/** A relay on loopback that does so; without a tampering it passes everything on, each byte by itself. */
export function startRelay(server: { host: string; port: number }, tampering?: Tampering): Promise<Loopback> {
  return listen((client) => {
    const upstream = connect({ ...server, allowHalfOpen: true, noDelay: true }).on("error", () => undefined);
    client.setNoDelay(true);
    client.on("close", () => upstream.destroySoon()); // half open, it would stay for ever
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      const isSubject = tampering?.direction === (from === client ? "to server" : "to client");
      if (tampering === undefined) passBytes(from, to);
      else if (isSubject) tamper(from, to, tampering);
      else from.pipe(to);
      from.on("close", () => {
        if (!from.readableEnded || from.errored) to.destroy();
      });
    }
  });
}

function tamper(from: Socket, to: Socket, { after, hold, change, cuts }: Tampering): void {
  let seen: Buffer = Buffer.alloc(0);
  let passed = 0;
  let isDone = false;
  from.on("data", (bytes) => {
    if (isDone) {
      if (cuts !== true) to.write(bytes);
      return;
    }
    seen = Buffer.concat([seen, bytes]);
    to.write(seen.subarray(passed, after));
    passed = Math.min(seen.length, after);
    if (seen.length < after + hold) return;
    isDone = true;
    to.write(change(seen.subarray(after, after + hold)));
    if (cuts === true) to.end();
    else to.write(seen.subarray(after + hold));
  });
  from.on("end", () => {
    if (!isDone) to.write(seen.subarray(passed));
    if (!to.writableEnded) to.end();
  });
}

function passBytes(from: Socket, to: Socket): void {
  let last = Promise.resolve();
  from.on("data", (bytes) => {
    last = last.then(async () => {
      for (const byte of bytes) {
        to.write(Buffer.from([byte]));
        await new Promise((resolve) => setImmediate(resolve));
      }
    });
  });
  from.on("end", async () => {
    await last;
    to.end();
  });
}
