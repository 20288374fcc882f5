import type { Incident, TimelineEvent } from "../../functions/monitor/incident.ts";
import { dayIn, exactTime } from "./clock-time.ts";
import { lasting } from "./duration.ts";
import { lineOf } from "./line-parts.ts";
import type { Terminal } from "./terminal.ts";

/**
 * An incident from the alarm to the recovery, an event on a line with its time and how long after the alarm it was. A day
 * is said when it begins. Newline at the end.
 */
export function renderIncident(
  incident: Incident,
  events: readonly TimelineEvent[],
  terminal: Terminal,
  timeZone = "UTC",
): string {
  const { number, check, cause, isCritical, openedAt, recoveredAt, reason } = incident;
  const [dayOf, timeOf] = [dayIn(timeZone), exactTime(timeZone)];
  const inOrder = events.toSorted((one, other) => one.at.getTime() - other.at.getTime());
  let day = "";
  const lines = inOrder.flatMap(({ at, what }) => {
    const after = at.getTime() - openedAt.getTime();
    const offset = after < 0 ? `-${lasting(-after)}` : `+${lasting(after)}`;
    const line = lineOf(terminal, `  ${timeOf(at)}  `, ["dim", offset.padStart(11)], `  ${what}`);
    if (dayOf(at) === day) return [line];
    day = dayOf(at);
    return [lineOf(terminal, ["dim", day]), line];
  });
  const end =
    recoveredAt === undefined
      ? (["red", "open"] as const)
      : (["green", `over after ${lasting(recoveredAt.getTime() - openedAt.getTime())}`] as const);
  return `${[
    lineOf(terminal, `Incident ${number}: ${check} (${cause}${isCritical ? "" : ", not critical"}), `, end),
    lineOf(terminal, `  ${reason}`),
    "",
    ...lines,
    lineOf(terminal, ["dim", `Times: ${timeZone}`]),
  ].join("\n")}\n`;
}
