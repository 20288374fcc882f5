import { readFleet } from "#fleet";
import { lambda, z } from "#platform";
import { publishingDesk } from "../adapters/publishing.ts";
import { monitorOf } from "../monitor-of.ts";
import { publishStatus } from "../publish-status.ts";

/** Every five minutes: the status page, with all badges once an hour. */
export const handler = lambda({
  input: z.object({ time: z.iso.datetime() }),
  services: (settings) => publishingDesk(settings, monitorOf(readFleet(settings.fleetFile))),
  run: ({ time }, desk, { clock }) =>
    publishStatus(clock.now(), new Date(time).getUTCMinutes() < 5 ? "everything" : "page", desk),
});
