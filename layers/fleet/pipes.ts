import { z } from "#platform";
import { ShellName, SocketAddress } from "./field-types.ts";

/** One spiped process: a port that leads, encrypted and authenticated, to another (spiped(1)). */
export const PipeSchema = z
  .strictObject({
    mode: z.enum(["encrypt", "decrypt"]).meta({
      description: "encrypt: plain text comes in at the source. decrypt: plain text goes out to the target",
    }),
    source: SocketAddress.meta({ description: "Where the pipe listens: host:port" }),
    target: SocketAddress.meta({ description: "Where the pipe leads: host:port" }),
    keyParameter: z
      .string()
      .regex(
        // Functions may read what lies there and nothing else (functions/ami/functions.yml).
        /^\/nightshift\/pipes(\/[A-Za-z0-9_.-]+)+$/,
        "expected the name of an SSM parameter below /nightshift/pipes, for example /nightshift/pipes/MAIL",
      )
      .meta({ description: "SSM SecureString parameter that holds the key: 32 random bytes in base64" }),
    requirePfs: z
      .boolean()
      .default(true)
      .meta({ description: "Refuse peers that turn perfect forward secrecy off (spiped -g)" }),
  })
  .meta({ description: "A spiped process" });

export type Pipe = z.infer<typeof PipeSchema>;

/** Pipes by name. rc.d/spiped makes shell variables of the names. */
export const PipesSchema = z
  .record(ShellName.regex(/^[A-Za-z0-9_]+$/), PipeSchema)
  .default({})
  .meta({ description: "spiped processes by name (letters, digits and underscores)" });

/** Host and port of a socket address. */
export function splitAddress(address: string): { host: string; port: number } {
  const colon = address.lastIndexOf(":");
  return { host: address.slice(0, colon), port: Number(address.slice(colon + 1)) };
}

/** Whether a pipe brings SSH in: it ends at sshd on this host. */
export function leadsToSshd(pipe: Pipe): boolean {
  const { host, port } = splitAddress(pipe.target);
  return pipe.mode === "decrypt" && port === 22 && isLoopback(host);
}

/** Whether a host is this host itself. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || /^127(\.\d{1,3}){3}$/.test(host);
}
