import { z } from "#platform";
import type { Access, BuilderPool, ImageStore } from "./ports.ts";
import type { Tags } from "./tags.ts";

/** What one region offers to a sweep. */
export interface RegionPorts {
  readonly images: ImageStore;
  readonly pool: BuilderPool;
  readonly access: Access;
}

/** Something that was removed, or that is still on its way out. */
export const SweptSchema = z.object({
  what: z.enum(["instance", "image", "snapshot", "volume", "key pair", "key parameter", "security group"]),
  region: z.string(),
  id: z.string(),
});

export type Swept = z.infer<typeof SweptSchema>;

export interface Sweep {
  readonly removed: Swept[];
  /** Not gone yet: an instance that is shutting down, a security group that it still holds. Sweep again. */
  readonly pending: Swept[];
}

export interface SweepOrder {
  readonly stage: string;
  readonly region: string;
  /** Narrows what is listed; everything listed is still judged one by one. */
  readonly tags: Tags;
  readonly mayRemove: (tags: Tags) => boolean | Promise<boolean>;
}

/**
 * Removes what a build made in one region, in the reverse order of its making, going only by what exists and how it
 * is tagged. Safe to repeat, and safe beside another sweep: whatever is gone already is passed over. What refuses to go
 * keeps nothing else from going: the first refusal is thrown in the end.
 */
export async function sweepRegion(order: SweepOrder, ports: RegionPorts): Promise<Sweep> {
  const { stage, region, tags } = order;
  const { images, pool, access } = ports;
  const removed: Swept[] = [];
  const pending: Swept[] = [];
  const note = (list: Swept[], what: Swept["what"], id: string) => list.push({ what, region, id });
  const refusals: unknown[] = [];
  const each = async <One extends { readonly tags: Tags }>(
    list: Promise<One[]>,
    remove: (one: One) => Promise<unknown>,
  ): Promise<void> => {
    const refuse = (error: unknown) => void refusals.push(error);
    for (const one of (await list.catch(refuse)) ?? []) {
      await Promise.resolve(order.mayRemove(one.tags))
        .then((may) => (may ? remove(one) : undefined))
        .catch(refuse);
    }
  };

  await each(images.listByTags(region, tags), async (image) => {
    await images.remove(region, image);
    note(removed, "image", image.id);
  });
  // Snapshots outlive an image whose deregistration was cut short.
  await each(images.listSnapshots(region, tags), async ({ id }) => {
    const gone = await images.removeSnapshot(region, id);
    note(gone ? removed : pending, "snapshot", id);
  });
  await each(pool.listByTags(tags), async ({ id, state }) => {
    if (state === "gone") return;
    // Told again while it ends: one that was merely stopped never ends by itself. The telling is safe to repeat.
    await pool.terminate(id);
    if (state !== "stopping") note(removed, "instance", id);
    note(pending, "instance", id);
  });
  await each(pool.listIdleVolumes(tags), async ({ id }) => {
    await pool.removeVolume(id);
    note(removed, "volume", id);
  });
  await each(access.listDoors(tags), async ({ id }) => {
    const gone = await access.removeDoor(id);
    note(gone ? removed : pending, "security group", id);
  });
  const refusalsSoFar = refusals.length;
  await each(access.listKeyParameters(stage), async ({ name }) => {
    await access.removeKeyParameter(name);
    note(removed, "key parameter", name);
  });
  // Not before the parameter: while there is one, a run that is taken up takes the pair for granted.
  if (refusals.length === refusalsSoFar) {
    await each(access.listKeyPairs(tags), async ({ name }) => {
      await access.removeKeyPair(name);
      note(removed, "key pair", name);
    });
  }
  if (refusals.length > 0) throw refusals[0];
  return { removed, pending };
}
