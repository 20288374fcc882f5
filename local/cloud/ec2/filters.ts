import { AwsError, invalidValue } from "../aws-error.ts";
import { integer, type Params, structures, text, texts } from "../form.ts";
import type { Kept, Tags } from "./resources.ts";

/** What a filter can ask about a resource: filter name → values that it has. */
export type Facets = Readonly<Record<string, readonly (string | undefined)[]>>;

/** Keeps the resources that pass all Filter.N. Values of one filter are alternatives; `*` and `?` are wildcards. */
export function applyFilters<T extends Kept>(
  params: Params,
  items: readonly T[],
  facetsOf: (item: T) => Facets,
): T[] {
  const filters = structures(params, "Filter").map((filter) => ({
    name: text(filter, "Name") ?? "",
    wanted: texts(filter, "Value").map(wildcard),
  }));
  if (filters.length === 0) return [...items];
  return items.filter((item) => {
    const facets = facetsOf(item);
    return filters.every(({ name, wanted }) => {
      const values = facetValues(name, item.tags, facets);
      return values.some((value) => wanted.some((one) => one.test(value)));
    });
  });
}

function facetValues(name: string, tags: Tags, facets: Facets): string[] {
  if (name === "tag-key") return Object.keys(tags);
  if (name.startsWith("tag:")) {
    const value = tags[name.slice(4)];
    return value === undefined ? [] : [value];
  }
  const values = facets[name];
  if (values === undefined) throw invalidValue(`The filter '${name}' is invalid`);
  return values.filter((value) => value !== undefined);
}

function wildcard(pattern: string): RegExp {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "s");
}

/** Most items of a page; also the size of a page when MaxResults is absent. */
const PAGE_LIMIT = 1000;

/**
 * One page of a describe. The token is the position of the next item, and opaque to the caller.
 * @throws AwsError InvalidParameterValue for MaxResults out of range, InvalidNextToken for a token that is not ours
 */
export function page<T>(
  params: Params,
  items: readonly T[],
  leastResults = 5,
): { items: readonly T[]; nextToken: string | undefined } {
  const size = integer(params, "MaxResults") ?? PAGE_LIMIT;
  if (!(size >= leastResults)) {
    throw invalidValue(
      `Value ( ${text(params, "MaxResults")} ) for parameter maxResults is invalid. Expecting a value greater than ${leastResults}.`,
    );
  }
  const start = parseToken(text(params, "NextToken"));
  const end = start + Math.min(size, PAGE_LIMIT);
  return {
    items: items.slice(start, end),
    nextToken: end < items.length ? Buffer.from(`from:${end}`).toString("base64") : undefined,
  };
}

function parseToken(token: string | undefined): number {
  if (token === undefined) return 0;
  const position = /^from:(\d+)$/.exec(Buffer.from(token, "base64").toString())?.[1];
  if (position === undefined) throw new AwsError("InvalidNextToken", "The specified NextToken is not valid.");
  return Number(position);
}

/**
 * The resources named by id, all of them when none is named.
 * @throws AwsError what `notFound` makes of the ids that do not exist (or do not show yet)
 */
export function selectById<T extends { readonly id: string }>(
  ids: readonly string[],
  visible: readonly T[],
  notFound: (ids: readonly string[]) => AwsError,
): readonly T[] {
  if (ids.length === 0) return visible;
  const unknown = ids.filter((id) => !visible.some((one) => one.id === id));
  if (unknown.length > 0) throw notFound(unknown);
  return visible.filter(({ id }) => ids.includes(id));
}
