import type { Account } from "../account.ts";

/** A resource that a describe shows only some time after it was made. */
export interface Created {
  readonly createdAt: Date;
}

/** Whether describes show it already: EC2's describes lag behind its creates ("Eventual consistency"). */
export function isVisible(account: Account, resource: Created): boolean {
  return account.clock.now().getTime() - resource.createdAt.getTime() >= account.lagMilliseconds;
}

/** One page of a describe. The token is the position of the next item, and opaque to the caller. */
export function page<T>(
  items: readonly T[],
  maxResults: string | undefined,
  nextToken: string | undefined,
): { items: readonly T[]; nextToken: string | undefined } {
  const start =
    nextToken === undefined ? 0 : Number.parseInt(Buffer.from(nextToken, "base64").toString(), 10);
  const size = Math.min(maxResults === undefined ? 1000 : Number.parseInt(maxResults, 10), 1000);
  const end = start + size;
  const next = end < items.length ? Buffer.from(String(end)).toString("base64") : undefined;
  return { items: items.slice(start, end), nextToken: next };
}
