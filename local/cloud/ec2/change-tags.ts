import { AwsError } from "../aws-error.ts";
import { type Params, structures, text, texts } from "../form.ts";
import type { Ec2 } from "./ec2.ts";
import { applyFilters, page } from "./filters.ts";
import { noImage, noInstance, noSecurityGroup, noSnapshot, noVolume } from "./not-found.ts";
import type { Region } from "./region.ts";
import type { Kept } from "./resources.ts";
import { checkedTags, requireFewTags } from "./tags.ts";

/** CreateTags: all resources or none. Tags made later show at once. */
export function createTags(_ec2: Ec2, region: Region, params: Params) {
  const added = checkedTags(params);
  const resources = requireResources(region, params);
  for (const { tags } of resources) requireFewTags({ ...tags, ...added });
  for (const { tags } of resources) Object.assign(tags, added);
  return { return: true };
}

/**
 * DeleteTags: with a value only a tag of that value goes, an empty string being a value; without any Tag.N all tags
 * go (EC2 API, DeleteTags). A tag that is not there is no error.
 */
export function deleteTags(_ec2: Ec2, region: Region, params: Params) {
  const asked = structures(params, "Tag");
  for (const { tags } of requireResources(region, params)) {
    const gone = asked.length === 0 ? Object.keys(tags) : asked.flatMap((tag) => matching(tags, tag));
    for (const key of gone) delete tags[key];
  }
  return { return: true };
}

export function describeTags(_ec2: Ec2, region: Region, params: Params) {
  const all = region
    .taggable()
    .flatMap(({ type, resource }) =>
      Object.entries(resource.tags).map(([key, value]) => ({ ...resource, type, key, value })),
    );
  const found = applyFilters(params, all, ({ id, type, key, value }) => ({
    "resource-id": [id],
    "resource-type": [type],
    key: [key],
    value: [value],
  }));
  const { items, nextToken } = page(params, found);
  return {
    tagSet: items.map(({ id, type, key, value }) => ({ resourceId: id, resourceType: type, key, value })),
    nextToken,
  };
}

function matching(tags: Readonly<Record<string, string>>, tag: Params): string[] {
  const key = text(tag, "Key") ?? "";
  const value = text(tag, "Value");
  return tags[key] !== undefined && (value === undefined || tags[key] === value) ? [key] : [];
}

function requireResources(region: Region, params: Params): Kept[] {
  const existing = region.taggable();
  return texts(params, "ResourceId").map((id) => {
    const found = existing.find(({ resource }) => resource.id === id);
    if (found === undefined) throw notFound(id);
    return found.resource;
  });
}

function notFound(id: string): AwsError {
  const prefix = id.slice(0, Math.max(0, id.indexOf("-")));
  const errors = { i: noInstance, ami: noImage, vol: noVolume, snap: noSnapshot, sg: noSecurityGroup };
  const known = Object.entries(errors).find(([one]) => one === prefix);
  return known?.[1]([id]) ?? new AwsError("InvalidID", `The ID '${id}' is not valid`);
}
