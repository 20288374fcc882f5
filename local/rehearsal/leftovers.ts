import type { Resource } from "../cloud/contract.ts";

/** The tag of what was there before a rehearsal began: its hosts and their volumes. */
export const HOST_TAG = "rehearsal:host";

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
    case "instance":
    case "volume":
      return resource.tags[HOST_TAG] !== undefined;
    default:
      return false;
  }
}

/** What a run left behind: everything that still exists and is not meant to. */
export function leftoversOf(resources: readonly Resource[]): Resource[] {
  return resources.filter((resource) => !isMeantToStay(resource));
}
