import type { HostFact, HostFactKind, ReleaseFact } from "./facts.ts";
import type { Compared, News } from "./news.ts";

/** A header of a mail is one line; what is longer is not read on a telephone. */
const LONGEST = 150;
const MOST_NAMES = 3;

/** The subject of a report: what is new, worst first, as much as fits on a line. */
export function reportSubject(news: News): string {
  const clauses = [
    hostClause(news, "key-changed", (_, hosts) => `HOST KEY CHANGED on ${hosts}`),
    hostClause(news, "vulnerable", (facts, hosts) => `${vulnerable(facts)} on ${hosts}`),
    hostClause(news, "missed", (_, hosts) => `not checked: ${hosts}`),
    hostClause(news, "unread", (_, hosts) => `not understood: ${hosts}`),
    daysClause(news),
    hostClause(news, "base", (_, hosts) => `FreeBSD update on ${hosts}`),
    ...releaseClauses(news),
    hostClause(news, "reboot", (_, hosts) => `reboot due on ${hosts}`),
    hostClause(news, "package", (facts, hosts) => `${count(facts, "package update")} on ${hosts}`),
    hostClause(news, "note", (_, hosts) => `notes on ${hosts}`),
  ].filter((clause) => clause !== "");
  return `Updates: ${joined(clauses)}`;
}

function joined(clauses: readonly string[]): string {
  let text = "";
  for (const clause of clauses) {
    const next = text === "" ? clause : `${text}; ${clause}`;
    if (next.length > LONGEST && text !== "") return `${text}; and more`;
    text = next;
  }
  return text;
}

function hostClause(
  { hosts }: News,
  kind: HostFactKind,
  words: (facts: readonly HostFact[], hosts: string) => string,
): string {
  const concerned = hosts
    .map(({ name, facts }) => ({ name, facts: newOf({ name, facts }).filter((fact) => fact.kind === kind) }))
    .filter(({ facts }) => facts.length > 0);
  if (concerned.length === 0) return "";
  const names = concerned.map(({ name }) => name).sort();
  return words(
    concerned.flatMap(({ facts }) => facts),
    listed(names),
  );
}

function vulnerable(facts: readonly HostFact[]): string {
  return count(facts, "vulnerable package");
}

/** Packages, each once, however many hosts have it. */
function count(facts: readonly HostFact[], what: string): string {
  const number = new Set(facts.map(({ packageName }) => packageName)).size;
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}

function daysClause({ missedDays }: News): string {
  if (missedDays === undefined) return "";
  const { from, to } = missedDays;
  return from === to ? `no check on ${from}` : `no check from ${from} to ${to}`;
}

/**
 * Without reasons, which may be long: the mail takes no subject of more than 200 characters, and what it refuses once it
 * refuses every day. The same is often said of a release for both architectures.
 */
function releaseClauses({ releases }: News): string[] {
  const facts = releases.flatMap((one) => newOf<ReleaseFact>(one));
  const lines = facts.map(({ line }) => line.split(":")[0] ?? line);
  return [...new Set(lines)].slice(0, 4);
}

function newOf<Fact>({ facts }: Compared<Fact>): Fact[] {
  return facts.filter(({ isNew }) => isNew).map(({ fact }) => fact);
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMES).join(", ");
  return names.length > MOST_NAMES ? `${shown} and ${names.length - MOST_NAMES} more` : shown;
}
