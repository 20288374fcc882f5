import { z } from "zod";
import { AwsError } from "../aws-error.ts";
import { readInput } from "../json-input.ts";
import type { ServiceModel } from "../service-model.ts";

/** vCPUs of running standard on-demand instances that the account may have in a region at once. */
export const STANDARD_VCPU_QUOTA = 32;

const QUOTAS = [
  {
    ServiceCode: "ec2",
    ServiceName: "Amazon Elastic Compute Cloud (Amazon EC2)",
    QuotaCode: "L-1216C47A",
    QuotaName: "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances",
    Value: STANDARD_VCPU_QUOTA,
    Unit: "None",
    Adjustable: true,
    GlobalQuota: false,
  },
];

/** The default of every account (Service Quotas console, EC2). */
const DEFAULT_STANDARD_VCPUS = 5;

const OneQuota = z.object({ ServiceCode: z.string(), QuotaCode: z.string() });
const OneService = z.object({ ServiceCode: z.string() });

/** What it can be asked. */
export const QUOTAS_OPERATIONS: Readonly<Record<string, (input: unknown) => object>> = {
  GetServiceQuota: (input) => ({ Quota: findQuota(input) }),
  GetAWSDefaultServiceQuota: (input) => ({ Quota: { ...findQuota(input), Value: DEFAULT_STANDARD_VCPUS } }),
  ListServiceQuotas: (input) => {
    const { ServiceCode } = readInput(OneService, input);
    const Quotas = QUOTAS.filter((quota) => quota.ServiceCode === ServiceCode);
    if (Quotas.length === 0) throw noSuch("service");
    return { Quotas };
  },
};

/** Service Quotas (JSON 1.1): the one quota that RunInstances enforces here. */
export function quotasModel(): ServiceModel {
  return {
    service: "servicequotas",
    protocol: "json-1.1",
    namespace: "",
    operations: Object.keys(QUOTAS_OPERATIONS),
    resourcesOf: () => [],
    carryOut: async ({ operation, json }) => ({
      kind: "json",
      result: QUOTAS_OPERATIONS[operation]?.(json) ?? {},
    }),
  };
}

function findQuota(input: unknown) {
  const { ServiceCode, QuotaCode } = readInput(OneQuota, input);
  const quota = QUOTAS.find((one) => one.ServiceCode === ServiceCode && one.QuotaCode === QuotaCode);
  if (quota === undefined) throw noSuch("quota");
  return quota;
}

function noSuch(what: string): AwsError {
  return new AwsError(
    "NoSuchResourceException",
    `The request failed because the specified ${what} does not exist.`,
  );
}
