import { readFleet } from "#fleet";
import { lambda, z } from "#platform";
import { reaperReport } from "../report.ts";
import { SweptSchema } from "../sweep.ts";

const Sweep = z.object({
  removed: z.array(SweptSchema),
  pending: z.array(SweptSchema),
  /** Set when the region could not be swept: its name and why. */
  region: z.string().optional(),
  missed: z.string().optional(),
});

/** Writes the mail about what the reaper removed, if it removed anything. */
export const handler = lambda({
  input: z.object({ time: z.iso.datetime({ offset: true }), sweeps: z.array(Sweep) }),
  services: (settings) => ({ fleet: readFleet(settings.fleetFile) }),
  run: async ({ time, sweeps }, { fleet }) => {
    const removed = sweeps.flatMap((sweep) => sweep.removed);
    const pending = sweeps.flatMap((sweep) => sweep.pending);
    const missed = sweeps.flatMap(({ region, missed }) =>
      missed === undefined ? [] : [`${region}: ${missed}`],
    );
    const lines = removed.map(({ what, id, region }) => `${what} ${id} in ${region}`);
    const parties = { from: fleet.owner.from, to: fleet.owner.mail };
    return {
      found: lines.length > 0,
      missed: missed.length > 0,
      reason: missed.join("; "),
      removed,
      pending,
      message: lines.length === 0 ? null : reaperReport(parties, new Date(time), lines),
    };
  },
});
