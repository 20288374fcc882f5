import type { Check } from "./checks.ts";
import type { MaintenanceWindow, Monitor } from "./monitor.ts";

/** What is watched and who is woken, as lines for `nightshift check`. */
export function describeMonitor(monitor: Monitor | undefined, region: string): string[] {
  if (monitor === undefined) return ["monitor: nothing is watched"];
  const { checks, statusPage, timeZone, maintenance } = monitor;
  const byKind = Map.groupBy(Object.entries(checks), ([, { kind }]) => kind);
  const rows: [string, string][] = [
    ...[...byKind].map(([kind, some]): [string, string] => [kind, some.map(describeCheck).join(", ")]),
    ["wakes", Object.keys(monitor.contacts).map(describeContactOf(monitor)).join(", then ")],
    ["escalation", describeEscalation(monitor)],
    ["maintenance", maintenance.map(describeWindow).join("; ") || "none planned"],
    ["status page", statusPage.title],
  ];
  return [
    `monitor in ${region}: ${count(Object.keys(checks).length, "check")}, times in ${timeZone}`,
    ...rows.map(([what, value]) => `  ${what.padEnd(11)} ${value}`),
  ];
}

/** A check's name, and in brackets what is not as usual with it. */
function describeCheck([name, check]: [string, Check]): string {
  const notes = [
    ...(check.everyMinutes === 1 ? [] : [`every ${check.everyMinutes} min`]),
    ...(check.northStar ? ["north star"] : []),
    ...(check.parent === undefined ? [] : [`silent while ${check.parent} fails`]),
    ...(check.critical ? [] : ["respects quiet hours"]),
  ];
  return notes.length === 0 ? name : `${name} (${notes.join("; ")})`;
}

function describeContactOf({ contacts, timeZone }: Monitor): (name: string) => string {
  return (name) => {
    const contact = contacts[name];
    if (contact?.quiet === undefined) return `${name} ${contact?.phone ?? ""}`;
    const { from, to, timeZone: own = timeZone } = contact.quiet;
    return `${name} ${contact.phone} (quiet from ${from} to ${to} ${own})`;
  };
}

function describeEscalation({ escalation, acknowledgedHours }: Monitor): string {
  const { callAfterMinutes, nextAfterMinutes, rounds } = escalation;
  return (
    `an SMS, ${callAfterMinutes} min later a call, ${nextAfterMinutes} min later the next contact; ` +
    `${count(rounds, "round")}; an acknowledgement holds ${acknowledgedHours} h`
  );
}

function describeWindow({ every, on, at, minutes, checks }: MaintenanceWindow): string {
  const day = on ?? (every === "day" ? "every day" : `every ${every}`);
  return `${day} at ${at} for ${minutes} min: ${checks?.join(", ") ?? "all checks"}`;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
