import { type Fleet, nearest } from "#fleet";
import { FleetChangedError, RotationRefusedError } from "./failures.ts";
import { endsOf, type PipeEnd, type PipeEnds } from "./pipe-ends.ts";

const BELOW = "/nightshift/pipes/";
const HIGHEST_PORT = 65_535;
const BY_HAND =
  "By hand: start a second spiped there on another port with the new key, point the clients to it, " +
  'replace the key of the first, point them back (README, "Keys")';

/** What is to be rotated: a key, and all ends of its pipe. */
export interface RotationPlan extends PipeEnds {
  readonly pipe: string;
}

/**
 * What a rotation of that key is about, and whether it can be done at all: every server end that anybody in the fleet
 * knows of is on a host of the fleet, and its second port is free.
 * @param name "SSH", or the whole parameter
 * @throws RotationRefusedError saying what to do instead
 */
export function planRotation(fleet: Fleet, name: string): RotationPlan {
  const pipe = keyParameterOf(fleet, name);
  const ends = endsOf(fleet, pipe);
  if (ends.servers.length === 0)
    throw new RotationRefusedError(
      `no host of the fleet lets in with the key ${pipe}, so nightshift cannot change it. ${BY_HAND}`,
    );
  requireKnownServers(fleet, pipe, ends);
  for (const end of ends.servers) requireFreePort(fleet, end);
  return { pipe, ...ends };
}

/**
 * That no host has come into the fleet since a rotation was begun: it would hold the key that is to go, and nobody would
 * change it there. One that has gone is missed by its own step. @throws FleetChangedError
 */
export function requireKnownEnds(
  fleet: Fleet,
  begun: { readonly pipe: string; readonly ends: readonly PipeEnd[] },
): void {
  const { servers, clients } = endsOf(fleet, begun.pipe);
  const isKnown = (end: PipeEnd) =>
    begun.ends.some(({ host, pipe }) => host === end.host && pipe === end.pipe);
  const unknown = [...servers, ...clients].filter((end) => !isKnown(end));
  if (unknown.length === 0) return;
  const names = unknown.map(({ host, pipe }) => `pipe ${pipe} of ${host}`).join(", ");
  throw new FleetChangedError(`fleet.yml has had ${names} only since this rotation began: start it again`);
}

/** All keys of pipes that the fleet names, sorted. */
export function keyParametersOf({ images, monitor }: Fleet): string[] {
  const ofImages = Object.values(images).flatMap(({ pipes }) =>
    Object.values(pipes).map((one) => one.keyParameter),
  );
  const ofChecks = Object.values(monitor?.checks ?? {}).flatMap((check) =>
    "keyParameter" in check && check.keyParameter !== undefined ? [check.keyParameter] : [],
  );
  return [...new Set([...ofImages, ...ofChecks])].sort();
}

/** The parameter that a name stands for. @throws RotationRefusedError naming the nearest */
export function keyParameterOf(fleet: Fleet, name: string): string {
  const known = keyParametersOf(fleet);
  const parameter = name.startsWith("/") ? name : `${BELOW}${name}`;
  if (known.includes(parameter)) return parameter;
  const names = known.map((one) => one.replace(BELOW, ""));
  const meant = nearest(parameter.replace(BELOW, ""), names);
  const hint = meant === undefined ? "" : ` Did you mean "${meant}"?`;
  throw new RotationRefusedError(
    `the fleet has no key "${name}"; there are: ${names.join(", ") || "none"}.${hint}`,
  );
}

/** Whoever connects with the key connects to a host that is rotated too, or would be locked out. */
function requireKnownServers(fleet: Fleet, pipe: string, { servers }: PipeEnds): void {
  const known = new Set(servers.map(({ firstAddress }) => firstAddress));
  const images = Object.entries(fleet.images).flatMap(([image, { pipes }]) =>
    Object.entries(pipes).map(([name, spec]) => ({ ...spec, of: `pipe ${name} of image ${image}` })),
  );
  const clients = images.filter((one) => one.mode === "encrypt" && one.keyParameter === pipe);
  const checks = Object.entries(fleet.monitor?.checks ?? {}).flatMap(([name, check]) =>
    "keyParameter" in check && check.keyParameter === pipe
      ? [{ of: `check ${name}`, target: check.address }]
      : [],
  );
  const astray = [...clients, ...checks].find(({ target }) => !known.has(target));
  if (astray === undefined) return;
  throw new RotationRefusedError(
    `${astray.of} leads to ${astray.target} with this key, and no host of the fleet lets in there: it would be locked out. ` +
      `Name that host in fleet.yml, by the same address. ${BY_HAND}`,
  );
}

function requireFreePort(fleet: Fleet, end: PipeEnds["servers"][number]): void {
  const { host, pipe, secondPort } = end;
  // Where something forwards to the host, it is seen at another port.
  const seenPort = Number(end.secondAddress?.split(":").at(-1) ?? secondPort);
  const tooHigh = [secondPort, seenPort].find((port) => port > HIGHEST_PORT);
  const image = fleet.images[fleet.hosts[host]?.image ?? ""];
  const pipes = Object.entries(image?.pipes ?? {});
  const problem =
    tooHigh !== undefined
      ? "there is no such port"
      : pipes.some(([, { source }]) => Number(source.split(":").at(-1)) === secondPort)
        ? "another pipe listens there"
        : pipes.some(([name]) => name === `${pipe}_next`)
          ? `its image has a pipe ${pipe}_next, which is what the second one would be called`
          : undefined;
  if (problem === undefined) return;
  throw new RotationRefusedError(
    `the second port of pipe ${pipe} on ${host} would be ${tooHigh ?? secondPort}, and ${problem}: ` +
      "change tunnels.secondPortOffset or the pipe's name",
  );
}
