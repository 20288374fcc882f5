/**
 * Statuses of messages and calls in the order in which they are passed through (Twilio API, "Messages" and "Calls",
 * "status values"). Callbacks come in any order, so only a later one replaces an earlier one.
 */
const STAGES: readonly (readonly string[])[] = [
  ["accepted", "scheduled", "queued"],
  ["sending", "initiated"],
  ["sent", "ringing"],
  ["in-progress"],
  ["delivered", "undelivered", "failed", "canceled", "completed", "busy", "no-answer"],
  ["read"],
];

/** How far along a status is: 0 to 5, or -1 for one that is unknown here. */
export function stageOf(status: string): number {
  return STAGES.findIndex((statuses) => statuses.includes(status));
}

/** Whether nothing is to follow it, but for a receipt that it was read. */
export function isFinal(status: string): boolean {
  return stageOf(status) >= 4;
}

/** Whether it says that nobody was reached. A call that is "completed" says no such thing, nor the contrary. */
export function isMissed(status: string): boolean {
  return ["undelivered", "failed", "canceled", "busy", "no-answer"].includes(status);
}
