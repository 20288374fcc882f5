import type { Account } from "../account.ts";
import { newId } from "../account.ts";
import { AwsError, invalidValue } from "../aws-error.ts";
import { type Params, requiredText, text, texts } from "../form.ts";
import type { Ec2 } from "./ec2.ts";
import { applyFilters, page, selectById } from "./filters.ts";
import { isAlive } from "./instance-state.ts";
import { noSecurityGroup } from "./not-found.ts";
import type { Region } from "./region.ts";
import type { Rule, SecurityGroup } from "./resources.ts";
import { describeRules } from "./security-group-rules.ts";
import { specifiedTags, tagSet } from "./tags.ts";

export function createSecurityGroup({ account }: Ec2, region: Region, params: Params) {
  const name = requiredText(params, "GroupName");
  const description = requiredText(params, "GroupDescription");
  requireVpc(region, text(params, "VpcId"));
  requireName(name);
  const same = region.securityGroups.existing().find((group) => group.name === name);
  if (same !== undefined) {
    throw new AwsError(
      "InvalidGroup.Duplicate",
      `The security group '${name}' already exists for VPC '${region.vpcId}'`,
    );
  }
  const group = region.securityGroups.add({
    id: newId("sg"),
    createdAt: account.clock.now(),
    goneAt: undefined,
    tags: specifiedTags(params, "security-group"),
    name,
    description,
    vpcId: region.vpcId,
    rules: [],
  });
  return { return: true, groupId: group.id, tagSet: tagSet(group.tags) };
}

export function describeSecurityGroups({ account }: Ec2, region: Region, params: Params) {
  const visible = region.securityGroups.visible();
  const names = texts(params, "GroupName");
  const unknown = names.filter((name) => !visible.some((group) => group.name === name));
  if (unknown.length > 0) throw noSecurityGroup(unknown);
  const selected = selectById(texts(params, "GroupId"), visible, noSecurityGroup).filter(
    ({ name }) => names.length === 0 || names.includes(name),
  );
  const found = applyFilters(params, selected, facetsOf);
  const { items, nextToken } = page(params, found);
  return { securityGroupInfo: items.map((group) => describe(account, group)), nextToken };
}

/** DeleteSecurityGroup. @throws AwsError DependencyViolation while an instance uses the group */
export function deleteSecurityGroup({ account }: Ec2, region: Region, params: Params) {
  const group = requireGroup(region, params);
  if (group.id === region.defaultGroupId) {
    throw new AwsError(
      "CannotDelete",
      `the specified group: "${group.id}" name: "default" cannot be deleted by a user`,
    );
  }
  const isUsed = region.instances
    .existing()
    .some((one) => isAlive(account, one) && one.securityGroupIds.includes(group.id));
  if (isUsed) throw new AwsError("DependencyViolation", `resource ${group.id} has a dependent object`);
  region.securityGroups.remove(group);
  return { return: true, groupId: group.id };
}

/** The group that GroupId, or GroupName in the default VPC, names. @throws AwsError InvalidGroup.NotFound */
export function requireGroup(region: Region, params: Params): SecurityGroup {
  const id = text(params, "GroupId");
  const name = text(params, "GroupName");
  if (id === undefined && name === undefined) requiredText(params, "GroupId");
  const group = region.securityGroups.existing().find((one) => one.id === id || one.name === name);
  if (group === undefined) throw noSecurityGroup([id ?? name ?? ""]);
  return group;
}

function requireVpc(region: Region, vpcId: string | undefined): void {
  if (vpcId === undefined || vpcId === region.vpcId) return;
  throw new AwsError("InvalidVpcID.NotFound", `The vpc ID '${vpcId}' does not exist`);
}

/** Names of groups in a VPC (EC2 API, CreateSecurityGroup). */
function requireName(name: string): void {
  if (name.toLowerCase() === "default")
    throw invalidValue("Cannot use reserved security group name: default");
  if (name.startsWith("sg-")) throw invalidValue("Group names may not be in the format sg-*");
  if (!/^[A-Za-z0-9 ._\-:/()#,@[\]+=&;{}!$*]{1,255}$/.test(name)) {
    throw invalidValue(
      `Value (${name}) for parameter GroupName is invalid. Character sets beyond ASCII are not supported.`,
    );
  }
}

function facetsOf(group: SecurityGroup) {
  const of = (pick: (rule: Rule) => string | number | undefined) =>
    group.rules.map((rule) => pick(rule)?.toString());
  return {
    "group-name": [group.name],
    "group-id": [group.id],
    description: [group.description],
    "vpc-id": [group.vpcId],
    "ip-permission.from-port": of(({ fromPort }) => fromPort),
    "ip-permission.to-port": of(({ toPort }) => toPort),
    "ip-permission.protocol": of(({ protocol }) => protocol),
    "ip-permission.cidr": of(({ source }) => (source.kind === "ipv4" ? source.value : undefined)),
  };
}

function describe(account: Account, group: SecurityGroup) {
  return {
    ownerId: account.accountId,
    groupId: group.id,
    groupName: group.name,
    groupDescription: group.description,
    vpcId: group.vpcId,
    ipPermissions: describeRules(account, group.rules),
    ipPermissionsEgress: [{ ipProtocol: "-1", ipRanges: [{ cidrIp: "0.0.0.0/0" }] }],
    tagSet: tagSet(group.tags),
  };
}
