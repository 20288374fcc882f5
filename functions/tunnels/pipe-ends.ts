import { type Fleet, isLoopback, type Pipe, pipeToSshd, splitAddress } from "#fleet";
import { RotationRefusedError } from "./failures.ts";

/** An end of a pipe on a host: which host, and what the pipe is called on its image. */
export interface PipeEnd {
  readonly host: string;
  readonly pipe: string;
}

/** Where a pipe lets in, on a host of the fleet. */
export interface ServerEnd extends PipeEnd {
  readonly firstPort: number;
  readonly secondPort: number;
  /** Where its first door is seen from outside, "www.example.org:8022"; undefined: on the host alone. */
  readonly firstAddress: string | undefined;
  readonly secondAddress: string | undefined;
  /** Whether it leads to sshd, and so is the way in by which its own key is changed. */
  readonly isWayIn: boolean;
}

/** Where a pipe leads out, on a host of the fleet. */
export interface ClientEnd extends PipeEnd {
  readonly firstPort: number;
  readonly secondPort: number;
}

/** All ends on hosts of the fleet of the pipe that has a key. */
export interface PipeEnds {
  readonly servers: readonly ServerEnd[];
  readonly clients: readonly ClientEnd[];
}

/** The ends of the pipe whose key lies in `keyParameter`. @throws RotationRefusedError without a section tunnels */
export function endsOf(fleet: Fleet, keyParameter: string): PipeEnds {
  const { tunnels } = fleet;
  if (tunnels === undefined)
    throw new RotationRefusedError(
      "fleet.yml has no section tunnels, so no host lets nightshift change a key. Make its SSH key with " +
        "`nightshift keys new --ssh tunnels`, add the section, and build the images anew",
    );
  const servers: ServerEnd[] = [];
  const clients: ClientEnd[] = [];
  for (const [host, { image: imageName, address }] of Object.entries(fleet.hosts)) {
    const image = fleet.images[imageName];
    const wayIn = image === undefined ? undefined : pipeToSshd(image)?.[0];
    for (const [pipe, spec] of Object.entries(image?.pipes ?? {})) {
      if (spec.keyParameter !== keyParameter) continue;
      const ports = portsOf(spec, tunnels.secondPortOffset);
      if (spec.mode === "encrypt") clients.push({ host, pipe, ...ports });
      else
        servers.push({
          host,
          pipe,
          ...ports,
          ...doorsOf(spec, pipe === wayIn, address, tunnels.secondPortOffset),
        });
    }
  }
  return { servers, clients };
}

/** The server end of that pipe on that host. @throws RotationRefusedError when the fleet has it no more */
export function serverEnd(fleet: Fleet, keyParameter: string, end: PipeEnd): ServerEnd {
  return required(endsOf(fleet, keyParameter).servers, end);
}

/** The client end of that pipe on that host. @throws RotationRefusedError when the fleet has it no more */
export function clientEnd(fleet: Fleet, keyParameter: string, end: PipeEnd): ClientEnd {
  return required(endsOf(fleet, keyParameter).clients, end);
}

function required<End extends PipeEnd>(ends: readonly End[], { host, pipe }: PipeEnd): End {
  const found = ends.find((one) => one.host === host && one.pipe === pipe);
  if (found !== undefined) return found;
  throw new RotationRefusedError(
    `pipe ${pipe} of ${host} is not in the fleet any more: it has changed meanwhile`,
  );
}

function portsOf({ mode, source, target }: Pipe, offset: number) {
  const firstPort = splitAddress(mode === "decrypt" ? source : target).port;
  return { firstPort, secondPort: firstPort + offset };
}

/** A pipe that is the way in is seen at the host's address; another one at its own port of the same host. */
function doorsOf({ source }: Pipe, isWayIn: boolean, address: string, offset: number) {
  const own = splitAddress(source);
  const seen = splitAddress(address);
  if (!isWayIn && isLoopback(own.host)) return { isWayIn, firstAddress: undefined, secondAddress: undefined };
  const port = isWayIn ? seen.port : own.port;
  return { isWayIn, firstAddress: `${seen.host}:${port}`, secondAddress: `${seen.host}:${port + offset}` };
}
