import { readFleet } from "#fleet";
import { lambda, z } from "#platform";
import { dynamoDbWatchBoard } from "../adapters/dynamodb-watch-board.ts";
import { checkWatch } from "../check-watch.ts";

/** Every five minutes, from the home region: does the watch still watch? */
export const handler = lambda({
  input: z.object({ time: z.iso.datetime() }),
  services: (settings) => {
    const { monitor, regions } = readFleet(settings.fleetFile);
    return { isMonitored: monitor !== undefined, board: dynamoDbWatchBoard(settings, regions.watch) };
  },
  run: ({ time }, { isMonitored, board }) => checkWatch(new Date(time), isMonitored, board),
});
