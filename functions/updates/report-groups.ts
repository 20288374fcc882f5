import type { HostFact, ReleaseFact } from "./facts.ts";
import { HOST_FACTS, RELEASE_FACTS } from "./facts.ts";
import type { Compared } from "./news.ts";

/** Hosts, or releases, of which the very same is to be said. */
export interface Group {
  /** Sorted. */
  readonly members: readonly string[];
  readonly facts: readonly { readonly fact: HostFact | ReleaseFact; readonly isNew: boolean }[];
}

/** How many names are listed before the rest is counted. */
const MOST_NAMES = 12;

/** Puts together those of which the very same is to be said. Worst first; then the larger groups; then by name. */
export function groupAlike(all: readonly Compared<HostFact | ReleaseFact>[]): Group[] {
  const groups = new Map<string, { members: string[]; facts: Group["facts"] }>();
  for (const { name, facts } of all) {
    const key = JSON.stringify(
      facts.map(({ fact, isNew }) => [fact.line, fact.links, fact.isRemembered, isNew]),
    );
    const group = groups.get(key) ?? { members: [], facts };
    group.members.push(name);
    groups.set(key, group);
  }
  return [...groups.values()]
    .map(({ members, facts }) => ({ members: members.sort(), facts }))
    .sort(
      (one, other) =>
        severity(one) - severity(other) ||
        other.members.length - one.members.length ||
        ((one.members[0] ?? "") < (other.members[0] ?? "") ? -1 : 1),
    );
}

/** "www", or "db, mail, www (3 hosts)". */
export function namesOf(members: readonly string[]): string {
  const shown = members.slice(0, MOST_NAMES).join(", ");
  const rest = members.length > MOST_NAMES ? ` and ${members.length - MOST_NAMES} more` : "";
  return members.length === 1 ? shown : `${shown}${rest} (${members.length})`;
}

const SEVERITY: readonly string[] = [...HOST_FACTS, ...RELEASE_FACTS];

/** The worst that is new, or of all when nothing is. */
function severity({ facts }: Group): number {
  const fresh = facts.filter(({ isNew }) => isNew);
  return Math.min(
    ...(fresh.length === 0 ? facts : fresh).map(({ fact }) => SEVERITY.indexOf(fact.kind)),
    SEVERITY.length,
  );
}
