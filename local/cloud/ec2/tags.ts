import { AwsError, invalidValue } from "../aws-error.ts";
import { type Params, structures, text } from "../form.ts";
import type { Tags } from "./resources.ts";

/** Most tags that a resource may have, not counting `aws:` ones (EC2 user guide, "Tag restrictions"). */
const TAGS_PER_RESOURCE = 50;

/** Tags for one kind of resource, from TagSpecification.N of a creating call. */
export function specifiedTags(params: Params, resourceType: string): Tags {
  const specified = structures(params, "TagSpecification").filter(
    (one) => text(one, "ResourceType") === resourceType,
  );
  return Object.assign({}, ...specified.map((one) => checkedTags(one)));
}

/** Tags from Tag.N. @throws AwsError when one is against the rules */
export function checkedTags(params: Params): Tags {
  const tags: Tags = {};
  for (const tag of structures(params, "Tag")) {
    const key = text(tag, "Key") ?? "";
    const value = text(tag, "Value") ?? "";
    requireTag(key, value);
    if (Object.hasOwn(tags, key)) throw invalidValue(`Duplicate tag key '${key}' specified.`);
    tags[key] = value;
  }
  requireFewTags(tags);
  return tags;
}

/** @throws AwsError TagLimitExceeded */
export function requireFewTags(tags: Tags): void {
  if (Object.keys(tags).length > TAGS_PER_RESOURCE) {
    throw new AwsError("TagLimitExceeded", "The maximum number of Tags for a resource has been reached.");
  }
}

/** Tags as EC2 answers them. */
export function tagSet(tags: Tags): { key: string; value: string }[] {
  return Object.entries(tags).map(([key, value]) => ({ key, value }));
}

function requireTag(key: string, value: string): void {
  if (key === "" || key.length > 128) {
    throw invalidValue(`Tag key length is invalid: '${key}'. It must be from 1 to 128 characters.`);
  }
  if (value.length > 256) throw invalidValue("Tag value exceeds the maximum length of 256 characters");
  if (key.toLowerCase().startsWith("aws:")) {
    throw invalidValue(`Tag keys starting with 'aws:' are reserved for internal use`);
  }
}
