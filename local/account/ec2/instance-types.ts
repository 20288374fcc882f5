/** An instance type as DescribeInstanceTypes tells of it (EC2 user guide, instance type specifications). */
export interface InstanceType {
  readonly vcpus: number;
  readonly memoryGib: number;
  readonly arch: "amd64" | "arm64";
}

/** The types that the rehearsal cloud offers: Nitro types that a small FreeBSD fleet uses. */
export const INSTANCE_TYPES: Readonly<Record<string, InstanceType>> = {
  "t3.nano": { vcpus: 2, memoryGib: 0.5, arch: "amd64" },
  "t3.micro": { vcpus: 2, memoryGib: 1, arch: "amd64" },
  "t3.small": { vcpus: 2, memoryGib: 2, arch: "amd64" },
  "t3.medium": { vcpus: 2, memoryGib: 4, arch: "amd64" },
  "t3.large": { vcpus: 2, memoryGib: 8, arch: "amd64" },
  "m7i.large": { vcpus: 2, memoryGib: 8, arch: "amd64" },
  "m7i.xlarge": { vcpus: 4, memoryGib: 16, arch: "amd64" },
  "r7i.large": { vcpus: 2, memoryGib: 16, arch: "amd64" },
  "r7i.xlarge": { vcpus: 4, memoryGib: 32, arch: "amd64" },
  "t4g.nano": { vcpus: 2, memoryGib: 0.5, arch: "arm64" },
  "t4g.small": { vcpus: 2, memoryGib: 2, arch: "arm64" },
  "m7g.large": { vcpus: 2, memoryGib: 8, arch: "arm64" },
  "m7g.xlarge": { vcpus: 4, memoryGib: 16, arch: "arm64" },
  "r7g.large": { vcpus: 2, memoryGib: 16, arch: "arm64" },
};
