import { startMachine } from "../builder/machine.ts";
import { VirtualClock } from "../clock/virtual-clock.ts";
import { startCloud } from "../cloud/cloud.ts";

/** Opens an account on loopback in which nothing exists, for tools that only ask. */
export async function openEmptyAccount(folder: string): Promise<{ url: string; close: () => Promise<void> }> {
  const cloud = await startCloud({ clock: new VirtualClock(new Date()), folder, startMachine });
  const door = await cloud.openDoor();
  return { url: door.url, close: () => cloud.close() };
}
