import type { Resource } from "../cloud/contract.ts";

/** Resources that are meant to stay when a run is over. */
function isMeantToStay(resource: Resource): boolean {
  switch (resource.type) {
    case "image":
    case "snapshot":
      // Published ones have lost their expiry; an unpublished one is a leftover.
      return resource.tags["nightshift:expires-at"] === undefined;
    case "parameter":
      return !resource.name.includes("/builds/");
    case "table-item":
    case "object":
      return true;
    default:
      return false;
  }
}

/** What a run left behind: everything that still exists and is not meant to. */
export function leftoversOf(resources: readonly Resource[]): Resource[] {
  return resources.filter((resource) => !isMeantToStay(resource));
}
