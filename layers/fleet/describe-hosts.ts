import type { Fleet } from "./fleet.ts";

/** How many hosts are named one by one. */
const NAMED = 20;

/** The hosts and what is done on them, as lines for `nightshift check`. */
export function describeHosts({ hosts, updates, tunnels }: Fleet): string[] {
  const all = Object.entries(hosts);
  const named = all.slice(0, NAMED).map(([name, { address, image }]): [string, string] => {
    return [name, `${address}, from image ${image}`];
  });
  const more: [string, string][] = all.length > NAMED ? [["...", `and ${all.length - NAMED} more`]] : [];
  const rows: [string, string][] = [
    ...named,
    ...more,
    ["updates", updates === undefined ? "each host looks by itself" : describeUpdates(updates)],
    ["pipe keys", tunnels === undefined ? "cannot be rotated: no section tunnels" : "can be rotated"],
  ];
  const width = Math.max(...rows.map(([what]) => what.length));
  const title = all.length === 0 ? "hosts: none are known" : `hosts: ${all.length}`;
  return [title, ...rows.map(([what, value]) => `  ${what.padEnd(width)}  ${value}`)];
}

function describeUpdates({ endOfLifeDays, startBuild }: NonNullable<Fleet["updates"]>): string {
  const build = startBuild ? "; starts builds of images" : "";
  return `looked for every morning, never installed; releases ${endOfLifeDays} days before their end${build}`;
}
