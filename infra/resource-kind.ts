/** What a kind of resource stands for: an ARN in CloudFormation's Fn::Sub form, of a stage and what follows the kind. */
type Kind = (stage: string, path: string) => string;

const anywhere = (service: string) => `arn:\${AWS::Partition}:${service}:*:\${AWS::AccountId}`;
const here = (service: string) => `arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}`;
const ofEc2: (kind: string) => Kind = (kind) => (_, path) => `${anywhere("ec2")}:${kind}/${path || "*"}`;
/** The bucket itself, for s3:ListBucket, or objects in it: their ARNs name neither region nor account. */
const bucket: (suffix: string) => Kind = (suffix) => (stage, path) =>
  `arn:\${AWS::Partition}:s3:::nightshift-${stage}-\${AWS::AccountId}${suffix}${path === "" ? "" : `/${path}`}`;

/**
 * The words that functions.yml has for resources. Images and copies live in every region of the fleet, so EC2 and SSM
 * resources are not narrowed to one region. A function's own region is where its stack is; what the two stacks read of
 * each other is in another region, which an ARN cannot name without knowing the fleet.
 */
const KINDS: Readonly<Record<string, Kind>> = {
  parameter: (_, path) => `${anywhere("ssm")}:parameter/${path}`,
  "own-parameter": (_, path) => `${here("ssm")}:parameter/${path}`,
  "public-parameter": (_, path) => `arn:\${AWS::Partition}:ssm:*::parameter/${path}`,
  table: (stage, path) => `${here("dynamodb")}:table/nightshift-${stage}-${path}`,
  "watch-table": (stage, path) => `${anywhere("dynamodb")}:table/nightshift-${stage}-${path}`,
  bucket: bucket(""),
  "status-bucket": bucket("-status"),
  machine: (stage, path) => `${here("states")}:stateMachine:nightshift-${stage}-${path}`,
  "home-machine": (stage, path) => `${anywhere("states")}:stateMachine:nightshift-${stage}-${path}`,
  execution: (stage) => `${anywhere("states")}:execution:nightshift-${stage}-*:*`,
  identity: () => `${here("ses")}:identity/*`,
  "configuration-set": (stage) => `${here("ses")}:configuration-set/nightshift-${stage}`,
  image: () => `arn:\${AWS::Partition}:ec2:*::image/*`, // AMIs and snapshots have no account in their ARN
  snapshot: () => `arn:\${AWS::Partition}:ec2:*::snapshot/*`,
  instance: ofEc2("instance"),
  volume: ofEc2("volume"),
  "key-pair": ofEc2("key-pair"),
  "security-group": ofEc2("security-group"),
  subnet: ofEc2("subnet"),
  vpc: ofEc2("vpc"),
  "network-interface": ofEc2("network-interface"),
};

/** What a permission's `on` stands for in a stage: "table/accounts", "bucket/usage/*", or "*" for any. */
export function resourcesOf(on: string, stage: string): unknown[] {
  if (on === "*") return ["*"];
  const [first = "", ...rest] = on.split("/");
  const kind = Object.hasOwn(KINDS, first) ? KINDS[first] : undefined;
  if (kind === undefined) throw new Error(`functions.yml: no such kind of resource: ${on}`);
  return [sub(kind(stage, rest.join("/").replaceAll("STAGE", stage)))];
}

/** CloudFormation's Fn::Sub. */
export function sub(text: string): { "Fn::Sub": string } {
  return { "Fn::Sub": text };
}
