import type { ImageSpec } from "#fleet";
import { GENERATED, type RecipeAccount, type RecipePart, rootFile } from "./recipe-part.ts";

/** The service folder, as dnscache-conf(8) would make it, but for the seed: that is made on first boot. */
export const DNSCACHE = "/etc/dnscache";

/** svscan's folder on FreeBSD (port sysutils/daemontools, svscan_servicedir). svscan does not start without it. */
const SERVICES = "/var/service";

/** Numbers above what ports use and where people are not counted from. The port makes no accounts by default. */
const ACCOUNTS: readonly [RecipeAccount, RecipeAccount] = [
  { name: "dnscache", id: 8053, comment: "dnscache daemon" },
  { name: "dnslog", id: 8054, comment: "dnscache log" },
];

/** dnscache's settings, each a file in env/ (dnscache(8), "Configuration"). CACHESIZE is in bytes. */
const ENVIRONMENT: readonly [string, string][] = [
  ["CACHESIZE", "1000000"],
  ["FORWARDONLY", "1"], // ask the forwarders, not the root servers
  ["IP", "127.0.0.1"],
  ["IPSEND", "0.0.0.0"],
  ["ROOT", `${DNSCACHE}/root`],
];

/** A DNS cache on loopback, and a resolv.conf that points to it and stays so. */
export function dnsCache({ dnsCache: cache }: ImageSpec): RecipePart {
  if (cache === undefined) return {};
  const log = `${ACCOUNTS[1].id}:${ACCOUNTS[1].id}`;
  return {
    accounts: ACCOUNTS,
    folders: [
      { path: SERVICES, mode: "0755", owner: "root:wheel" },
      // Sticky: svscan then runs the log beside the service (svscan(8)).
      { path: DNSCACHE, mode: "1755", owner: "root:wheel" },
      { path: `${DNSCACHE}/log/main`, mode: "0755", owner: log },
    ],
    files: [
      ...ENVIRONMENT.map(([name, value]) => rootFile(`${DNSCACHE}/env/${name}`, value)),
      rootFile(`${DNSCACHE}/root/servers/@`, cache.forwarders.join("\n")),
      // Its existence lets clients of that address ask.
      rootFile(`${DNSCACHE}/root/ip/127.0.0.1`, "", "0600"),
      rootFile(`${DNSCACHE}/run`, RUN, "0755"),
      rootFile(`${DNSCACHE}/log/run`, RUN_LOG, "0755"),
      rootFile("/etc/resolv.conf", `${GENERATED}\nnameserver 127.0.0.1`),
      // Or DHCP would replace resolv.conf (resolvconf.conf(5)).
      rootFile("/etc/resolvconf.conf", `${GENERATED}\nresolvconf=NO`),
    ],
    links: [{ path: `${SERVICES}/dnscache`, target: DNSCACHE }],
    checks: [
      { name: "DNS seed is not baked in", shell: `absent ${DNSCACHE}/seed` },
      { name: "svscan links resolve", shell: `links_resolve ${SERVICES}` },
      { name: "dnscache is there", shell: "runs /usr/local/bin/dnscache" },
    ],
  };
}

const RUN = `#!/bin/sh
# Random numbers come in on standard input. Until first boot has made the seed this fails, and supervise tries again.
exec 2>&1
exec <./seed
exec /usr/local/bin/envdir ./env /usr/local/bin/envuidgid dnscache \\
  /usr/local/bin/softlimit -o 250 -d 3000000 /usr/local/bin/dnscache
`;

const RUN_LOG = `#!/bin/sh
exec /usr/local/bin/setuidgid dnslog /usr/local/bin/multilog t ./main
`;
