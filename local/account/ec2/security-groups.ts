import type { Account } from "../account.ts";
import { AwsError, missing } from "../aws-error.ts";
import { type Params, structures, text, texts } from "../query-protocol.ts";
import { instanceState } from "./instances.ts";
import type { Region, SecurityGroup } from "./region.ts";
import { passesFilters, specifiedTags, tagSet } from "./tags.ts";
import { isVisible, page } from "./visibility.ts";

export function createSecurityGroup(account: Account, region: Region, params: Params) {
  const name = text(params, "GroupName");
  if (name === undefined) throw missing("GroupName");
  if ([...region.securityGroups.values()].some((group) => group.name === name)) {
    throw new AwsError(
      "InvalidGroup.Duplicate",
      `The security group '${name}' already exists for VPC '${vpcId(region)}'`,
    );
  }
  const group: SecurityGroup = {
    id: account.newId("sg"),
    name,
    description: text(params, "GroupDescription") ?? "",
    createdAt: account.clock.now(),
    tags: specifiedTags(params, "security-group"),
    openings: [],
  };
  region.securityGroups.set(group.id, group);
  return { return: true, groupId: group.id, tagSet: tagSet(group.tags) };
}

export function authorizeIngress(_account: Account, region: Region, params: Params) {
  const group = requireGroup(region, params);
  for (const opening of openingsOf(params)) {
    if (group.openings.some((one) => isSameRule(one, opening))) {
      throw new AwsError(
        "InvalidPermission.Duplicate",
        `the specified rule "peer: ${opening.cidr}, ${opening.protocol.toUpperCase()}, from port: ${opening.fromPort}, to port: ${opening.toPort}, ALLOW" already exists`,
      );
    }
    group.openings.push(opening);
  }
  return { return: true };
}

export function revokeIngress(_account: Account, region: Region, params: Params) {
  const group = requireGroup(region, params);
  for (const opening of openingsOf(params)) {
    const index = group.openings.findIndex((one) => isSameRule(one, opening));
    if (index < 0) {
      throw new AwsError(
        "InvalidPermission.NotFound",
        "The specified rule does not exist in this security group.",
      );
    }
    group.openings.splice(index, 1);
  }
  return { return: true };
}

export function describeSecurityGroups(account: Account, region: Region, params: Params) {
  const ids = texts(params, "GroupId");
  const visible = [...region.securityGroups.values()].filter((group) => isVisible(account, group));
  const unknown = ids.find((id) => !visible.some((group) => group.id === id));
  if (unknown !== undefined) throw noGroup(unknown);
  const found = visible.filter(
    (group) =>
      (ids.length === 0 || ids.includes(group.id)) &&
      passesFilters(params, group.tags, { "group-name": [group.name], "group-id": [group.id] }),
  );
  const { items, nextToken } = page(found, text(params, "MaxResults"), text(params, "NextToken"));
  return { securityGroupInfo: items.map((group) => describe(account, region, group)), nextToken };
}

export function deleteSecurityGroup(account: Account, region: Region, params: Params) {
  const group = requireGroup(region, params);
  const user = [...region.instances.values()].find(
    (one) => one.securityGroupIds.includes(group.id) && instanceState(account, one) !== "terminated",
  );
  if (user !== undefined) {
    throw new AwsError("DependencyViolation", `resource ${group.id} has a dependent object`);
  }
  region.securityGroups.delete(group.id);
  return { return: true, groupId: group.id };
}

/** Id of the default VPC of a region. */
export function vpcId(region: Region): string {
  return `vpc-${Buffer.from(region.name).toString("hex").padEnd(17, "0").slice(0, 17)}`;
}

function requireGroup(region: Region, params: Params): SecurityGroup {
  const id = text(params, "GroupId") ?? "";
  const group = region.securityGroups.get(id);
  if (group === undefined) throw noGroup(id);
  return group;
}

function noGroup(id: string): AwsError {
  return new AwsError("InvalidGroup.NotFound", `The security group '${id}' does not exist`);
}

type Opening = SecurityGroup["openings"][number];

function openingsOf(params: Params): Opening[] {
  return structures(params, "IpPermissions").flatMap((permission) =>
    structures(permission, "IpRanges").map((range) => ({
      protocol: text(permission, "IpProtocol") ?? "-1",
      fromPort: text(permission, "FromPort") ?? "",
      toPort: text(permission, "ToPort") ?? "",
      cidr: text(range, "CidrIp") ?? "",
      description: text(range, "Description") ?? "",
    })),
  );
}

function isSameRule(a: Opening, b: Opening): boolean {
  return a.protocol === b.protocol && a.fromPort === b.fromPort && a.toPort === b.toPort && a.cidr === b.cidr;
}

function describe(account: Account, region: Region, group: SecurityGroup) {
  return {
    ownerId: account.accountId,
    groupId: group.id,
    groupName: group.name,
    groupDescription: group.description,
    vpcId: vpcId(region),
    ipPermissions: group.openings.map((one) => ({
      ipProtocol: one.protocol,
      fromPort: one.fromPort,
      toPort: one.toPort,
      ipRanges: [{ cidrIp: one.cidr, description: one.description }],
    })),
    tagSet: tagSet(group.tags),
  };
}
