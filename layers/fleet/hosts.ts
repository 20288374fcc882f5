import { z } from "#platform";
import { SocketAddress } from "./field-types.ts";
import type { ImageSpec } from "./image.ts";
import { leadsToSshd, type Pipe } from "./pipes.ts";
import { SshPublicKey } from "./ssh-public-key.ts";

/** Names of hosts become parts of storage keys, and what `nightshift ssh` is told. */
const HostName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,29}$/, "expected a host's name: lower-case letters, digits and -, 30 at most");

/** A host that runs. */
export const HostSchema = z
  .strictObject({
    image: z.string().meta({ description: "The image it was launched from: its pipe to sshd is the way in" }),
    address: SocketAddress.meta({ description: "host:port at which that pipe listens" }),
    hostKey: SshPublicKey.meta({
      description: "The host's public key, as in known_hosts: type and base64. Another one is an alarm",
    }),
  })
  .meta({ description: "A host that runs" });

export type Host = z.infer<typeof HostSchema>;

/** The hosts by name. */
export const HostsSchema = z
  .record(HostName, HostSchema)
  .default({})
  .meta({ description: "The hosts that run, by name" });

/** The pipe of an image that brings SSH in, by name: the way into every host launched from it. */
export function pipeToSshd(image: ImageSpec): [string, Pipe] | undefined {
  return Object.entries(image.pipes).find(([, pipe]) => leadsToSshd(pipe));
}
