import {
  DeleteVolumeCommand,
  DescribeInstancesCommand,
  GetConsoleOutputCommand,
  type Instance,
  paginateDescribeInstances,
  paginateDescribeVolumes,
  RunInstancesCommand,
  type RunInstancesCommandInput,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import type { Settings } from "#platform";
import { BuilderLostError, BuildRefusedError, NoCapacityError, NotVisibleYetError } from "../failures.ts";
import type { Builder, BuilderPool, NewBuilder } from "../ports.ts";
import { ec2Clients, errorCode, fromEc2Tags, tagFilters, toEc2Tags, unlessMissing } from "./ec2-clients.ts";

const INSTANCE_GONE = ["InvalidInstanceID.NotFound"];

/** The key pair and the door were made a moment ago; RunInstances may look for them where they are not known yet. */
const JUST_MADE = ["InvalidGroup.NotFound", "InvalidKeyPair.NotFound"];

/** MiB/s at which the root volume is filled from its snapshot (EC2 API, EbsBlockDevice: 100 to 300). */
const VOLUME_INITIALIZATION_MIB_PER_SECOND = 300;

/** Builders as EC2 instances of the function's own region. */
export function ec2BuilderPool(settings: Settings): BuilderPool {
  const client = ec2Clients(settings)(settings.region);
  return {
    listByTags: async (tags) => {
      const builders: Builder[] = [];
      for await (const page of paginateDescribeInstances({ client }, { Filters: tagFilters(tags) })) {
        for (const { Instances } of page.Reservations ?? [])
          builders.push(...(Instances ?? []).map(toBuilder));
      }
      return builders;
    },
    find: async (id) => {
      const found = await unlessMissing(INSTANCE_GONE, () =>
        client.send(new DescribeInstancesCommand({ InstanceIds: [id] })),
      );
      return found?.Reservations?.[0]?.Instances?.map(toBuilder)[0];
    },
    launch: async (builder) => {
      try {
        const made = await client.send(new RunInstancesCommand(launchRequest(builder)));
        const instance = made.Instances?.[0];
        if (instance === undefined) throw new BuilderLostError("RunInstances answered without an instance");
        return toBuilder(instance);
      } catch (error) {
        throw launchFailure(error, builder);
      }
    },
    consoleOutput: async (id) => {
      const answer = await unlessMissing(INSTANCE_GONE, () =>
        client.send(new GetConsoleOutputCommand({ InstanceId: id, Latest: true })),
      );
      return Buffer.from(answer?.Output ?? "", "base64").toString("latin1");
    },
    terminate: async (id) => {
      await unlessMissing(INSTANCE_GONE, () =>
        client.send(new TerminateInstancesCommand({ InstanceIds: [id] })),
      );
    },
    listIdleVolumes: async (tags) => {
      const Filters = [...tagFilters(tags), { Name: "status", Values: ["available"] }];
      const volumes: { id: string; tags: Builder["tags"] }[] = [];
      for await (const page of paginateDescribeVolumes({ client }, { Filters })) {
        volumes.push(
          ...(page.Volumes ?? []).map((one) => ({ id: one.VolumeId ?? "", tags: fromEc2Tags(one.Tags) })),
        );
      }
      return volumes;
    },
    removeVolume: async (id) => {
      await unlessMissing(["InvalidVolume.NotFound"], () =>
        client.send(new DeleteVolumeCommand({ VolumeId: id })),
      );
    },
  };
}

function launchRequest(builder: NewBuilder): RunInstancesCommandInput {
  const Tags = toEc2Tags(builder.tags);
  return {
    ImageId: builder.imageId,
    InstanceType: builder.instanceType as NonNullable<RunInstancesCommandInput["InstanceType"]>,
    MinCount: 1,
    MaxCount: 1,
    KeyName: builder.keyName,
    SecurityGroupIds: [builder.securityGroupId],
    ClientToken: builder.token,
    InstanceInitiatedShutdownBehavior: "terminate",
    MetadataOptions: { HttpTokens: "required", HttpEndpoint: "enabled", HttpPutResponseHopLimit: 1 },
    BlockDeviceMappings: [
      {
        DeviceName: builder.rootDeviceName,
        Ebs: {
          VolumeType: "gp3",
          VolumeSize: builder.rootVolumeGib,
          DeleteOnTermination: true,
          VolumeInitializationRate: VOLUME_INITIALIZATION_MIB_PER_SECOND,
        },
      },
    ],
    TagSpecifications: (["instance", "volume"] as const).map((ResourceType) => ({ ResourceType, Tags })),
  };
}

function launchFailure(error: unknown, builder: NewBuilder): unknown {
  const code = errorCode(error);
  const reason = error instanceof Error ? error.message : String(error);
  if (code === "InsufficientInstanceCapacity" || code === "InsufficientHostCapacity") {
    return new NoCapacityError(`no capacity for ${builder.instanceType}: ${reason}`);
  }
  if (code === "VcpuLimitExceeded" || code === "InstanceLimitExceeded") {
    return new BuildRefusedError(`${reason} Ask for more under Service Quotas, EC2, L-1216C47A.`);
  }
  if (JUST_MADE.includes(code))
    return new NotVisibleYetError(`what the builder needs does not show yet: ${reason}`);
  return error;
}

function toBuilder(instance: Instance): Builder {
  return {
    id: instance.InstanceId ?? "",
    state: toState(instance.State?.Name),
    address: instance.PublicIpAddress,
    stateReason: instance.StateReason?.Message ?? instance.State?.Name ?? "",
    tags: fromEc2Tags(instance.Tags),
  };
}

function toState(name: string | undefined): Builder["state"] {
  if (name === "pending" || name === "running") return name;
  // A stopped builder has lost its memory disk: as a builder it is gone, but it still exists and costs money.
  return name === "terminated" ? "gone" : "stopping";
}
