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
 * is tagged. Safe to repeat, and safe beside another sweep: whatever is gone already is passed over.
 */
export async function sweepRegion(order: SweepOrder, ports: RegionPorts): Promise<Sweep> {
  const removed: Swept[] = [];
  const pending: Swept[] = [];
  const note = (list: Swept[], what: Swept["what"], id: string) =>
    list.push({ what, region: order.region, id });

  await sweepImages(order, ports, (what, id) => note(removed, what, id));

  for (const builder of await ports.pool.listByTags(order.tags)) {
    if (builder.state === "gone" || !(await order.mayRemove(builder.tags))) continue;
    // Told again while it ends: one that was merely stopped never ends by itself. The telling is safe to repeat.
    await ports.pool.terminate(builder.id);
    if (builder.state !== "stopping") note(removed, "instance", builder.id);
    note(pending, "instance", builder.id);
  }
  for (const volume of await ports.pool.listIdleVolumes(order.tags)) {
    if (!(await order.mayRemove(volume.tags))) continue;
    await ports.pool.removeVolume(volume.id);
    note(removed, "volume", volume.id);
  }
  for (const door of await ports.access.listDoors(order.tags)) {
    if (!(await order.mayRemove(door.tags))) continue;
    const gone = await ports.access.removeDoor(door.id);
    note(gone ? removed : pending, "security group", door.id);
  }
  // Before the pair: while there is a parameter, a run that is taken up takes the pair for granted.
  for (const parameter of await ports.access.listKeyParameters(order.stage)) {
    if (!(await order.mayRemove(parameter.tags))) continue;
    await ports.access.removeKeyParameter(parameter.name);
    note(removed, "key parameter", parameter.name);
  }
  for (const pair of await ports.access.listKeyPairs(order.tags)) {
    if (!(await order.mayRemove(pair.tags))) continue;
    await ports.access.removeKeyPair(pair.name);
    note(removed, "key pair", pair.name);
  }
  return { removed, pending };
}

type Note = (what: Swept["what"], id: string) => void;

async function sweepImages(order: SweepOrder, { images }: RegionPorts, note: Note): Promise<void> {
  for (const image of await images.listByTags(order.region, order.tags)) {
    if (!(await order.mayRemove(image.tags))) continue;
    await images.remove(order.region, image);
    note("image", image.id);
  }
  // Snapshots outlive an image whose deregistration was cut short.
  for (const snapshot of await images.listSnapshots(order.region, order.tags)) {
    if (!(await order.mayRemove(snapshot.tags))) continue;
    await images.removeSnapshot(order.region, snapshot.id);
    note("snapshot", snapshot.id);
  }
}
