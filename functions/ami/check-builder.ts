import { z } from "#platform";
import { BuilderLostError } from "./failures.ts";
import { parseHostKeys } from "./host-key-block.ts";
import type { Builder, BuilderPool } from "./ports.ts";
import { WAITS, type Waiting, waitAgain } from "./wait-policy.ts";

/** A builder that has booted: where it is, and the keys by which it must prove to be itself. */
export const BootedBuilderSchema = z.object({ host: z.string(), hostKeys: z.array(z.string()).min(1) });

export type BootedBuilder = z.infer<typeof BootedBuilderSchema>;

export type BootProgress =
  | { readonly ready: true; readonly builder: BootedBuilder }
  | { readonly ready: false; readonly wait: Waiting };

/**
 * Looks whether the builder is up: running, and its console shows a complete block of host keys. The console comes
 * from EC2's own channel, so the keys on it are the machine's and nobody else's.
 * @throws BuilderLostError, WaitedTooLongError
 */
export async function checkBuilder(
  look: { instanceId: string; attempt: number; now: Date; deadlineAt: string },
  pool: BuilderPool,
): Promise<BootProgress> {
  const builder = await pool.find(look.instanceId);
  requireAlive(look.instanceId, builder, look.attempt);
  const keys =
    builder?.state === "running" ? parseHostKeys(await pool.consoleOutput(look.instanceId)) : undefined;
  if (keys !== undefined && builder?.address !== undefined) {
    return { ready: true, builder: { host: builder.address, hostKeys: keys.map((key) => key.fingerprint) } };
  }
  return { ready: false, wait: waitAgain(WAITS.boot, look.attempt, look.now, look.deadlineAt) };
}

/** DescribeInstances lags behind RunInstances; only on the second look does "not found" mean gone. */
function requireAlive(id: string, builder: Builder | undefined, attempt: number): void {
  if (builder === undefined && attempt === 0) return;
  if (builder === undefined) throw new BuilderLostError(`builder ${id} does not exist any more`);
  if (builder.state === "gone" || builder.state === "stopping") {
    throw new BuilderLostError(`builder ${id} ended by itself: ${builder.stateReason}`);
  }
}
