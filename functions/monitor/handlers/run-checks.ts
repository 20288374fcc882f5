import { readFleet } from "#fleet";
import { lambda, z } from "#platform";
import { dynamoDbBoard } from "../adapters/dynamodb-board.ts";
import { dynamoDbHistory } from "../adapters/dynamodb-history.ts";
import { dynamoDbIncidents } from "../adapters/dynamodb-incidents.ts";
import { networkMeasurer } from "../adapters/measuring.ts";
import { outsideUrl } from "../adapters/outside-url.ts";
import { publishingDesk } from "../adapters/publishing.ts";
import { sfnEscalations } from "../adapters/sfn-escalations.ts";
import { monitorOf } from "../monitor-of.ts";
import { publishStatus } from "../publish-status.ts";
import { runChecks } from "../run-checks.ts";

/** Every minute: measures what is due, and judges it. */
export const handler = lambda({
  input: z.object({ time: z.iso.datetime() }),
  services: (settings) => {
    const fleet = readFleet(settings.fleetFile);
    const monitor = monitorOf(fleet);
    return {
      monitor,
      board: dynamoDbBoard(settings),
      incidents: dynamoDbIncidents(settings),
      escalations: sfnEscalations(settings),
      measurer: networkMeasurer(settings, fleet, monitor),
      shelf: dynamoDbHistory(settings),
      outside: outsideUrl(monitor.outsideUrl),
      publishing: publishingDesk(settings, monitor),
    };
  },
  run: ({ time }, { publishing, ...desk }, { clock }) => {
    const publish = () => publishStatus(clock.now(), "everything", publishing);
    return runChecks(new Date(time), { ...desk, publish }, clock);
  },
});
