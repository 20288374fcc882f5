/** An instance type as DescribeInstanceTypes tells of it (EC2 user guide, instance type specifications). */
export interface InstanceType {
  readonly vcpus: number;
  readonly memoryGib: number;
  readonly arch: "amd64" | "arm64";
}

/** The types that the rehearsal cloud offers: Nitro types that a small FreeBSD fleet uses. All are "standard". */
export const INSTANCE_TYPES: ReadonlyMap<string, InstanceType> = new Map(
  (
    [
      ["t3.nano", 2, 0.5, "amd64"],
      ["t3.micro", 2, 1, "amd64"],
      ["t3.small", 2, 2, "amd64"],
      ["t3.medium", 2, 4, "amd64"],
      ["t3.large", 2, 8, "amd64"],
      ["t3.xlarge", 4, 16, "amd64"],
      ["c7i.large", 2, 4, "amd64"],
      ["c7i.xlarge", 4, 8, "amd64"],
      ["c7i.2xlarge", 8, 16, "amd64"],
      ["m7i.large", 2, 8, "amd64"],
      ["m7i.xlarge", 4, 16, "amd64"],
      ["m7i.2xlarge", 8, 32, "amd64"],
      ["r7i.large", 2, 16, "amd64"],
      ["r7i.xlarge", 4, 32, "amd64"],
      ["t4g.nano", 2, 0.5, "arm64"],
      ["t4g.micro", 2, 1, "arm64"],
      ["t4g.small", 2, 2, "arm64"],
      ["t4g.medium", 2, 4, "arm64"],
      ["t4g.large", 2, 8, "arm64"],
      ["t4g.xlarge", 4, 16, "arm64"],
      ["c7g.large", 2, 4, "arm64"],
      ["c7g.xlarge", 4, 8, "arm64"],
      ["c7g.2xlarge", 8, 16, "arm64"],
      ["m7g.large", 2, 8, "arm64"],
      ["m7g.xlarge", 4, 16, "arm64"],
      ["m7g.2xlarge", 8, 32, "arm64"],
      ["r7g.large", 2, 16, "arm64"],
      ["r7g.xlarge", 4, 32, "arm64"],
    ] as const
  ).map(([name, vcpus, memoryGib, arch]) => [name, { vcpus, memoryGib, arch }]),
);

/** How EC2 writes an architecture. */
export function ec2Architecture(arch: "amd64" | "arm64"): "x86_64" | "arm64" {
  return arch === "arm64" ? "arm64" : "x86_64";
}
