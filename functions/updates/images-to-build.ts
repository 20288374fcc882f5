import type { Fleet } from "#fleet";
import type { News } from "./news.ts";

/**
 * Names of the images that would be other ones if they were built today: their release has a newer patch than was told,
 * or a host of theirs knows a newer version of one of their packages, which nobody was told yet either. What was told once
 * starts no second build.
 */
export function imagesToBuild(news: News, { images, hosts }: Pick<Fleet, "images" | "hosts">): string[] {
  const patched = new Set(
    news.releases
      .filter(({ facts }) => facts.some(({ fact, isNew }) => isNew && fact.kind === "patch"))
      .map(({ name }) => name),
  );
  const upgraded = new Map<string, Set<string>>();
  for (const { name, facts } of news.hosts) {
    const image = Object.hasOwn(hosts, name) ? hosts[name]?.image : undefined;
    if (image === undefined) continue;
    const packages = upgraded.get(image) ?? new Set();
    for (const { fact, isNew } of facts)
      if (isNew && fact.isUpgrade === true && fact.packageName !== undefined) packages.add(fact.packageName);
    upgraded.set(image, packages);
  }
  return Object.entries(images)
    .filter(
      ([name, { release, arch, packages }]) =>
        patched.has(`${release} ${arch}`) || packages.some((one) => upgraded.get(name)?.has(one) === true),
    )
    .map(([name]) => name)
    .sort();
}
