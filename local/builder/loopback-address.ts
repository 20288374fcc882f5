import { createServer } from "node:net";

let last = 0;

/**
 * An address in 127.0.0.0/8 on which nothing listens at `port` yet. Its middle bytes come from the process, so that
 * rehearsals side by side seldom meet; where they do, the next address is tried. Only Linux has all of that network on
 * loopback: elsewhere every machine is at 127.0.0.1, and only one at a time can have the port.
 */
export async function freeLoopbackAddress(port: number): Promise<string> {
  for (let tries = 0; tries < 254; tries += 1) {
    const address = nextCandidate();
    const verdict = await tryToListen(address, port);
    if (verdict === "free") return address;
    if (verdict === "no such address") break;
  }
  return "127.0.0.1";
}

function nextCandidate(): string {
  last = (last % 254) + 1;
  return `127.${16 + ((process.pid >> 8) % 224)}.${process.pid & 255}.${last}`;
}

function tryToListen(address: string, port: number): Promise<"free" | "taken" | "no such address"> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", (error: NodeJS.ErrnoException) => {
      resolve(error.code === "EADDRNOTAVAIL" ? "no such address" : "taken");
    });
    probe.listen(port, address, () => probe.close(() => resolve("free")));
  });
}
