import { lambda, z } from "#platform";
import { ec2BuilderPool } from "../adapters/ec2-builder-pool.ts";
import { ClaimSchema } from "../build.ts";
import { checkBuilder } from "../check-builder.ts";
import { WaitingSchema } from "../wait-policy.ts";

/** Looks whether the builder has booted and shown its host keys. */
export const handler = lambda({
  input: z.object({ claim: ClaimSchema, builder: z.object({ instanceId: z.string(), wait: WaitingSchema }) }),
  services: (settings) => ({ pool: ec2BuilderPool(settings) }),
  run: async ({ claim, builder: { instanceId, wait } }, { pool }, { clock }) => {
    const look = { instanceId, attempt: wait.attempt, now: clock.now(), deadlineAt: claim.deadlineAt };
    const progress = await checkBuilder(look, pool);
    return progress.ready
      ? { instanceId, ready: true, ...progress.builder }
      : { instanceId, ready: false, wait: progress.wait };
  },
});
