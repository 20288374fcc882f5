import type { ReportMessage } from "#platform";
import type {
  BaseUpdates,
  HostFindings,
  PackageUpdates,
  ReleaseFindings,
  Versions,
  VulnerablePackage,
} from "./findings.ts";

/*
 * What is kept of a check. A check is named by its instant, "2026-11-27T06:00:00.000Z". Its records are written once and
 * never changed: whatever runs again finds the same ones, so what was told of a check can be said for ever after.
 */

/** A release that an image of the fleet has. */
export interface ReleaseOfFleet {
  /** "15.1" */
  readonly release: string;
  readonly arch: "amd64" | "arm64";
  /** Of an image with this release: where its newer releases are looked for. */
  readonly filesystem: string;
}

/** What a check is about. */
export interface Plan {
  readonly check: string;
  /** Names, sorted. */
  readonly hosts: readonly string[];
  readonly releases: readonly ReleaseOfFleet[];
  /** From how many days before its end on a release is mentioned. */
  readonly endOfLifeDays: number;
  /** The check that was told last when this one began; null: it is the first. What is not learnt now is remembered from it. */
  readonly previous: string | null;
}

/** The parts of a host's findings that were learnt once, and could not be learnt this time. */
export interface RememberedOfHost {
  readonly versions?: Versions;
  readonly base?: BaseUpdates;
  readonly packages?: PackageUpdates;
  readonly vulnerable?: readonly VulnerablePackage[];
}

/** How it went with a host. */
export type HostOutcome =
  | { readonly kind: "checked"; readonly findings: HostFindings }
  | {
      readonly kind: "missed";
      /** Name of the error, for example "HostUnreachableError". */
      readonly failure: string;
      readonly reason: string;
      /** The first check of those in a row that missed it; with another host key, that found one. */
      readonly since: string;
    };

/** The parts that could not be learnt, each with the first check of those in a row that did not learn it. */
export type UnknownSince<Parts> = { readonly [Name in keyof Parts]?: string };

export interface HostRecord {
  readonly check: string;
  readonly host: string;
  readonly outcome: HostOutcome;
  readonly remembered: RememberedOfHost;
  /** Of a missed host: as it was when it was asked last. */
  readonly unknownSince: UnknownSince<HostFindings>;
}

/** The parts of a release's findings that were learnt once, and could not be learnt this time. */
export interface RememberedOfRelease {
  readonly patchLevel?: number;
  readonly endOfLife?: string;
  readonly newerReleases?: readonly string[];
}

export interface ReleaseRecord {
  readonly check: string;
  readonly release: string;
  readonly arch: string;
  readonly findings: ReleaseFindings;
  readonly remembered: RememberedOfRelease;
  readonly unknownSince: UnknownSince<ReleaseFindings>;
}

/** A report that is to be carried out, and is not known to have been. */
export interface UnsettledReport {
  readonly check: string;
  /** Of `Told` with which it came about: together with the check, the key under which the report lies. */
  readonly revision: number;
}

/** How far the owner was told. One item, replaced whole. */
export interface Told {
  /** Grows by one with each change; 0 before the first. */
  readonly revision: number;
  /** The check whose findings count as told. */
  readonly check: string | undefined;
  /** Oldest first; those that could not be carried out are behind the others that were there then. */
  readonly unsettled: readonly UnsettledReport[];
}

export const NOTHING_TOLD: Told = { revision: 0, check: undefined, unsettled: [] };

/** What follows from a check. */
export interface Report {
  /** Null: there is nothing new. */
  readonly message: ReportMessage | null;
  /** Images to be built anew. */
  readonly builds: readonly string[];
}

/** The day of a check in UTC: "2026-11-27". */
export function dayOfCheck(check: string): string {
  return check.slice(0, 10);
}
