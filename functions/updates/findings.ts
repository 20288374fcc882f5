/*
 * What is known of updates: the words in which hosts, FreeBSD's own servers, the mail and the terminal meet. Everything is
 * plain JSON, small enough that a host's findings fit into one item (DynamoDB quota: 400 KB).
 */

/** Something that was to be learnt: the value, or why it is not known. One part that failed leaves the others standing. */
export type Part<Value> = { readonly value: Value } | { readonly problem: string };

/** `freebsd-version -kru`, for example "15.1-RELEASE-p2" each. A reboot is due when kernel and running differ. */
export interface Versions {
  readonly kernel: string;
  readonly running: string;
  readonly userland: string;
}

/** What would become of one package. */
export interface PackageChange {
  readonly name: string;
  readonly action: "install" | "upgrade" | "downgrade" | "reinstall" | "remove" | "fetch" | "locked";
  /** Installed now; absent for "install". */
  readonly from?: string;
  /** What it would become; absent for "remove". */
  readonly to?: string;
  /** Why, where pkg says so: "required shared library changed". */
  readonly reason?: string;
  readonly repository?: string;
  /** pkg 2.8 and later say so of the installed version. */
  readonly vulnerable: boolean;
}

/** Updates of the base system. */
export interface BaseUpdates {
  /** What the system would be afterwards: "14.3-RELEASE-p2", or with packages "15.1p3". Absent: it is up to date. */
  readonly to?: string;
  /** With freebsd-update: how many files. With packages: which. */
  readonly files?: number;
  readonly packages?: readonly PackageChange[];
  /** Files that would not be updated because they were changed locally (freebsd-update). */
  readonly keptFiles?: readonly string[];
  /** What else a person should know: end of life, an upgrade that was left half done. */
  readonly notes: readonly string[];
}

/** Updates of packages. Empty changes and notes: up to date. */
export interface PackageUpdates {
  readonly changes: readonly PackageChange[];
  /** For example: pkg itself is to be upgraded first, a package is locked. */
  readonly notes: readonly string[];
}

/** An installed package with known vulnerabilities. */
export interface VulnerablePackage {
  readonly name: string;
  readonly version: string;
  readonly issues: readonly Advisory[];
}

export interface Advisory {
  readonly title: string;
  readonly cve: readonly string[];
  /** https://vuxml.FreeBSD.org/freebsd/....html */
  readonly url: string;
  /** For example "< 2.0". */
  readonly affected: readonly string[];
}

/** What a host's own commands said. */
export interface HostFindings {
  readonly versions: Part<Versions>;
  readonly base: Part<BaseUpdates>;
  readonly packages: Part<PackageUpdates>;
  readonly vulnerable: Part<readonly VulnerablePackage[]>;
}

/** What FreeBSD's servers say of a release. */
export interface ReleaseFindings {
  /** Of the newest patch, 0 for none: 15.1-RELEASE-p2 is 2. */
  readonly patchLevel: Part<number>;
  /** Day after which nothing more is mended, for example "2027-03-31". */
  readonly endOfLife: Part<string>;
  /** Later releases of which FreeBSD publishes images: ["15.2"]. */
  readonly newerReleases: Part<readonly string[]>;
}
