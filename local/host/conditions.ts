import type { HostCondition, PackageChange, Vulnerability } from "./condition.ts";

/** Hosts as they are met, ready to be given to one. */
const CURL: Vulnerability = {
  name: "curl",
  version: "8.17.0",
  affected: ["< 8.18.0"],
  description: "curl -- multiple vulnerabilities",
  cve: ["CVE-2026-1001", "CVE-2026-1002"],
  vid: "6ccfdf0c-0000-11f1-9f7a-0123456789ab",
};

const BASE_15: readonly PackageChange[] = [
  { what: "install", name: "FreeBSD-pam", version: "15.1", repository: "FreeBSD-base" },
  ...["FreeBSD-kernel-generic", "FreeBSD-runtime", "FreeBSD-openssl"].map((name) => {
    return { what: "upgrade", name, version: "15.1", to: "15.1p3", repository: "FreeBSD-base" } as const;
  }),
];

const PACKAGES: readonly PackageChange[] = [
  { what: "upgrade", name: "curl", version: "8.17.0", to: "8.18.0", repository: "cluster" },
  { what: "upgrade", name: "djbdns", version: "1.05_28,1", to: "1.05_29,1", repository: "cluster" },
  {
    what: "reinstall",
    name: "nginx",
    version: "1.28.0_2,3",
    repository: "cluster",
    reason: "required shared library changed",
  },
  { what: "remove", name: "mymeta", version: "1" },
];

/** Conditions by name: what tests and `--fault` call them. */
export const CONDITIONS = {
  "up-to-date": {},
  "base-pending-15": { kernel: "15.1-RELEASE", userland: "15.1-RELEASE", basePackages: BASE_15 },
  "base-pending-14": {
    kernel: "14.3-RELEASE-p2",
    userland: "14.3-RELEASE-p2",
    baseUpdate: {
      to: "14.3-RELEASE-p4",
      added: ["/usr/share/examples/etc/new"],
      updated: ["/bin/freebsd-version", "/boot/kernel/kernel", "/usr/lib/libssl.so.30"],
    },
  },
  "packages-pending": { packages: PACKAGES },
  "packages-pending-old-pkg": { packages: PACKAGES, pkg: "1.21.3" },
  vulnerable: { packages: PACKAGES, vulnerabilities: [CURL] },
  "repository-broken": { repository: "broken" },
  "newer-freebsd": { repository: "newer-freebsd" },
  "new-pkg": { pkg: "2.4.2", newPkg: "2.8.4", packages: PACKAGES },
  "reboot-due": { kernel: "15.1-RELEASE-p3", running: "15.1-RELEASE-p1", userland: "15.1-RELEASE-p3" },
  "half-upgraded": { halfUpgraded: true },
  "end-of-life-near": { endOfLife: { within: "2 months" } },
  "end-of-life-passed": { endOfLife: { passed: "Tue Jun 30 23:59:59 UTC 2026" } },
  "update-server-broken": { updateServer: "broken" },
  "update-server-older": { updateServer: "older" },
  dark: { misbehaves: "dark" },
  silent: { misbehaves: "silent" },
  "target-down": { misbehaves: "target-down" },
  "other-host-key": { misbehaves: "other-host-key" },
  hangs: { misbehaves: "hangs" },
  nonsense: { misbehaves: "nonsense" },
  endless: { misbehaves: "endless" },
  dies: { misbehaves: "dies" },
} as const satisfies Readonly<Record<string, HostCondition>>;

export type ConditionName = keyof typeof CONDITIONS;
