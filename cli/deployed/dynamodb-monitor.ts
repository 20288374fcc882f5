import { dynamoDbBoard } from "../../functions/monitor/adapters/dynamodb-board.ts";
import { dynamoDbHistory } from "../../functions/monitor/adapters/dynamodb-history.ts";
import { dynamoDbIncidents } from "../../functions/monitor/adapters/dynamodb-incidents.ts";
import { explainWatchError } from "./explain-watch-error.ts";
import type { MonitorBooks } from "./monitor-books.ts";
import { operatorSettings } from "./operator-settings.ts";

/** The monitor's table of a stage, through the monitor's own adapters, with the operator's credentials. */
export function dynamoDbMonitor(region: string, stage: string): MonitorBooks {
  const settings = operatorSettings(region, stage);
  const board = dynamoDbBoard(settings);
  const incidents = dynamoDbIncidents(settings);
  const history = dynamoDbHistory(settings);
  const explained = <T>(work: Promise<T>) =>
    work.catch((error: unknown) => Promise.reject(explainWatchError(error, region, stage)));
  return {
    board: { read: () => explained(board.read()) },
    incidents: {
      read: (incident) => explained(incidents.read(incident)),
      notes: (incident) => explained(incidents.notes(incident)),
      newest: (count) => explained(incidents.newest(count)),
    },
    history: { hours: (from, to) => explained(history.hours(from, to)) },
  };
}
