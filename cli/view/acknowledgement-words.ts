import type { Monitor } from "#fleet";
import { acknowledgedNow, type Incident } from "../../functions/monitor/incident.ts";
import { titleOf } from "./check-title.ts";
import { timeBeside } from "./clock-time.ts";

/** What came of acknowledging. `result` is as the machine gives it (functions/monitor/ports.ts, Acknowledged). */
export interface AckTold {
  readonly incident: number;
  readonly by: string;
  readonly result: string;
}

/**
 * What came of acknowledging an incident, in one sentence, with times as the fleet's time zone has them.
 * @param record the incident afterwards; undefined: it could not be read, and the sentence does without
 */
export function acknowledgementWords(
  { incident, by, result }: AckTold,
  record: Incident | undefined,
  monitor: Monitor,
  now: Date,
): string {
  const which = `Incident ${incident}${record === undefined ? "" : ` (${titleOf(record.check, monitor)})`}`;
  const time = timeBeside(now, monitor.timeZone);
  const held = record === undefined ? undefined : acknowledgedNow(record, now);
  switch (result) {
    case "acknowledged":
    case "replayed":
      return held === undefined
        ? `${which} is acknowledged by ${by}.`
        : `${which} is acknowledged by ${by} until ${time(held.until)}: nobody is woken before then.`;
    case "already":
      return `${which} is acknowledged already${held === undefined ? "" : `, by ${held.by} until ${time(held.until)}`}.`;
    case "recovered": {
      const at = record?.recoveredAt;
      return `${which} has recovered${at === undefined ? "" : ` at ${time(at)}`}: there is nothing to acknowledge.`;
    }
    default:
      return `${which}: ${result}.`;
  }
}
