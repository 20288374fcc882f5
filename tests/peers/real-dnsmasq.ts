import { existsSync } from "node:fs";
import { startForeground } from "./foreground.ts";
import { freeAddress } from "./real-spiped.ts";

const DNSMASQ = "/usr/sbin/dnsmasq";

/** Why dnsmasq cannot be run here; undefined when it can. */
export function whyNoDnsmasq(): string | undefined {
  return existsSync(DNSMASQ) ? undefined : "dnsmasq of Debian's package dnsmasq-base is not installed";
}

/** dnsmasq as it was started. */
export interface RealDnsmasq {
  /** "127.0.0.1:port", over UDP and TCP. */
  readonly address: string;
  stop(): Promise<void>;
}

/**
 * Debian's dnsmasq in the foreground, on loopback, that knows nothing but what its flags say (dnsmasq(8)): it reads neither
 * the system's configuration nor hosts(5) nor resolv.conf(5), and so asks no other name server.
 */
export async function startDnsmasq(...flags: string[]): Promise<RealDnsmasq> {
  const { host, port } = await freeAddress();
  const alone = ["--no-daemon", "--conf-file=/dev/null", "--no-resolv", "--no-hosts", "--pid-file="];
  const place = ["--port", `${port}`, `--listen-address=${host}`, "--bind-interfaces"];
  const program = await startForeground(DNSMASQ, [...alone, ...place, ...flags], [port]);
  return { address: `${host}:${port}`, stop: program.stop };
}
