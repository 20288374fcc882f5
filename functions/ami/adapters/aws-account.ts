import {
  DescribeInstanceTypesCommand,
  DescribeRegionsCommand,
  type EC2Client,
  type InstanceTypeInfo,
  paginateDescribeInstances,
} from "@aws-sdk/client-ec2";
import { GetServiceQuotaCommand, ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import { clientSettings, type Settings } from "#platform";
import type { Account } from "../ports.ts";
import { TAG } from "../tags.ts";
import { ec2Clients, fromEc2Tags, unlessMissing } from "./ec2-clients.ts";

/** "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances", counted in vCPUs. */
const STANDARD_VCPU_QUOTA = "L-1216C47A";

/** The account as seen from the function's own region. */
export function awsAccount(settings: Settings): Account {
  const ec2 = ec2Clients(settings)(settings.region);
  const quotas = new ServiceQuotasClient(clientSettings(settings));
  return {
    enabledRegions: async () => {
      const found = await ec2.send(new DescribeRegionsCommand({})); // lists enabled ones only, by default
      return (found.Regions ?? []).flatMap(({ RegionName }) =>
        RegionName === undefined ? [] : [RegionName],
      );
    },
    standardVcpus: async (apartFromBuild) => {
      const request = { ServiceCode: "ec2", QuotaCode: STANDARD_VCPU_QUOTA };
      const quota = await quotas.send(new GetServiceQuotaCommand(request));
      return { allowed: quota.Quota?.Value ?? 0, running: await runningVcpus(ec2, apartFromBuild) };
    },
    instanceType: async (name) => {
      const found = await unlessMissing(["InvalidInstanceType"], () =>
        ec2.send(new DescribeInstanceTypesCommand({ InstanceTypes: [name as "t3.nano"] })),
      );
      return found?.InstanceTypes?.map(toInstanceType)[0];
    },
  };
}

async function runningVcpus(ec2: EC2Client, apartFromBuild: string): Promise<number> {
  const Filters = [{ Name: "instance-state-name", Values: ["pending", "running"] }];
  let vcpus = 0;
  for await (const page of paginateDescribeInstances({ client: ec2 }, { Filters })) {
    for (const { Instances } of page.Reservations ?? []) {
      for (const { CpuOptions, Tags } of Instances ?? []) {
        if (fromEc2Tags(Tags)[TAG.build] === apartFromBuild) continue;
        vcpus += (CpuOptions?.CoreCount ?? 1) * (CpuOptions?.ThreadsPerCore ?? 1);
      }
    }
  }
  return vcpus;
}

function toInstanceType(info: InstanceTypeInfo) {
  const architectures = info.ProcessorInfo?.SupportedArchitectures ?? [];
  return {
    vcpus: info.VCpuInfo?.DefaultVCpus ?? 0,
    memoryGib: (info.MemoryInfo?.SizeInMiB ?? 0) / 1024,
    arch: architectures.includes("arm64") ? ("arm64" as const) : ("amd64" as const),
  };
}
