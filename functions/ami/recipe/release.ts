/** The branch of a release: 15 for "15.1". From 15 on FreeBSD's base system itself is made of packages. */
export function majorVersion(release: string): number {
  return Number(release.split(".")[0]);
}
