import type { HostFindings, PackageChange, ReleaseFindings } from "../../../../functions/updates/findings.ts";
import type { HostRecord, ReleaseRecord } from "../../../../functions/updates/records.ts";

export const CHECK = "2026-11-27T06:00:00.000Z";

/** A host that is up to date. */
export const UP_TO_DATE: HostFindings = {
  versions: { value: { kernel: "15.1-RELEASE-p2", running: "15.1-RELEASE-p2", userland: "15.1-RELEASE-p2" } },
  base: { value: { notes: [] } },
  packages: { value: { changes: [], notes: [] } },
  vulnerable: { value: [] },
};

export function upgrade(name: string, to: string, more: Partial<PackageChange> = {}): PackageChange {
  return { name, action: "upgrade", from: "1.0", to, vulnerable: false, ...more };
}

/** A host that was checked. */
export function checked(host: string, findings: Partial<HostFindings> = {}, check = CHECK): HostRecord {
  const outcome = { kind: "checked", findings: { ...UP_TO_DATE, ...findings } } as const;
  return { check, host, outcome, remembered: {}, unknownSince: {} };
}

/** A host that was missed. */
export function missed(
  host: string,
  more: { failure?: string; reason?: string; since?: string } = {},
): HostRecord {
  const { failure = "HostUnreachableError", reason = "connection refused", since = CHECK } = more;
  return {
    check: CHECK,
    host,
    outcome: { kind: "missed", failure, reason, since },
    remembered: {},
    unknownSince: {},
  };
}

/** A release of which everything is known, and nothing is to be said. */
export const QUIET_RELEASE: ReleaseFindings = {
  patchLevel: { value: 0 },
  endOfLife: { value: "2028-12-31" },
  newerReleases: { value: [] },
};

export function ofRelease(findings: Partial<ReleaseFindings> = {}, release = "15.1"): ReleaseRecord {
  return {
    check: CHECK,
    release,
    arch: "amd64",
    findings: { ...QUIET_RELEASE, ...findings },
    remembered: {},
    unknownSince: {},
  };
}
