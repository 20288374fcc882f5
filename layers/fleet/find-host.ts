import type { Fleet } from "./fleet.ts";
import { FleetError } from "./fleet-error.ts";
import { type Host, pipeToSshd } from "./hosts.ts";
import { nearest } from "./nearest.ts";

/** A host with the pipe that is the way in. */
export interface HostOfFleet extends Host {
  readonly name: string;
  /** SSM parameter with the key of its pipe to sshd. */
  readonly keyParameter: string;
  /** FreeBSD release of its image, "15.1"; the host itself may run another. */
  readonly release: string;
}

/** The host of that name. @throws FleetError naming the nearest */
export function findHost(fleet: Fleet, name: string): HostOfFleet {
  const host = Object.hasOwn(fleet.hosts, name) ? fleet.hosts[name] : undefined;
  const image = host === undefined ? undefined : fleet.images[host.image];
  const pipe = image === undefined ? undefined : pipeToSshd(image)?.[1];
  if (host !== undefined && image !== undefined && pipe !== undefined)
    return { ...host, name, keyParameter: pipe.keyParameter, release: image.release };
  const names = Object.keys(fleet.hosts);
  if (names.length === 0) throw new FleetError(`no host "${name}": fleet.yml has no section hosts`);
  const meant = nearest(name, names);
  const hint = meant === undefined ? "" : ` Did you mean "${meant}"?`;
  throw new FleetError(`no host "${name}" in the fleet; there are: ${names.slice(0, 20).join(", ")}.${hint}`);
}
