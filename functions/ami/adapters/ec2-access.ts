import {
  AuthorizeSecurityGroupIngressCommand,
  CreateKeyPairCommand,
  CreateSecurityGroupCommand,
  DeleteKeyPairCommand,
  DeleteSecurityGroupCommand,
  DescribeKeyPairsCommand,
  DescribeSecurityGroupsCommand,
  type EC2Client,
} from "@aws-sdk/client-ec2";
import {
  DeleteParameterCommand,
  GetParameterCommand,
  ListTagsForResourceCommand,
  PutParameterCommand,
  paginateGetParametersByPath,
  SSMClient,
} from "@aws-sdk/client-ssm";
import { clientSettings, type Settings } from "#platform";
import { NotVisibleYetError } from "../failures.ts";
import type { Access } from "../ports.ts";
import type { Tags } from "../tags.ts";
import { ec2Clients, errorCode, fromEc2Tags, tagFilters, toEc2Tags, unlessMissing } from "./ec2-clients.ts";

const DOOR_GONE = ["InvalidGroup.NotFound", "InvalidGroupId.Malformed"];

/** Key pairs and security groups in EC2, private keys in SSM, all in the function's own region. */
export function ec2Access(settings: Settings): Access {
  const ec2 = ec2Clients(settings)(settings.region);
  const ssm = new SSMClient(clientSettings(settings));
  return {
    ensureKeyPair: (name, parameter, tags) => ensureKeyPair(ec2, ssm, name, parameter, tags),
    ensureDoor: (name, tags) => ensureDoor(ec2, name, tags),
    listDoors: async (tags) => {
      const found = await ec2.send(new DescribeSecurityGroupsCommand({ Filters: tagFilters(tags) }));
      return (found.SecurityGroups ?? []).map((one) => ({
        id: one.GroupId ?? "",
        tags: fromEc2Tags(one.Tags),
      }));
    },
    removeDoor: async (id) => {
      try {
        await unlessMissing(DOOR_GONE, () => ec2.send(new DeleteSecurityGroupCommand({ GroupId: id })));
        return true;
      } catch (error) {
        if (errorCode(error) === "DependencyViolation") return false;
        throw error;
      }
    },
    listKeyPairs: async (tags) => {
      const found = await ec2.send(new DescribeKeyPairsCommand({ Filters: tagFilters(tags) }));
      return (found.KeyPairs ?? []).map((one) => ({ name: one.KeyName ?? "", tags: fromEc2Tags(one.Tags) }));
    },
    removeKeyPair: async (name) => {
      await ec2.send(new DeleteKeyPairCommand({ KeyName: name })); // succeeds when there is none
    },
    listKeyParameters: async (stage) => {
      const parameters: { name: string; tags: Tags }[] = [];
      const request = { Path: `/nightshift/${stage}/builds`, Recursive: true };
      for await (const page of paginateGetParametersByPath({ client: ssm }, request)) {
        for (const { Name: name = "" } of page.Parameters ?? []) {
          // Another build's clean-up may remove its own between the two calls.
          const found = await unlessMissing(["InvalidResourceId"], () =>
            ssm.send(new ListTagsForResourceCommand({ ResourceType: "Parameter", ResourceId: name })),
          );
          if (found !== undefined) parameters.push({ name, tags: fromEc2Tags(found.TagList) });
        }
      }
      return parameters;
    },
    removeKeyParameter: async (name) => {
      await unlessMissing(["ParameterNotFound"], () => ssm.send(new DeleteParameterCommand({ Name: name })));
    },
  };
}

/**
 * EC2 shows a key's private half once, when it makes it. So the parameter decides: while it is missing, any key pair
 * of that name is one whose private half was lost in a crash, and nothing can have been launched with it.
 */
async function ensureKeyPair(ec2: EC2Client, ssm: SSMClient, name: string, parameter: string, tags: Tags) {
  const kept = await unlessMissing(["ParameterNotFound"], () =>
    ssm.send(new GetParameterCommand({ Name: parameter })),
  );
  if (kept !== undefined) return;
  await ec2.send(new DeleteKeyPairCommand({ KeyName: name }));
  const made = await ec2.send(
    new CreateKeyPairCommand({
      KeyName: name,
      KeyType: "ed25519",
      KeyFormat: "pem",
      TagSpecifications: [{ ResourceType: "key-pair", Tags: toEc2Tags(tags) }],
    }),
  );
  if (made.KeyMaterial === undefined) throw new Error("CreateKeyPair answered without a private key");
  await ssm.send(
    new PutParameterCommand({
      Name: parameter,
      Value: made.KeyMaterial,
      Type: "SecureString",
      Tags: toEc2Tags(tags),
    }),
  );
}

async function ensureDoor(ec2: EC2Client, name: string, tags: Tags): Promise<string> {
  const id = (await findDoor(ec2, name)) ?? (await makeDoor(ec2, name, tags));
  try {
    await ec2.send(
      new AuthorizeSecurityGroupIngressCommand({
        GroupId: id,
        IpPermissions: [
          {
            IpProtocol: "tcp",
            FromPort: 22,
            ToPort: 22,
            // Lambda has no fixed address. The door is key-only, its host key is pinned, and it lives minutes.
            IpRanges: [{ CidrIp: "0.0.0.0/0", Description: "SSH to the builder while the build runs" }],
          },
        ],
      }),
    );
  } catch (error) {
    if (errorCode(error) === "InvalidGroup.NotFound")
      throw new NotVisibleYetError(`security group ${id} was made but does not show yet`);
    if (errorCode(error) !== "InvalidPermission.Duplicate") throw error;
  }
  return id;
}

async function makeDoor(ec2: EC2Client, name: string, tags: Tags): Promise<string> {
  try {
    const made = await ec2.send(
      new CreateSecurityGroupCommand({
        GroupName: name,
        Description: "Way in to an image builder, open while the build runs",
        TagSpecifications: [{ ResourceType: "security-group", Tags: toEc2Tags(tags) }],
      }),
    );
    if (made.GroupId === undefined) throw new Error("CreateSecurityGroup answered without a group id");
    return made.GroupId;
  } catch (error) {
    if (errorCode(error) !== "InvalidGroup.Duplicate") throw error;
    throw new NotVisibleYetError(`security group ${name} exists but does not show yet`);
  }
}

async function findDoor(ec2: EC2Client, name: string): Promise<string | undefined> {
  const Filters = [{ Name: "group-name", Values: [name] }];
  const found = await ec2.send(new DescribeSecurityGroupsCommand({ Filters }));
  return found.SecurityGroups?.[0]?.GroupId;
}
