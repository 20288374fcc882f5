import type { Call } from "../../local/cloud/contract.ts";

/** What IAM asks for when a call is made: an action, on a resource. */
export interface Need {
  /** "ec2:RunInstances" */
  readonly action: string;
  /** An ARN, or "*" for actions that know no resource. */
  readonly resource: string;
  /** The EC2 call that this is a part of, for ec2:CreateTags (condition key ec2:CreateAction). */
  readonly within?: string;
}

/**
 * Kinds of resource that an action of EC2 is authorized on besides those that the call names, because it makes or
 * chooses them (Service Authorization Reference, "Actions, resources, and condition keys for Amazon EC2").
 */
const ALSO_ON: Readonly<Record<string, readonly string[]>> = {
  RunInstances: ["instance", "volume", "network-interface", "subnet", "security-group"],
  CreateImage: ["image", "snapshot"],
  CopyImage: ["image", "snapshot"],
  CreateSecurityGroup: ["security-group", "vpc"],
};

/** What EC2 tags while it makes it, as TagSpecifications ask: each needs ec2:CreateTags (EC2 guide, "Tag on create"). */
const TAGS: Readonly<Record<string, readonly string[]>> = {
  RunInstances: ["instance", "volume"],
  CreateImage: ["image", "snapshot"],
  CopyImage: ["image", "snapshot"],
  CreateKeyPair: ["key-pair"],
  CreateSecurityGroup: ["security-group"],
};

const EC2_IDS: Readonly<Record<string, string>> = {
  ami: "image",
  i: "instance",
  sg: "security-group",
  snap: "snapshot",
  vol: "volume",
};

/** Everything that the role of the caller must allow for this call to be carried out whole. */
export function needsOf(call: Call, accountId: string): Need[] {
  const action = `${call.service}:${call.operation}`;
  switch (call.service) {
    case "ec2":
      return ec2Needs(call, accountId);
    case "ssm":
      return call.resources.flatMap((name) => ssmNeeds(call, name, accountId));
    case "dynamodb":
      return call.resources.map((table) => ({ action, resource: arn(call, accountId, `table/${table}`) }));
    case "ses":
      if (call.operation === "GetSendQuota") return [{ action, resource: "*" }];
      return call.resources.map((name) => ({ action, resource: arn(call, accountId, sesResource(name)) }));
    case "s3":
      return call.resources.flatMap((name) => s3Needs(call, name));
    case "states":
      return call.resources.map((resource) => ({ action, resource }));
    default:
      return [{ action, resource: "*" }];
  }
}

function ec2Needs(call: Call, accountId: string): Need[] {
  const { operation } = call;
  const action = `ec2:${operation}`;
  if (operation.startsWith("Describe")) return [{ action, resource: "*" }];
  const named = call.resources.map((name) => ({ action, resource: ec2Arn(call, accountId, name) }));
  const others = (ALSO_ON[operation] ?? []).map((kind) => ({
    action,
    resource: sample(call, accountId, kind),
  }));
  const tags = (TAGS[operation] ?? []).map((kind) => ({
    action: "ec2:CreateTags",
    resource: sample(call, accountId, kind),
    within: operation,
  }));
  // DeleteAssociatedSnapshots: without the right to delete them EC2 answers well, and leaves the snapshots
  // (EC2 API, DeregisterImage, DeleteSnapshotReturnCode "missing-permissions").
  const snapshots =
    operation === "DeregisterImage"
      ? [{ action: "ec2:DeleteSnapshot", resource: sample(call, accountId, "snapshot") }]
      : [];
  return [...named, ...others, ...tags, ...snapshots];
}

function ssmNeeds(call: Call, name: string, accountId: string): Need[] {
  const { operation } = call;
  // Public parameters belong to no account. A path's permission is asked on the path itself.
  const owner = name.startsWith("/aws/") ? "" : accountId;
  const resource = arn(call, owner, `parameter${name}`);
  const need = { action: `ssm:${operation}`, resource };
  // A build's key is tagged as it is made (SSM API, PutParameter, Tags); pointers are not tagged.
  const isTagged = operation === "PutParameter" && name.includes("/builds/");
  return isTagged ? [need, { action: "ssm:AddTagsToResource", resource }] : [need];
}

/** Actions of S3 are not always called as its operations are (S3 guide, "Required permissions for S3 API operations"). */
const S3_ACTIONS: Readonly<Record<string, string>> = {
  HeadObject: "s3:GetObject",
  ListObjectsV2: "s3:ListBucket",
  HeadBucket: "s3:ListBucket",
};

/** ARNs of S3 name neither region nor account. */
function s3Needs({ operation, error }: Call, name: string): Need[] {
  const need = { action: S3_ACTIONS[operation] ?? `s3:${operation}`, resource: `arn:aws:s3:::${name}` };
  // Who may not list a bucket is not told that an object is missing: the answer is then AccessDenied instead of
  // NoSuchKey (S3 API, GetObject, "Permissions").
  if (error !== "NoSuchKey" || need.action !== "s3:GetObject") return [need];
  return [need, { action: "s3:ListBucket", resource: `arn:aws:s3:::${name.split("/")[0]}` }];
}

/** SES asks about the identity of the sender (here: its domain) and about the configuration set. */
function sesResource(name: string): string {
  return name.includes("@") ? `identity/${name.slice(name.indexOf("@") + 1)}` : `configuration-set/${name}`;
}

function ec2Arn(call: Call, accountId: string, name: string): string {
  const [, prefix = ""] = /^([a-z]+)-[0-9a-f]{17}$/.exec(name) ?? [];
  const kind = EC2_IDS[prefix] ?? "key-pair";
  return arn(call, isWithoutAccount(kind) ? "" : accountId, `${kind}/${name}`);
}

function sample(call: Call, accountId: string, kind: string): string {
  return arn(call, isWithoutAccount(kind) ? "" : accountId, `${kind}/new`);
}

/** AMIs and snapshots have no account in their ARN. */
function isWithoutAccount(kind: string): boolean {
  return kind === "image" || kind === "snapshot";
}

function arn({ service, region }: Call, accountId: string, resource: string): string {
  return `arn:aws:${service}:${region}:${accountId}:${resource}`;
}
