/** Messages that go out in an hour, to all contacts together, when fleet.yml says nothing else. */
export const MESSAGES_PER_HOUR = 30;

/** The hour that an instant belongs to, in UTC: "2026-11-22T04". */
export function hourOf(now: Date): string {
  return now.toISOString().slice(0, 13);
}

/** Key of the one notice by which a contact learns that messages of that hour are held back. */
export function stormKey(hour: string, contact: string): string {
  return `storm/${hour}/${contact}`;
}
