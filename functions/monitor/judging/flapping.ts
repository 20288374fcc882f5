/** How many results back flapping is looked for. */
const WINDOW = 20;
/** Per cent of change at which a check begins to flap, and below which it has stopped. */
const BEGINS_ABOVE = 30;
const ENDS_BELOW = 25;

/** The history of changes with one more result: "1" when it differs from the one before. */
export function withChange(changes: string, hasChanged: boolean): string {
  return `${changes}${hasChanged ? "1" : "0"}`.slice(-WINDOW);
}

/**
 * How much a check changes, in per cent: recent changes weigh more, from 0.8 for the oldest to 1.18 for the newest
 * (Icinga 2 documentation, "Flapping": 20 states, weight 0.8 + 0.02 i).
 */
export function changePercent(changes: string): number {
  const oldest = WINDOW - changes.length;
  const weights = [...changes].map((bit, index) => (bit === "1" ? 0.8 + 0.02 * (oldest + index) : 0));
  return (100 * weights.reduce((sum, weight) => sum + weight, 0)) / WINDOW;
}

/** Whether a check flaps, which takes more to begin than to go on. */
export function isFlapping(changes: string, wasFlapping: boolean): boolean {
  return changePercent(changes) > (wasFlapping ? ENDS_BELOW : BEGINS_ABOVE);
}
