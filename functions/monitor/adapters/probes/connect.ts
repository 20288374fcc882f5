import dns from "node:dns";
import { Resolver } from "node:dns/promises";
import { connect, isIP, type Socket } from "node:net";
import { splitAddress } from "#fleet";
import { ProbeEndedError } from "../../findings/finding.ts";
import { brokenConnection, type NetworkError, unresolvedName } from "../../findings/network-reason.ts";
import type { Attempt } from "./attempt.ts";

/** A connection, and who is at its other end: "10.0.0.1:443". */
export interface Connection {
  readonly socket: Socket;
  readonly peer: string;
}

/**
 * Opens a TCP connection to `address` ("host:port"): one address, tried once. The socket belongs to the attempt.
 * @throws ProbeEndedError saying why there is none
 */
export async function openConnection(address: string, attempt: Attempt): Promise<Connection> {
  const { host, port } = splitAddress(address);
  const ip = await resolveHost(host, attempt);
  const peer = isIP(ip) === 6 ? `[${ip}]:${port}` : `${ip}:${port}`;
  attempt.stage = `connecting to ${peer}`;
  const socket = attempt.own(
    connect({ host: ip, port, allowHalfOpen: true, noDelay: true, autoSelectFamily: false }),
  );
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    // It stays: without a listener, an error that comes later would end the process. Whoever reads hears of it.
    socket.on("error", (error: NetworkError) =>
      reject(new ProbeEndedError(brokenConnection(error, peer, attempt.stage))),
    );
  });
  return { socket, peer };
}

/**
 * A host's address: its first IPv4 address, else its first IPv6 address. Asked of the name servers directly (c-ares):
 * getaddrinfo(3) would occupy one of four threads of the process for as long as a dead name server is waited for.
 */
export async function resolveHost(host: string, attempt: Attempt): Promise<string> {
  if (isIP(host) !== 0) return host;
  if (host === "localhost") return "127.0.0.1";
  attempt.stage = `looking up ${host}`;
  const resolver = openResolver(attempt, dns.getServers());
  try {
    const [first] = await resolver.resolve4(host).catch((error: NetworkError) => {
      if (error.code !== "ENODATA") throw error;
      return resolver.resolve6(host);
    });
    if (first !== undefined) return first;
  } catch (error) {
    throw new ProbeEndedError(unresolvedName(error as NetworkError, host));
  }
  throw new ProbeEndedError(unresolvedName({ code: "ENODATA", message: "" }, host));
}

/** A resolver of the attempt's own, patient enough that the attempt's time is over before it gives up (1 + 2 + 4). */
export function openResolver(attempt: Attempt, servers: readonly string[]): Resolver {
  const timeout = Math.ceil(attempt.timeoutMilliseconds / 4);
  const resolver = new Resolver({ timeout, tries: 3 });
  resolver.setServers(servers);
  attempt.own({ destroy: () => resolver.cancel() });
  return resolver;
}
