import type { VirtualClock } from "../clock/virtual-clock.ts";
import type { HostCondition } from "../host/condition.ts";

/** What EC2 knows of an instance when it starts: enough to make it live. */
export interface MachineSpec {
  readonly instanceId: string;
  readonly region: string;
  readonly launchedAt: Date;
  /** The image it was launched from, as the rehearsal cloud keeps it. */
  readonly image: {
    readonly release: string; // "15.1"
    readonly arch: "amd64" | "arm64";
    readonly flavour: "builder" | "base" | "small" | "cloud-init";
    readonly filesystem: "ufs" | "zfs";
  };
  /** The disk of an image of the account's own. Absent: the image is FreeBSD's, and lays out a release. */
  readonly tree?: string | undefined;
  /** Addresses of other hosts, by their names. Default: there are none. */
  readonly resolve?: (name: string) => string | undefined;
  /** One line of authorized_keys, or undefined when it was launched without a key pair. */
  readonly authorizedKey: string | undefined;
  /** Bandwidth of the volume's first read; decides how long the builder takes to boot. */
  readonly volumeInitializationRateMibPerSecond: number | undefined;
  /** A folder of this machine's own, which exists and is empty. */
  readonly folder: string;
  /** The TCP port on which every rehearsed sshd listens, each on an address of its own in 127.0.0.0/8. */
  readonly sshPort: number;
  readonly clock: VirtualClock;
  readonly faults: {
    /** The console stops growing before sshd starts, and sshd never listens. */
    readonly neverBoots?: boolean;
    /** sshd presents another key than the one that the console shows. */
    readonly hostKeyMismatch?: boolean;
    /** The provisioning script's package installation fails as an unreachable repository does. */
    readonly packagesUnreachable?: boolean;
  };
  /** Called around every SSH session command, so that crash tests can kill a run there as well. */
  readonly onCommand?: (phase: "before" | "after", command: string) => Promise<void>;
}

/** What CreateImage found on the root disk. */
export interface DiskCapture {
  /** Empty for a clean disk; else one sentence per defect, for example "file system was mounted". */
  readonly problems: string[];
}

/** A machine that runs. */
export interface Machine {
  /** Its address on loopback, in 127.0.0.0/8. */
  readonly address: string;
  /** Its ED25519 host key, as in known_hosts: type and base64. */
  readonly hostKey: string;
  /** What its commands take for `/`. */
  readonly root: string;
  /** Changes how a host is, from now on. A builder has no condition. */
  setCondition(condition: HostCondition): Promise<void>;
  /** What GetConsoleOutput (Latest=true) would return now: at most the last 64 KiB, lines ended with CR LF. */
  consoleOutput(): string;
  /** A reboot as EC2 would do it. A builder loses its memory disk and boots the product from its root disk. */
  reboot(): Promise<void>;
  /** Copies the root disk's tree into the empty folder `target`, as CreateImage without reboot would find it. */
  captureDisk(target: string): Promise<DiskCapture>;
  /** Stops sshd, ends what runs, removes nothing. */
  stop(): Promise<void>;
}

/** Starts a machine. It "boots" on the virtual clock: before its time, sshd refuses connections. */
export type StartMachine = (spec: MachineSpec) => Promise<Machine>;
