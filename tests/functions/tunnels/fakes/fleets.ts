import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { type Fleet, parseFleet } from "#fleet";

const SHIPPED = readFileSync(new URL("../../../../fleet.yml", import.meta.url), "utf8");

/** The shipped fleet, some of it changed as it would be in the file. */
// biome-ignore lint/suspicious/noExplicitAny: the file's own shape, before it is checked
export function fleetWith(change: (fleet: any) => void = () => undefined): Fleet {
  const fleet = parse(SHIPPED);
  change(fleet);
  return parseFleet(JSON.stringify(fleet), "fleet.yml");
}

/** Its hosts www and mail let in by SSH, and pkg leads out to www by a pipe of the same key: one end of each kind. */
export const BOTH_ENDS: Fleet = fleetWith((fleet) => {
  const image = structuredClone(fleet.images.base);
  const keyParameter = "/nightshift/pipes/SSH";
  image.pipes.SSH.keyParameter = "/nightshift/pipes/OWN";
  image.pipes.TO_WWW = {
    mode: "encrypt",
    source: "127.0.0.1:2222",
    target: "www.example.org:8022",
    keyParameter,
  };
  fleet.images.other = image;
  fleet.hosts.pkg.image = "other";
  delete fleet.monitor.checks["pkg-ssh"];
  for (const check of Object.values<{ parent?: string }>(fleet.monitor.checks))
    if (check.parent === "pkg-ssh") delete check.parent;
});
