import type { HostOfFleet } from "#fleet";
import type { HostRecord, Plan, ReleaseRecord, Report, Told } from "./records.ts";

/**
 * The book of checks. Plans and records are written once: what a second run brings is dropped, and what stands there is
 * answered.
 */
export interface CheckBook {
  plan(check: string): Promise<Plan | undefined>;
  keepPlan(plan: Plan): Promise<Plan>;
  host(check: string, host: string): Promise<HostRecord | undefined>;
  keepHost(record: HostRecord): Promise<HostRecord>;
  /** All of a check, by name, a page at a time: a thousand hosts' findings need not be in memory at once. */
  hosts(check: string): AsyncIterable<HostRecord>;
  release(check: string, release: string, arch: string): Promise<ReleaseRecord | undefined>;
  keepRelease(record: ReleaseRecord): Promise<ReleaseRecord>;
  releases(check: string): AsyncIterable<ReleaseRecord>;
  told(): Promise<Told>;
  /** False: somebody else replaced it; only the revision after the present one is taken. */
  replaceTold(next: Told): Promise<boolean>;
  report(check: string, revision: number): Promise<Report | undefined>;
  keepReport(check: string, revision: number, report: Report): Promise<void>;
}

/** Asks hosts. */
export interface Hosts {
  /**
   * What the host's program `updates` printed.
   * @throws what layers/hosts names
   */
  ask(host: HostOfFleet): Promise<string>;
}

/** FreeBSD's own servers. Throws what failures.ts names. */
export interface ReleaseServers {
  /** Newest patch level, and the last day on which something is mended. */
  tag(
    release: string,
    arch: "amd64" | "arm64",
  ): Promise<{ readonly patchLevel: number; readonly endOfLife: string }>;
  /** Of the base system's packages, from 15 on. */
  catalogue(release: string, arch: "amd64" | "arm64"): Promise<{ readonly patchLevel: number }>;
}

/** The images that FreeBSD publishes. */
export interface PublishedImages {
  /** Releases, as the fleet writes them, in any order. @throws ServerUnreachableError */
  releases(arch: string, filesystem: string): Promise<readonly string[]>;
}

/** Builds of images. */
export interface ImageBuilds {
  /** Starts ami-build, once by the name of the execution. */
  start(image: string, execution: string, time: string): Promise<void>;
}
