import { readFleet } from "#fleet";
import { lambda, reasonOf, z } from "#platform";
import { type FailedRotation, failedReport } from "../report.ts";
import { missedHosts } from "../require-hosts.ts";
import { HostOutcomeSchema, RotationSchema } from "../rotation.ts";

/** What the state machine holds when something failed: how far it came decides what is so. */
const State = z.object({
  pipe: z.string().default("(none named)"),
  failure: z.object({ Error: z.string().optional(), Cause: z.string().optional() }),
  claim: z.object({ rotation: RotationSchema, isTakenOver: z.boolean() }).optional(),
  keys: z.object({}).optional(),
  undone: z.object({}).optional(),
  undoneDoors: z.array(HostOutcomeSchema).default([]),
});

/** Writes the mail about a rotation that failed. */
export const handler = lambda({
  input: z.object({ executionArn: z.string(), state: State }),
  services: (settings) => ({ fleet: readFleet(settings.fleetFile) }),
  run: async ({ executionArn, state }, { fleet }) => {
    const reason = reasonOf(state.failure);
    const failed = {
      pipe: state.claim?.rotation.pipe ?? state.pipe,
      executionArn,
      reason,
      state: stateOf(state),
      unclosed: state.undone === undefined ? [] : missedHosts(state.undoneDoors),
    };
    return { reason, message: failedReport(fleet, failed) };
  },
});

/** Without keys nothing was done on any host, unless by a run that died before. */
function stateOf({ claim, keys, undone }: z.infer<typeof State>): FailedRotation["state"] {
  if (undone !== undefined) return "undone";
  if (claim === undefined || (keys === undefined && !claim.isTakenOver)) return "refused";
  return "halfway";
}
