import type { BaseUpdates, PackageUpdates, Part } from "../findings.ts";
import { comparePackageVersions } from "../version-order.ts";
import { boundedUpdates } from "./pkg-upgrade.ts";

/**
 * The base system as packages: where it leads is the newest version among them. Packages that only go away lead to the
 * version of which they are. Where pkg proposed nothing but had something to say, nobody knows whether it is up to date.
 */
export function packagesOfBase(updates: PackageUpdates): Part<BaseUpdates> {
  const { changes, notes } = boundedUpdates(updates);
  const versions = updates.changes.flatMap(({ to, from }) => to ?? from ?? []);
  const [to] = versions.sort((a, b) => comparePackageVersions(b, a));
  if (changes.length > 0) return { value: { to: to ?? "unknown", packages: changes, notes } };
  return notes.length > 0 ? { problem: notes.join("; ") } : { value: { notes } };
}
