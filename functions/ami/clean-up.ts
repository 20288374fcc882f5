import type { Build } from "./build.ts";
import type { BuildBook } from "./ports.ts";
import { type RegionPorts, type Swept, sweepRegion } from "./sweep.ts";
import { isLeftoverOf, TAG } from "./tags.ts";
import { WAITS, type Waiting, waitAgain } from "./wait-policy.ts";

export type CleanUpProgress =
  | { readonly finished: true; readonly removed: Swept[] }
  | { readonly finished: false; readonly removed: Swept[]; readonly wait: Waiting };

/**
 * Removes whatever a build left that is still temporary, in all its regions, and gives its claim back when nothing
 * remains. Published images have lost their expiry and are not touched, so success and failure clean up alike.
 * @throws WaitedTooLongError naming what would not go
 */
export async function cleanUp(
  request: { stage: string; build: Build; attempt: number; now: Date; removed: Swept[] },
  ports: { region: (region: string) => RegionPorts; book: BuildBook },
): Promise<CleanUpProgress> {
  const { stage, build } = request;
  const removed = [...request.removed];
  const pending: Swept[] = [];
  for (const region of [build.homeRegion, ...build.copyRegions]) {
    const order = {
      stage,
      region,
      tags: { [TAG.stage]: stage, [TAG.build]: build.id },
      mayRemove: (tags: Readonly<Record<string, string>>) => isLeftoverOf(stage, build.id, tags),
    };
    const sweep = await sweepRegion(order, ports.region(region));
    removed.push(...sweep.removed);
    pending.push(...sweep.pending);
  }
  if (pending.length === 0) {
    await ports.book.release(build);
    return { finished: true, removed };
  }
  const names = pending.map(({ what, id, region }) => `${what} ${id} in ${region}`).join(", ");
  const policy = { ...WAITS.removal, what: `removal of ${names}` };
  // Clean-up has its own bound; the run's deadline may well be why it runs.
  const noDeadline = new Date(request.now.getTime() + 24 * 3_600_000).toISOString();
  return { finished: false, removed, wait: waitAgain(policy, request.attempt, request.now, noDeadline) };
}
