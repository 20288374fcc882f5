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
      return { parameter: keyParameter, path: keyPath(name), mode: "0400", bytes: 32 };
    }),
    checks: [
      { name: "spiped is there", shell: "runs /usr/local/bin/spiped" },
      // spiped itself would start without its key, and listen nowhere: rc.d always passes -D.
      ...entries.map(([name]) => ({ name: `pipe key ${name}`, shell: `is_key ${keyPath(name)}` })),
    ],
  };
}

function settings([name, pipe]: [string, Pipe]): [string, string][] {
  const prefix = `spiped_pipe_${name}`;
  return [
    [`${prefix}_mode`, pipe.mode],
    [`${prefix}_source`, bracketed(pipe.source)],
    [`${prefix}_target`, bracketed(pipe.target)],
    [`${prefix}_key`, keyPath(name)],
    ...(pipe.requirePfs ? [[`${prefix}_flags`, "-g"] satisfies [string, string]] : []),
  ];
}

/** spiped takes literal addresses in brackets, names without (spiped(1)). */
function bracketed(address: string): string {
  const { host, port } = splitAddress(address);
  return /^[\d.]+$/.test(host) ? `[${host}]:${port}` : address;
}

function keyPath(name: string): string {
  return `${KEYS}/${name}.key`;
}
