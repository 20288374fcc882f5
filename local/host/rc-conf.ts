import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The settings of etc/rc.conf(5) on a tree, by name; the last one of a name counts. It reads what sysrc(8) writes: one
 * assignment a line, its value bare or in quotes. rc.conf is a script, and whatever else is in it is left out.
 */
export function readRcConf(root: string): ReadonlyMap<string, string> {
  const file = join(root, "etc/rc.conf");
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  const settings = new Map<string, string>();
  for (const line of text.split("\n")) {
    const [, name, value = ""] = /^([A-Za-z_]\w*)=(.*?)\s*$/.exec(line) ?? [];
    if (name !== undefined) settings.set(name, unquoted(value));
  }
  return settings;
}

/** Whether rc.subr's checkyesno takes a setting for yes. */
export function isOn(settings: ReadonlyMap<string, string>, name: string): boolean {
  return /^(yes|true|on|1)$/i.test(settings.get(name) ?? "");
}

/** One pipe, as rc.d/spiped reads it (ports, sysutils/spiped/files/spiped.in). */
export interface RcPipe {
  readonly name: string;
  /** The options with which rc.d/spiped starts it, paths as the host sees them. */
  readonly options: readonly string[];
}

/** The pipes that rc.d/spiped starts. One without a valid mode is passed over, as there. */
export function rcPipes(settings: ReadonlyMap<string, string>): RcPipe[] {
  if (!isOn(settings, "spiped_enable")) return [];
  const names = words(settings.get("spiped_pipes") ?? "");
  return names.flatMap((name) => {
    const part = (what: string) => settings.get(`spiped_pipe_${name}_${what}`) ?? "";
    const side = SIDES[part("mode")];
    if (side === undefined) return [];
    const ends = ["-s", part("source"), "-t", part("target"), "-k", part("key")];
    const daemon = ["-D", "-u", "spiped:spiped", "-p", `/var/run/spiped_${name}.pid`];
    return [{ name, options: [side, ...ends, ...daemon, ...words(part("flags"))] }];
  });
}

const SIDES: Readonly<Record<string, string>> = {
  encrypt: "-e",
  client: "-e",
  decrypt: "-d",
  server: "-d",
};

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}

function unquoted(value: string): string {
  if (/^'[^']*'$/.test(value)) return value.slice(1, -1);
  const [, quoted] = /^"((?:[^"\\]|\\.)*)"$/.exec(value) ?? [];
  return quoted === undefined ? value : quoted.replace(/\\([\\"$`])/g, "$1");
}
