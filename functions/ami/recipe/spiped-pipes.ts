import { type ImageSpec, type Pipe, splitAddress } from "#fleet";
import type { RecipePart } from "./recipe-part.ts";

const KEYS = "/usr/local/etc/spiped";

/** The pipes, as rc.d/spiped of the port sysutils/spiped reads them from rc.conf, and their keys. */
export function spipedPipes({ pipes }: ImageSpec): RecipePart {
  const entries = Object.entries(pipes);
  if (entries.length === 0) return {};
  return {
    folders: [{ path: KEYS, mode: "0700", owner: "root:wheel" }],
    rcSettings: [["spiped_pipes", entries.map(([name]) => name).join(" ")], ...entries.flatMap(settings)],
    secrets: entries.map(([name, { keyParameter }]) => {
      return { parameter: keyParameter, path: pipeKeyPath(name), mode: "0400", bytes: 32 };
    }),
    checks: [
      { name: "spiped is there", shell: "runs /usr/local/bin/spiped" },
      // spiped itself would start without its key, and listen nowhere: rc.d always passes -D.
      ...entries.map(([name]) => ({ name: `pipe key ${name}`, shell: `is_key ${pipeKeyPath(name)}` })),
    ],
  };
}

function settings([name, pipe]: [string, Pipe]): [string, string][] {
  const prefix = `spiped_pipe_${name}`;
  const flags = pipeFlags(pipe);
  return [
    [`${prefix}_mode`, pipe.mode],
    [`${prefix}_source`, rcAddress(pipe.source)],
    [`${prefix}_target`, rcAddress(pipe.target)],
    [`${prefix}_key`, pipeKeyPath(name)],
    ...(flags === "" ? [] : [[`${prefix}_flags`, flags] satisfies [string, string]]),
  ];
}

/** What spiped is started with besides; "" for nothing. */
export function pipeFlags({ requirePfs }: Pipe): string {
  return requirePfs ? "-g" : "";
}

/** spiped takes literal addresses in brackets, names without (spiped(1)). */
export function rcAddress(address: string): string {
  const { host, port } = splitAddress(address);
  return /^[\d.]+$/.test(host) ? `[${host}]:${port}` : address;
}

/** Where the key of a pipe lies on the image. */
export function pipeKeyPath(name: string): string {
  return `${KEYS}/${name}.key`;
}
