import { join } from "node:path";
import { entriesOf } from "../../infra/compile.ts";
import { deployedName, listFunctions } from "../../infra/function-name.ts";
import { type Place, placeOfDomain, regionOf } from "../../infra/place.ts";
import { type Statement, statementOf } from "../../infra/role.ts";
import type { Need } from "./needed-permissions.ts";

const ROOT = join(import.meta.dirname, "../..");

/** One action on one kind of resource, as a role allows it. */
export interface Grant {
  /** Deployed name: "nightshift-prod-ami-launch-builder". */
  readonly functionName: string;
  readonly action: string;
  /** With wildcards: "arn:aws:ec2:*:123456789012:instance/*". */
  readonly resource: string;
  readonly condition: Statement["Condition"];
}

/**
 * Everything that the functions' roles of a stage allow, logs aside, one line per action and resource. What a role says
 * of its own region is about the region that its function is deployed in.
 */
export function listGrants(
  stage: string,
  regions: Readonly<Record<Place, string>>,
  accountId: string,
): Grant[] {
  const functions = listFunctions(ROOT);
  const entries = entriesOf(ROOT, functions);
  return functions.flatMap((name) =>
    (entries.get(name.file)?.permissions ?? []).flatMap((permission) => {
      const { Action, Resource, Condition } = statementOf(permission, stage);
      return Action.flatMap((action) =>
        Resource.map((resource) => ({
          functionName: deployedName(stage, name),
          action,
          resource: resolve(resource, regionOf(placeOfDomain(name.domain), regions), accountId),
          condition: Condition,
        })),
      );
    }),
  );
}

/** Whether a grant covers a need, its condition on tags aside. */
export function covers(grant: Grant, need: Need): boolean {
  if (grant.action !== need.action || !matches(grant.resource, need.resource)) return false;
  const within = grant.condition?.StringEquals?.["ec2:CreateAction"];
  return within === undefined || (Array.isArray(within) && within.includes(need.within));
}

/** IAM's wildcards: `*` stands for any text, slashes and colons included (IAM guide, "Resource"). */
function matches(pattern: string, arn: string): boolean {
  const expression = pattern.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${expression.join(".*")}$`).test(arn);
}

function resolve(resource: unknown, region: string, accountId: string): string {
  if (typeof resource === "string") return resource;
  const { "Fn::Sub": text } = resource as { "Fn::Sub": string };
  const values: Record<string, string> = { Partition: "aws", Region: region, AccountId: accountId };
  return text.replaceAll(/\$\{AWS::(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}
