import { list, type Params, structures, text, texts } from "../query-protocol.ts";

export type Tags = Record<string, string>;

/** Tags for one kind of resource, from TagSpecification.N of a creating call. */
export function specifiedTags(params: Params, resourceType: string): Tags {
  return Object.fromEntries(
    structures(params, "TagSpecification")
      .filter((one) => text(one, "ResourceType") === resourceType)
      .flatMap((one) => structures(one, "Tag"))
      .map((tag) => [text(tag, "Key") ?? "", text(tag, "Value") ?? ""]),
  );
}

/** Tags as EC2 answers them. */
export function tagSet(tags: Tags) {
  return Object.entries(tags).map(([key, value]) => ({ key, value }));
}

/** What a filter can ask about a resource: filter name → values that it has. */
export type Facets = Readonly<Record<string, readonly (string | undefined)[]>>;

/** Whether a resource passes all Filter.N. Values of one filter are alternatives; `*` and `?` are wildcards. */
export function passesFilters(params: Params, tags: Tags, facets: Facets): boolean {
  return list(params, "Filter").every((filter) => {
    if (typeof filter === "string") return true;
    const name = text(filter, "Name") ?? "";
    const wanted = texts(filter, "Value").map(wildcard);
    return facetValues(name, tags, facets).some((value) => wanted.some((one) => one.test(value)));
  });
}

function facetValues(name: string, tags: Tags, facets: Facets): string[] {
  if (name === "tag-key") return Object.keys(tags);
  if (name.startsWith("tag:")) {
    const value = tags[name.slice(4)];
    return value === undefined ? [] : [value];
  }
  const values = facets[name];
  if (values === undefined) throw new Error(`the rehearsal cloud does not know the filter ${name}`);
  return values.filter((value) => value !== undefined);
}

function wildcard(pattern: string): RegExp {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "s");
}
