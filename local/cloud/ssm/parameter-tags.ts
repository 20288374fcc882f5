import { z } from "zod";
import { AwsError } from "../aws-error.ts";
import { readInput } from "../json-input.ts";
import type { ParameterStore } from "./parameter-store.ts";

/** Tags as SSM's calls take them. */
export const TagList = z.array(z.object({ Key: z.string().min(1).max(128), Value: z.string().max(256) }));

const Resource = z.object({ ResourceType: z.string(), ResourceId: z.string() });
const Added = Resource.extend({ Tags: TagList });
const Removed = Resource.extend({ TagKeys: z.array(z.string()) });

/** @throws AwsError ValidationException for a reserved key */
export function readTags(tags: z.infer<typeof TagList>): Record<string, string> {
  const reserved = tags.find(({ Key }) => Key.toLowerCase().startsWith("aws:"));
  if (reserved !== undefined) {
    throw new AwsError("ValidationException", `Tag keys that start with aws: are reserved: ${reserved.Key}`);
  }
  return Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));
}

export function addTags(store: ParameterStore, region: string, input: unknown) {
  const { ResourceType, ResourceId, Tags } = readInput(Added, input);
  requireParameterType(ResourceType);
  Object.assign(store.requireResource(region, ResourceId).tags, readTags(Tags));
  return {};
}

export function listTags(store: ParameterStore, region: string, input: unknown) {
  const { ResourceType, ResourceId } = readInput(Resource, input);
  requireParameterType(ResourceType);
  const { tags } = store.requireResource(region, ResourceId);
  return { TagList: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
}

export function removeTags(store: ParameterStore, region: string, input: unknown) {
  const { ResourceType, ResourceId, TagKeys } = readInput(Removed, input);
  requireParameterType(ResourceType);
  const { tags } = store.requireResource(region, ResourceId);
  for (const key of TagKeys) delete tags[key];
  return {};
}

// SSM also tags documents, maintenance windows and more; none of them exist here.
function requireParameterType(type: string): void {
  if (type === "Parameter") return;
  throw new AwsError("InvalidResourceType", `The rehearsal cloud has no SSM resources of type ${type}.`);
}
