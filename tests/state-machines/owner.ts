import {
  DeregisterImageCommand,
  DescribeImagesCommand,
  EC2Client,
  RunInstancesCommand,
  type RunInstancesCommandInput,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import type { Power } from "../../local/rehearsal/stage.ts";

type Tags = Readonly<Record<string, string | undefined>>;

/** EC2 as the owner of the account sees it, in the home region: for what a test needs to stand there beforehand. */
export function ownerEc2({ door }: Power): EC2Client {
  return new EC2Client({
    region: "us-east-1",
    endpoint: door.url,
    credentials: { accessKeyId: "OWNER", secretAccessKey: "owner" },
  });
}

/** Launches instances of some public image. Tags without a value are left out. Answers the first one's id. */
export async function launchForOwner(
  ec2: EC2Client,
  instanceType: "t3.micro" | "c7i.2xlarge",
  count: number,
  tags: Tags = {},
): Promise<string> {
  const found = await ec2.send(new DescribeImagesCommand({}));
  const image = found.Images?.find(({ Architecture }) => Architecture === "x86_64");
  const Tags = Object.entries(tags).flatMap(([Key, Value]) => (Value === undefined ? [] : [{ Key, Value }]));
  const specifications = (["instance", "volume"] as const).map((ResourceType) => ({ ResourceType, Tags }));
  const request: RunInstancesCommandInput = {
    ImageId: image?.ImageId,
    InstanceType: instanceType,
    MinCount: count,
    MaxCount: count,
    BlockDeviceMappings: [{ DeviceName: image?.RootDeviceName, Ebs: { DeleteOnTermination: false } }],
    ...(Tags.length === 0 ? {} : { TagSpecifications: specifications }),
  };
  const made = await ec2.send(new RunInstancesCommand(request));
  return made.Instances?.[0]?.InstanceId ?? "";
}

/** Leaves a volume that no instance uses, with these tags. */
export async function leaveVolume(ec2: EC2Client, tags: Tags): Promise<void> {
  const id = await launchForOwner(ec2, "t3.micro", 1, tags);
  await ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
}

/** Deregisters the account's only image of a build, and leaves its snapshot. Answers the image's tags. */
export async function leaveSnapshot(ec2: EC2Client, imageName: string): Promise<Record<string, string>> {
  const Filters = [{ Name: "name", Values: [imageName] }];
  const found = await ec2.send(new DescribeImagesCommand({ Owners: ["self"], Filters }));
  const image = found.Images?.[0];
  await ec2.send(new DeregisterImageCommand({ ImageId: image?.ImageId }));
  return Object.fromEntries((image?.Tags ?? []).map(({ Key, Value }) => [Key ?? "", Value ?? ""]));
}
