import { quoted } from "#hosts";
import { daysBetween, type HostFact, hostFact, lasting, reminderDue } from "./facts.ts";
import type { HostFindings, Part } from "./findings.ts";
import type { HostRecord } from "./records.ts";

/*
 * That something could not be learnt of a host is a fact as well, and told again every week that it stays so.
 */

/** Why a host was missed. A changed host key is told every day that it stays so. */
export function missedFact(
  check: string,
  { failure, reason, since }: { failure: string; reason: string; since: string },
): HostFact {
  const isChanged = failure === "HostKeyChangedError";
  const period = isChanged ? daysBetween(since, check) : reminderDue(since, check);
  const line = isChanged
    ? `HOST KEY CHANGED${lasting(since, check)}: ${quoted(reason)}. Somebody else may be answering`
    : `not checked${lasting(since, check)}: ${quoted(reason)}`;
  const kind = isChanged ? "key-changed" : "missed";
  return { ...hostFact(kind, `${kind}/${since}/${period}`, line), isRemembered: false };
}

const PARTS: Readonly<Record<keyof HostFindings, string>> = {
  versions: "its version",
  base: "updates of FreeBSD",
  packages: "updates of packages",
  vulnerable: "known vulnerabilities",
};

type PartName = keyof HostFindings;
const ALL = Object.keys(PARTS) as PartName[];

/** Which parts of a host's findings are not known. When its report as a whole is not understood, that is one fact, not four. */
export function unreadFacts(record: HostRecord, findings: HostFindings): HostFact[] {
  const problems = ALL.flatMap((name) => {
    const part: Part<unknown> = findings[name];
    return "problem" in part ? [{ name, problem: part.problem }] : [];
  });
  const [first] = problems;
  if (first === undefined) return [];
  if (problems.length === ALL.length && problems.every(({ problem }) => problem === first.problem))
    return [nothingKnown(record, first.problem)];
  return problems.map(({ name, problem }) => partUnread(record, name, problem));
}

/** A host that is away was asked nothing: what was unknown before stays so, and is no news when it is back. */
export function rememberedUnread(record: HostRecord): HostFact[] {
  const unknown = ALL.filter((name) => record.unknownSince[name] !== undefined);
  const facts = unknown.map((name) => partUnread(record, name, ""));
  const all = unknown.length === ALL.length ? [nothingKnown(record, "")] : [];
  return [...facts, ...all].map((one) => ({ ...one, isRemembered: true }));
}

function partUnread({ check, unknownSince }: HostRecord, name: PartName, problem: string): HostFact {
  const { [name]: since = check } = unknownSince;
  const line = `${PARTS[name]}: not known${lasting(since, check)}, ${quoted(problem)}`;
  return {
    ...hostFact("unread", `unread/${name}/${since}/${reminderDue(since, check)}`, line),
    isRemembered: false,
  };
}

/** Since the last of its parts became unknown. */
function nothingKnown({ check, unknownSince }: HostRecord, problem: string): HostFact {
  const since = ALL.map((name) => unknownSince[name] ?? check).reduce((one, other) =>
    one > other ? one : other,
  );
  const line = `nothing is known${lasting(since, check)}: ${quoted(problem)}`;
  return { ...hostFact("unread", `unread/${since}/${reminderDue(since, check)}`, line), isRemembered: false };
}
