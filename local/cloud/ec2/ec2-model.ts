import { AwsError } from "../aws-error.ts";
import { type Params, text, texts } from "../form.ts";
import type { ServiceModel } from "../service-model.ts";
import type { Ec2 } from "./ec2.ts";
import { EC2_OPERATIONS } from "./operations.ts";

/** EC2 as the endpoint sees it. */
export function ec2Model(ec2: Ec2): ServiceModel {
  return {
    service: "ec2",
    protocol: "ec2",
    namespace: "http://ec2.amazonaws.com/doc/2016-11-15/",
    operations: Object.keys(EC2_OPERATIONS),
    resourcesOf: ({ params }) => namedResources(params),
    carryOut: async ({ operation, region, params }) => {
      const run = EC2_OPERATIONS[operation];
      const place = ec2.region(region);
      if (run === undefined || place === undefined)
        throw new AwsError("InternalError", `${operation} in ${region}`);
      if (text(params, "DryRun") === "true") {
        throw new AwsError("DryRunOperation", "Request would have succeeded, but DryRun flag is set.", 412);
      }
      return { kind: "xml", result: await run(ec2, place, params) };
    },
  };
}

const SINGLE = ["ImageId", "InstanceId", "KeyName", "GroupId", "SnapshotId", "VolumeId", "SourceImageId"];
const PLURAL = ["InstanceId", "ImageId", "KeyName", "GroupId", "SnapshotId", "VolumeId", "ResourceId"];

function namedResources(params: Params): string[] {
  const single = SINGLE.flatMap((name) => text(params, name) ?? []);
  return [...single, ...PLURAL.flatMap((name) => texts(params, name))];
}
