import type { Account } from "../account.ts";
import { newId } from "../account.ts";
import { AwsError, invalidValue } from "../aws-error.ts";
import { integer, type Params, requiredText, structures, text } from "../form.ts";
import type { Ec2 } from "./ec2.ts";
import type { Region } from "./region.ts";
import type { Rule } from "./resources.ts";
import { requireGroup } from "./security-groups.ts";

/** AuthorizeSecurityGroupIngress: all of the rules or none. @throws AwsError InvalidPermission.Duplicate */
export function authorizeIngress({ account }: Ec2, region: Region, params: Params) {
  const group = requireGroup(region, params);
  const rules = requestedRules(params);
  for (const rule of rules) {
    if (group.rules.some((one) => isSame(one, rule))) throw duplicate(rule);
  }
  group.rules.push(...rules);
  return {
    return: true,
    securityGroupRuleSet: rules.map((rule) => ({
      securityGroupRuleId: rule.id,
      groupId: group.id,
      groupOwnerId: account.accountId,
      isEgress: false,
      ipProtocol: rule.protocol,
      fromPort: rule.fromPort,
      toPort: rule.toPort,
      cidrIpv4: rule.source.kind === "ipv4" ? rule.source.value : undefined,
      cidrIpv6: rule.source.kind === "ipv6" ? rule.source.value : undefined,
      description: rule.description,
    })),
  };
}

/** RevokeSecurityGroupIngress. @throws AwsError InvalidPermission.NotFound */
export function revokeIngress(_ec2: Ec2, region: Region, params: Params) {
  const group = requireGroup(region, params);
  const rules = requestedRules(params);
  if (!rules.every((rule) => group.rules.some((one) => isSame(one, rule)))) {
    throw new AwsError(
      "InvalidPermission.NotFound",
      "The specified rule does not exist in this security group.",
    );
  }
  group.rules = group.rules.filter((one) => !rules.some((rule) => isSame(one, rule)));
  return { return: true };
}

/** Rules as DescribeSecurityGroups groups them: one permission per protocol and port range. */
export function describeRules(account: Account, rules: readonly Rule[]) {
  const permissions = Map.groupBy(
    rules,
    ({ protocol, fromPort, toPort }) => `${protocol} ${fromPort} ${toPort}`,
  );
  return [...permissions.values()].map((same) => {
    const of = (kind: Rule["source"]["kind"]) => same.filter(({ source }) => source.kind === kind);
    return {
      ipProtocol: same[0]?.protocol,
      fromPort: same[0]?.fromPort,
      toPort: same[0]?.toPort,
      ipRanges: of("ipv4").map(({ source, description }) => ({ cidrIp: source.value, description })),
      ipv6Ranges: of("ipv6").map(({ source, description }) => ({ cidrIpv6: source.value, description })),
      groups: of("group").map(({ source }) => ({ groupId: source.value, userId: account.accountId })),
    };
  });
}

// IpPermissions.N, or the older form with the rule's parts at the top.
function requestedRules(params: Params): Rule[] {
  const permissions = structures(params, "IpPermissions");
  if (permissions.length > 0) return permissions.flatMap(rulesOf);
  const cidr = requiredText(params, "CidrIp");
  return [ruleOf(params, { kind: "ipv4", value: cidr }, undefined)];
}

function rulesOf(permission: Params): Rule[] {
  const sources = (list: string, member: string, kind: Rule["source"]["kind"]) =>
    structures(permission, list).map((one) =>
      ruleOf(permission, { kind, value: requiredText(one, member) }, text(one, "Description")),
    );
  return [
    ...sources("IpRanges", "CidrIp", "ipv4"),
    ...sources("Ipv6Ranges", "CidrIpv6", "ipv6"),
    ...sources("Groups", "GroupId", "group"),
  ];
}

function ruleOf(permission: Params, source: Rule["source"], description: string | undefined): Rule {
  if (source.kind === "ipv4" && !/^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/.test(source.value)) {
    throw invalidValue(`CIDR block ${source.value} is malformed`);
  }
  const fromPort = integer(permission, "FromPort");
  const toPort = integer(permission, "ToPort");
  const protocol = requiredText(permission, "IpProtocol");
  return { id: newId("sgr"), protocol, fromPort, toPort, source, description };
}

function isSame(a: Rule, b: Rule): boolean {
  return (
    a.protocol === b.protocol &&
    a.fromPort === b.fromPort &&
    a.toPort === b.toPort &&
    a.source.kind === b.source.kind &&
    a.source.value === b.source.value
  );
}

function duplicate({ source, protocol, fromPort, toPort }: Rule): AwsError {
  const rule = `peer: ${source.value}, ${protocol.toUpperCase()}, from port: ${fromPort}, to port: ${toPort}, ALLOW`;
  return new AwsError("InvalidPermission.Duplicate", `the specified rule "${rule}" already exists`);
}
