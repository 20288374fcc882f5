/** How a host behaves that does not behave. */
export type Misbehaviour =
  | "dark" // nothing listens: connections are refused
  | "silent" // connections are taken, and nobody says anything
  | "target-down" // the pipes are there, sshd is not
  | "other-host-key" // sshd shows a key that nobody knows
  | "hangs" // commands begin and never end
  | "nonsense" // commands print what no program of FreeBSD's prints
  | "endless" // commands print for ever
  | "dies"; // the connection breaks in the middle of a command's output

/** What pkg would do to one package. */
export interface PackageChange {
  readonly what: "locked" | "install" | "upgrade" | "downgrade" | "reinstall" | "remove";
  readonly name: string;
  /** The version that is installed; of `install`, the one that would be. */
  readonly version: string;
  /** The version that it would have: of `locked`, `upgrade` and `downgrade`. */
  readonly to?: string | undefined;
  /** Shown only where several repositories are configured. */
  readonly repository?: string | undefined;
  /** Why it is reinstalled: "required shared library changed". */
  readonly reason?: string | undefined;
}

/** What freebsd-update would do to the base system of a 14.x. */
export interface BaseUpdate {
  /** "14.3-RELEASE-p4" */
  readonly to: string;
  readonly updated?: readonly string[] | undefined;
  readonly added?: readonly string[] | undefined;
  readonly removed?: readonly string[] | undefined;
  /** Changed by somebody on this host, and so left alone. */
  readonly modified?: readonly string[] | undefined;
}

/** A package with a known vulnerability (VuXML). */
export interface Vulnerability {
  readonly name: string;
  readonly version: string;
  readonly affected: readonly string[]; // "< 8.18.0"
  readonly description: string;
  readonly cve: readonly string[];
  /** Id of the entry in VuXML. */
  readonly vid: string;
}

/** How a host is. All of it is optional: a host without a condition is up to date and behaves. */
export interface HostCondition {
  readonly misbehaves?: Misbehaviour | undefined;
  /** What freebsd-version says: "15.1-RELEASE-p3". Default: what the image was built with. */
  readonly kernel?: string | undefined;
  readonly running?: string | undefined;
  readonly userland?: string | undefined;
  /** The version of pkg, which decides formats and exit statuses. Default: "2.8.4". */
  readonly pkg?: string | undefined;
  /** Pending packages of the base system: from 15 on. */
  readonly basePackages?: readonly PackageChange[] | undefined;
  /** Pending files of the base system: up to 14. */
  readonly baseUpdate?: BaseUpdate | undefined;
  /** Other pending packages. */
  readonly packages?: readonly PackageChange[] | undefined;
  /** The version of a pkg that is to be installed before anything else: nothing else is told then. */
  readonly newPkg?: string | undefined;
  readonly vulnerabilities?: readonly Vulnerability[] | undefined;
  /** `broken`: its catalogue cannot be fetched. `newer-freebsd`: it was built for a newer FreeBSD. */
  readonly repository?: "broken" | "newer-freebsd" | undefined;
  /** freebsd-update's servers cannot be reached, or its files are older than what runs. */
  readonly updateServer?: "broken" | "older" | undefined;
  /** What freebsd-update says of the release: it ended on a day, or will within so much time ("2 months"). */
  readonly endOfLife?: { readonly passed: string } | { readonly within: string } | undefined;
  /** An upgrade to another release was begun and not ended. */
  readonly halfUpgraded?: boolean | undefined;
}
