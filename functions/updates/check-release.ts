import { quoted } from "#hosts";
import { isServerFailure, ServerUnreachableError } from "./failures.ts";
import type { Part, ReleaseFindings } from "./findings.ts";
import { refuseRegression } from "./freebsd-tag.ts";
import type { CheckBook, PublishedImages, ReleaseServers } from "./ports.ts";
import type { ReleaseOfFleet, ReleaseRecord } from "./records.ts";
import { knownOfRelease, rememberRelease, unknownSince } from "./remember.ts";

/** A release in a check. */
export interface ReleaseRequest {
  readonly check: string;
  readonly previous: string | null;
  readonly release: ReleaseOfFleet;
  /** It was tried often enough: a server that does not answer is then a finding. */
  readonly isLastTry: boolean;
}

export interface ReleasePorts {
  readonly book: CheckBook;
  readonly servers: ReleaseServers;
  readonly images: PublishedImages;
}

/**
 * Asks FreeBSD's servers about a release, and puts that on record. What one of them does not say leaves the rest standing.
 * @throws ServerUnreachableError while it is worth another try
 */
export async function checkRelease(request: ReleaseRequest, ports: ReleasePorts): Promise<ReleaseRecord> {
  const { check, previous, isLastTry } = request;
  const { release, arch, filesystem } = request.release;
  const recorded = await ports.book.release(check, release, arch);
  if (recorded !== undefined) return recorded;
  const before = previous === null ? undefined : await ports.book.release(previous, release, arch);
  const { tag, newest } = await askServers(request, before, ports.servers);
  const published = await learn(isLastTry, () => ports.images.releases(arch, filesystem));
  const findings: ReleaseFindings = {
    patchLevel: "value" in newest ? { value: newest.value.patchLevel } : newest,
    endOfLife: "value" in tag ? { value: tag.value.endOfLife } : tag,
    newerReleases: "value" in published ? newerThan(release, published.value) : published,
  };
  return keepFindings(request, findings, before, ports.book);
}

function keepFindings(
  { check, release: { release, arch } }: Omit<ReleaseRequest, "isLastTry">,
  findings: ReleaseFindings,
  before: ReleaseRecord | undefined,
  book: CheckBook,
): Promise<ReleaseRecord> {
  const remembered = rememberRelease(before, findings);
  const unknown = unknownSince(before?.unknownSince, findings, check);
  return book.keepRelease({ check, release, arch, findings, remembered, unknownSince: unknown });
}

/** From 15 on hosts get patches as packages, which may come later than the tag says: the catalogue tells the newest. */
async function askServers(
  { release: { release, arch }, isLastTry }: ReleaseRequest,
  before: ReleaseRecord | undefined,
  servers: ReleaseServers,
) {
  const known = before === undefined ? undefined : knownOfRelease(before).patchLevel;
  // What is older than before is not believed in anything that it says.
  const notOlder = <Found extends { readonly patchLevel: number }>(found: Found): Found => {
    if (known !== undefined) refuseRegression({ patchLevel: known }, found);
    return found;
  };
  if (Number(release.split(".")[0]) < 15) {
    const tag = await learn(isLastTry, async () => notOlder(await servers.tag(release, arch)));
    return { tag, newest: tag };
  }
  const tag = await learn(isLastTry, () => servers.tag(release, arch));
  const newest = await learn(isLastTry, async () => notOlder(await servers.catalogue(release, arch)));
  return { tag, newest };
}

async function learn<Value>(isLastTry: boolean, ask: () => Promise<Value>): Promise<Part<Value>> {
  try {
    return { value: await ask() };
  } catch (error) {
    if (!isServerFailure(error) || (error instanceof ServerUnreachableError && !isLastTry)) throw error;
    return { problem: quoted(error.message) };
  }
}

/** Releases are ordered by number: 15.10 is newer than 15.9. */
function newerThan(release: string, published: readonly string[]): Part<string[]> {
  const all = [...new Set(published)].sort(byNumber);
  if (all.length === 0) return { problem: "FreeBSD publishes no images in this region" };
  return { value: all.filter((one) => byNumber(one, release) > 0) };
}

function byNumber(one: string, other: string): number {
  const [[major = 0, minor = 0], [otherMajor = 0, otherMinor = 0]] = [one, other].map((release) =>
    release.split(".").map(Number),
  ) as [number[], number[]];
  return major - otherMajor || minor - otherMinor;
}

/** Records that nothing was learnt of a release, where no record says anything else. */
export async function recordReleaseMiss(
  request: Omit<ReleaseRequest, "isLastTry">,
  book: CheckBook,
): Promise<ReleaseRecord> {
  const { previous } = request;
  const { release, arch } = request.release;
  const before = previous === null ? undefined : await book.release(previous, release, arch);
  const part = { problem: "nightshift did not come to ask: its execution says why" };
  const findings: ReleaseFindings = { patchLevel: part, endOfLife: part, newerReleases: part };
  return keepFindings(request, findings, before, book);
}
