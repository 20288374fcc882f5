import type { InstalledPackage } from "./ports.ts";

/** What differs between two lists of packages, each list sorted by name. */
export interface PackageChanges {
  readonly added: InstalledPackage[];
  readonly removed: InstalledPackage[];
  readonly changed: { readonly name: string; readonly from: string; readonly to: string }[];
}

/** Compares the packages of an image with those of the one before it. */
export function comparePackages(
  before: readonly InstalledPackage[],
  after: readonly InstalledPackage[],
): PackageChanges {
  const old = new Map(before.map(({ name, version }) => [name, version]));
  const now = new Map(after.map(({ name, version }) => [name, version]));
  const byName = (a: { name: string }, b: { name: string }) =>
    a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
  return {
    added: after.filter(({ name }) => !old.has(name)).sort(byName),
    removed: before.filter(({ name }) => !now.has(name)).sort(byName),
    changed: after
      .flatMap(({ name, version }) => {
        const from = old.get(name);
        return from === undefined || from === version ? [] : [{ name, from, to: version }];
      })
      .sort(byName),
  };
}
