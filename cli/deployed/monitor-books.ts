import type { BoardStore, IncidentBook } from "../../functions/monitor/ports.ts";
import type { History } from "../../functions/monitor/status-page/ports.ts";

/** What the command line reads of a deployed monitor. Failures come as OperatorErrors where the operator can help. */
export interface MonitorBooks {
  readonly board: Pick<BoardStore, "read">;
  readonly incidents: Pick<IncidentBook, "read" | "notes" | "newest">;
  readonly history: Pick<History, "hours">;
}
