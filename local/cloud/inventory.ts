import type { Account } from "./account.ts";
import type { Resource } from "./contract.ts";
import type { Tables } from "./dynamodb/tables.ts";
import type { Ec2 } from "./ec2/ec2.ts";
import { imageState } from "./ec2/image-state.ts";
import { instanceState } from "./ec2/instance-state.ts";
import type { Region } from "./ec2/region.ts";
import type { Kept } from "./ec2/resources.ts";
import { snapshotState } from "./ec2/snapshots.ts";
import { volumeState } from "./ec2/volumes.ts";
import type { Bucket, StoredObject } from "./s3/buckets.ts";
import type { Parameter } from "./ssm/parameter.ts";
import type { ParameterStore } from "./ssm/parameter-store.ts";

/**
 * Every own resource that exists at this instant, eventual consistency aside. Terminated instances, default security
 * groups and what FreeBSD publishes are none. A parameter's state is its value, unless that is a secret; an item's id
 * is the whole item, and an object's state the beginning of its content's SHA-256, so that two inventories are equal
 * when all that is stored is.
 */
export async function inventoryOf(
  account: Account,
  ec2: Ec2,
  parameters: ParameterStore,
  tables: Tables,
  buckets: readonly Bucket[],
): Promise<Resource[]> {
  const items = (await tables.items()).map(
    ({ region, table, item }): Resource => ({
      ...{ type: "table-item", region, id: JSON.stringify(item), name: table, state: "", tags: {} },
      createdAt: account.clock.now(), // DynamoDB does not know when an item was made
    }),
  );
  return [
    ...ec2.regions().flatMap((region) => ec2Resources(account, region)),
    ...account.regions.flatMap((region) =>
      parameters.own(region).map((one) => parameterResource(region, one)),
    ),
    ...items,
    ...buckets.flatMap((bucket) =>
      [...bucket.objects.values()].map((object) => objectResource(bucket, object)),
    ),
  ];
}

function ec2Resources(account: Account, region: Region): Resource[] {
  const of = (type: Resource["type"], one: Kept, name: string, state: string): Resource => ({
    ...{ type, region: region.name, id: one.id, name, state },
    tags: { ...one.tags },
    createdAt: one.createdAt,
  });
  const instances = region.instances.existing().map((one) => ({ one, state: instanceState(account, one) }));
  const groups = region.securityGroups.existing().filter(({ id }) => id !== region.defaultGroupId);
  return [
    ...instances
      .filter(({ state }) => state !== "terminated")
      .map(({ one, state }) => of("instance", one, nameTag(one), state)),
    ...region.volumes.existing().map((one) => of("volume", one, nameTag(one), volumeState(one))),
    ...region.images.existing().map((one) => of("image", one, one.name, imageState(account, one))),
    ...region.snapshots
      .existing()
      .map((one) => of("snapshot", one, nameTag(one), snapshotState(account, one))),
    ...region.keyPairs.existing().map((one) => of("key-pair", one, one.name, "available")),
    ...groups.map((one) => of("security-group", one, one.name, "available")),
  ];
}

function parameterResource(region: string, parameter: Parameter): Resource {
  const { name, type, value, tags, createdAt } = parameter;
  const state = type === "SecureString" ? "sealed" : value;
  return { type: "parameter", region, id: name, name, state, tags: { ...tags }, createdAt };
}

function objectResource({ name: bucket, region }: Bucket, object: StoredObject): Resource {
  const name = `${bucket}/${object.key}`;
  const state = object.sha256.slice(0, 16);
  return { type: "object", region, id: name, name, state, tags: {}, createdAt: object.lastModified };
}

function nameTag({ tags }: Kept): string {
  return tags.Name ?? "";
}
