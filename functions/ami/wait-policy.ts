import { z } from "#platform";
import { WaitedTooLongError } from "./failures.ts";

/** How often and how long to look before giving up. */
export interface WaitPolicy {
  readonly what: string;
  readonly intervalSeconds: number;
  readonly attempts: number;
}

/**
 * Every wait of the image process, in one place.
 *
 * A builder with a volume initialization rate boots in some minutes; without one its disk is read at about
 * 9 MB/s and the article's twenty minutes are the rule. Image and copy durations depend on the region's load: EC2
 * gives no bound, and the SDK's own waiter gives up after ten minutes, which others found too short.
 */
export const WAITS = {
  boot: { what: "the builder to boot", intervalSeconds: 30, attempts: 60 },
  provisioning: { what: "the provisioning script", intervalSeconds: 20, attempts: 135 },
  image: { what: "the image to become available", intervalSeconds: 30, attempts: 120 },
  copy: { what: "the copied image to become available", intervalSeconds: 60, attempts: 90 },
  removal: { what: "the builder to terminate", intervalSeconds: 15, attempts: 40 },
} satisfies Record<string, WaitPolicy>;

/** Where a wait stands; travels through the state machine between two looks. */
export const WaitingSchema = z.object({ attempt: z.number().int().min(0), seconds: z.number().int().min(0) });

export type Waiting = z.infer<typeof WaitingSchema>;

/**
 * The next step of a wait that has not ended yet.
 * @throws WaitedTooLongError when the policy is exhausted or the run's deadline would pass.
 */
export function waitAgain(policy: WaitPolicy, attempt: number, now: Date, deadlineAt: string): Waiting {
  const next = attempt + 1;
  if (next > policy.attempts) {
    throw new WaitedTooLongError(`gave up waiting for ${policy.what} after ${policy.attempts} looks`);
  }
  if (now.getTime() + policy.intervalSeconds * 1000 > Date.parse(deadlineAt)) {
    throw new WaitedTooLongError(
      `the run's deadline (${deadlineAt}) passed while waiting for ${policy.what}`,
    );
  }
  return { attempt: next, seconds: policy.intervalSeconds };
}
