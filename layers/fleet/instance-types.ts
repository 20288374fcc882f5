export type Arch = "amd64" | "arm64";

interface InstanceType {
  readonly arch: Arch;
  readonly memoryGib: number;
}

/**
 * Nitro instance types that make sensible builders (Amazon EC2 Instance Types guide). A type that is not listed is
 * allowed: EC2 is asked for it when a build starts.
 */
const KNOWN: Readonly<Record<string, InstanceType>> = {
  "t3.large": { arch: "amd64", memoryGib: 8 },
  "t3.xlarge": { arch: "amd64", memoryGib: 16 },
  "m7i.large": { arch: "amd64", memoryGib: 8 },
  "m7i.xlarge": { arch: "amd64", memoryGib: 16 },
  "c7i.xlarge": { arch: "amd64", memoryGib: 8 },
  "r6i.large": { arch: "amd64", memoryGib: 16 },
  "r7i.large": { arch: "amd64", memoryGib: 16 },
  "r7i.xlarge": { arch: "amd64", memoryGib: 32 },
  "t4g.large": { arch: "arm64", memoryGib: 8 },
  "t4g.xlarge": { arch: "arm64", memoryGib: 16 },
  "m7g.large": { arch: "arm64", memoryGib: 8 },
  "m7g.xlarge": { arch: "arm64", memoryGib: 16 },
  "c7g.xlarge": { arch: "arm64", memoryGib: 8 },
  "r6g.large": { arch: "arm64", memoryGib: 16 },
  "r7g.large": { arch: "arm64", memoryGib: 16 },
  "r7g.xlarge": { arch: "arm64", memoryGib: 32 },
  "r8g.large": { arch: "arm64", memoryGib: 16 },
};

/** Families from before Nitro. Their console cannot be read while they run (EC2 API, GetConsoleOutput, Latest). */
const BEFORE_NITRO = /^(t1|t2|m1|m2|m3|m4|c1|c3|c4|r3|r4|i2|i3|d2|x1|x1e)\./;

/** The cheapest types that hold a ten-gibibyte root disk in memory. */
export const DEFAULT_INSTANCE_TYPE: Readonly<Record<Arch, string>> = {
  amd64: "r7i.large",
  arm64: "r7g.large",
};

/** Whether the table knows the type; if not, architecture and memory are checked when a build starts. */
export function isKnownInstanceType(name: string): boolean {
  return KNOWN[name] !== undefined;
}

/** Why an instance type cannot build such an image; undefined when nothing speaks against it. */
export function refuseInstanceType(name: string, arch: Arch, rootVolumeGib: number): string | undefined {
  if (BEFORE_NITRO.test(name)) {
    return `${name} is older than Nitro: its console, which tells the host key, cannot be read while it runs`;
  }
  const type = KNOWN[name];
  if (type === undefined) return undefined;
  if (type.arch !== arch) return `${name} is ${type.arch}, the image is ${arch}`;
  if (type.memoryGib <= rootVolumeGib) {
    return (
      `${name} has ${type.memoryGib} GiB of memory; a builder copies its root disk into memory and needs more than ` +
      `the ${rootVolumeGib} GiB of rootVolumeGib`
    );
  }
  return undefined;
}
