import type { Monitor } from "#fleet";
import type { Settings } from "#platform";
import { dynamoDbBoard } from "./dynamodb-board.ts";
import { dynamoDbHistory } from "./dynamodb-history.ts";
import { dynamoDbIncidents } from "./dynamodb-incidents.ts";
import { s3StatusShelf } from "./s3-status-shelf.ts";

/** What publishing the status page stands on in this region. */
export function publishingDesk(settings: Settings, monitor: Monitor) {
  return {
    monitor,
    board: dynamoDbBoard(settings),
    history: dynamoDbHistory(settings),
    incidents: dynamoDbIncidents(settings),
    shelf: s3StatusShelf(settings),
  };
}
