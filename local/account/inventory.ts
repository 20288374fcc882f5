import type { Resource } from "../cloud/contract.ts";
import type { Account } from "./account.ts";
import type { DynamoDb } from "./dynamodb.ts";
import type { Ec2 } from "./ec2/ec2.ts";
import { imageState } from "./ec2/images.ts";
import { instanceState } from "./ec2/instances.ts";
import type { Region } from "./ec2/region.ts";
import type { Ssm } from "./ssm/ssm.ts";

/** Every resource of the account that exists at this instant, as it really is: no lag. */
export async function inventoryOf(
  account: Account,
  ec2: Ec2,
  ssm: Ssm,
  dynamodb: DynamoDb,
): Promise<Resource[]> {
  const parameters = ssm.parameters().map(
    ({ region, parameter }): Resource => ({
      type: "parameter",
      region,
      id: parameter.name,
      name: parameter.name,
      state: parameter.type === "SecureString" ? "sealed" : parameter.value,
      tags: parameter.tags,
      createdAt: parameter.createdAt,
    }),
  );
  const items = (await dynamodb.items()).map(
    ({ region, table, item }): Resource => ({
      type: "table-item",
      region,
      id: JSON.stringify(item),
      name: table,
      state: "",
      tags: {},
      createdAt: account.clock.now(),
    }),
  );
  return [...ec2.regions().flatMap((region) => ofRegion(account, region)), ...parameters, ...items];
}

function ofRegion(account: Account, region: Region): Resource[] {
  const common = { region: region.name };
  const resources: Resource[] = [];
  for (const one of region.instances.values()) {
    const state = instanceState(account, one);
    if (state === "terminated") continue;
    resources.push({
      ...common,
      type: "instance",
      id: one.id,
      name: nameOf(one.tags),
      state,
      tags: one.tags,
      createdAt: one.createdAt,
    });
  }
  for (const one of region.volumes.values()) {
    const state = one.instanceId === undefined ? "available" : "in-use";
    resources.push({
      ...common,
      type: "volume",
      id: one.id,
      name: nameOf(one.tags),
      state,
      tags: one.tags,
      createdAt: one.createdAt,
    });
  }
  for (const one of region.images.values()) {
    const { id, name, tags, createdAt } = one;
    resources.push({ ...common, type: "image", id, name, state: imageState(account, one), tags, createdAt });
  }
  for (const { id, tags, createdAt } of region.snapshots.values()) {
    resources.push({ ...common, type: "snapshot", id, name: nameOf(tags), state: "", tags, createdAt });
  }
  for (const { id, name, tags, createdAt } of region.keyPairs.values()) {
    resources.push({ ...common, type: "key-pair", id, name, state: "", tags, createdAt });
  }
  for (const { id, name, tags, createdAt } of region.securityGroups.values()) {
    resources.push({ ...common, type: "security-group", id, name, state: "", tags, createdAt });
  }
  return resources;
}

function nameOf(tags: Readonly<Record<string, string>>): string {
  return tags.Name ?? "";
}
