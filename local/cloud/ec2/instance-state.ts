import { type Account, after } from "../account.ts";
import { INSTANCE_TYPES } from "./instance-types.ts";
import type { Region } from "./region.ts";
import type { Instance } from "./resources.ts";

const PENDING_SECONDS = 8;
const SHUTTING_DOWN_SECONDS = 20;
/** A terminated instance shows in DescribeInstances for about an hour (EC2 user guide, "Terminate instances"). */
const REMEMBERED_SECONDS = 3600;

export type InstanceState = "pending" | "running" | "shutting-down" | "terminated";

/** The state follows from the time: nothing has to happen for an instance to become running. */
export function instanceState(account: Account, instance: Instance): InstanceState {
  const now = account.clock.now();
  const { terminatedAt } = instance;
  if (terminatedAt !== undefined) {
    return now < after(terminatedAt, SHUTTING_DOWN_SECONDS) ? "shutting-down" : "terminated";
  }
  return now < after(instance.createdAt, PENDING_SECONDS) ? "pending" : "running";
}

const STATE_CODES: Record<InstanceState, number> = {
  pending: 0,
  running: 16,
  "shutting-down": 32,
  terminated: 48,
};

/** A state with its code (EC2 API, InstanceState). */
export function stateWithCode(name: InstanceState): { code: number; name: string } {
  return { code: STATE_CODES[name], name };
}

/** Ends an instance: its machine at once, its volumes once it has shut down. Safe to repeat. */
export async function terminate(account: Account, region: Region, instance: Instance): Promise<void> {
  if (instance.terminatedAt !== undefined) return;
  const now = account.clock.now();
  instance.terminatedAt = now;
  instance.goneAt = after(now, SHUTTING_DOWN_SECONDS + REMEMBERED_SECONDS);
  for (const { volumeId, deleteOnTermination } of instance.disks) {
    const volume = region.volumes.get(volumeId);
    if (volume === undefined) continue;
    if (deleteOnTermination) volume.goneAt = after(now, SHUTTING_DOWN_SECONDS);
    else volume.instanceId = undefined;
  }
  await instance.machine.stop();
}

/** Whether the instance still holds what it uses: its security groups, its volumes. */
export function isAlive(account: Account, instance: Instance): boolean {
  return instanceState(account, instance) !== "terminated";
}

/** vCPUs that count against the account's quota now. */
export function vcpusInUse(account: Account, region: Region): number {
  return region.instances
    .existing()
    .filter((one) => ["pending", "running"].includes(instanceState(account, one)))
    .reduce((sum, { type }) => sum + (INSTANCE_TYPES.get(type)?.vcpus ?? 0), 0);
}
