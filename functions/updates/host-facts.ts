import { quoted } from "#hosts";
import { daysBetween, HOST_FACTS, type HostFact, type HostFactKind } from "./facts.ts";
import type {
  BaseUpdates,
  HostFindings,
  PackageChange,
  PackageUpdates,
  Part,
  Versions,
  VulnerablePackage,
} from "./findings.ts";
import type { HostRecord } from "./records.ts";

/** How often a host that stays away is told again. A changed host key is told every day that it stays so. */
export const REMINDER_DAYS = 7;

/**
 * The facts that a record holds of a host, worst first. Texts that the host chose are quoted here once more: these lines
 * go into mails and terminals.
 */
export function factsOfHost(record: HostRecord): HostFact[] {
  const { outcome, remembered } = record;
  const facts =
    outcome.kind === "missed"
      ? [missedFact(record.check, outcome), ...everyPart(remembered, true)]
      : [
          ...everyPart(valuesOf(outcome.findings), false),
          ...everyPart(remembered, true),
          ...unreadFacts(outcome.findings),
        ];
  return unique(facts).sort(bySeverity);
}

interface Values {
  readonly versions?: Versions | undefined;
  readonly base?: BaseUpdates | undefined;
  readonly packages?: PackageUpdates | undefined;
  readonly vulnerable?: readonly VulnerablePackage[] | undefined;
}

function everyPart({ versions, base, packages, vulnerable }: Values, isRemembered: boolean): HostFact[] {
  const audited = new Set((vulnerable ?? []).map(({ name }) => name));
  const facts = [
    ...(vulnerable ?? []).flatMap(vulnerableFacts),
    ...(base === undefined ? [] : baseFacts(base)),
    ...(versions === undefined ? [] : rebootFacts(versions)),
    ...(packages?.changes ?? []).map((change) => changeFact(change, audited)),
    ...[...(base?.notes ?? []), ...(packages?.notes ?? [])].map(noteFact),
  ];
  return facts.map((fact) => ({ ...fact, isRemembered }));
}

type NewFact = Omit<HostFact, "isRemembered">;

/** What a list left out when it was cut stands at its end: a package without a version, an issue without a link. */
function vulnerableFacts({ name, version, issues }: VulnerablePackage): NewFact[] {
  const known = `vulnerable/${name}`;
  if (version === "") return [fact("vulnerable", known, `${quoted(name)} are vulnerable`)];
  const what = `${quoted(name)} ${quoted(version)} is vulnerable`;
  if (issues.length === 0) return [fact("vulnerable", known, what, { packageName: name })];
  return issues.map(({ title, cve, url }) => {
    const ids = cve.length === 0 ? "" : ` (${cve.map(quoted).join(", ")})`;
    const links = url === "" ? {} : { links: [quoted(url)] };
    const key = `${known}/${url || cve.join(",") || title}`;
    return fact("vulnerable", key, `${what}: ${quoted(title)}${ids}`, { packageName: name, ...links });
  });
}

function baseFacts({ to, files, packages, keptFiles = [] }: BaseUpdates): NewFact[] {
  const count = files ?? packages?.length ?? 0;
  const what = `${count} ${files === undefined ? "package" : "file"}${count === 1 ? "" : "s"}`;
  const isPending = to !== undefined || count > 0;
  return [
    ...(isPending ? [fact("base", `base/${to ?? "?"}`, `FreeBSD can be updated${upTo(to)} (${what})`)] : []),
    ...keptFiles.map((file) =>
      fact("note", `kept/${file}`, `${quoted(file)} was changed locally and would be kept`),
    ),
  ];
}

function upTo(to: string | undefined): string {
  return to === undefined ? "" : ` to ${quoted(to)}`;
}

function rebootFacts({ kernel, running }: Versions): NewFact[] {
  if (kernel === running) return [];
  const line = `a reboot is due: ${quoted(kernel)} is installed, ${quoted(running)} runs`;
  return [fact("reboot", `reboot/${kernel}`, line)];
}

/** A newer version of a package that is known to be vulnerable stands with what is urgent. */
function changeFact(change: PackageChange, audited: ReadonlySet<string>): NewFact {
  const { name, action, to, vulnerable } = change;
  const key = `${action}/${name}/${to ?? ""}`;
  const more = { packageName: name, isUpgrade: action === "upgrade" };
  if (audited.has(name)) return fact("vulnerable", key, changeWords(change), more);
  if (!vulnerable) return fact("package", key, changeWords(change), more);
  return fact("vulnerable", `${key}/vulnerable`, `${changeWords(change)}, vulnerable as it is`, more);
}

function changeWords({ name, action, from, to, reason }: PackageChange): string {
  const versions = [...new Set([from, to])].filter((one) => one !== undefined).map(quoted);
  const what = [quoted(name), versions.join(" -> ")].filter(Boolean).join(" ");
  const notes = [
    ...(action === "upgrade" ? [] : [action]),
    ...(reason === undefined ? [] : [quoted(reason)]),
  ];
  return notes.length === 0 ? what : `${what} (${notes.join(": ")})`;
}

function noteFact(note: string): NewFact {
  return fact("note", `note/${note}`, quoted(note));
}

function missedFact(
  check: string,
  { failure, reason, since }: { failure: string; reason: string; since: string },
): HostFact {
  const days = daysBetween(since, check);
  const isChanged = failure === "HostKeyChangedError";
  const period = isChanged ? days : Math.floor(days / REMINDER_DAYS);
  const lasting = days === 0 ? "" : `, for ${days} day${days === 1 ? "" : "s"} now`;
  const line = isChanged
    ? `HOST KEY CHANGED${lasting}: ${quoted(reason)}. Somebody else may be answering`
    : `not checked${lasting}: ${quoted(reason)}`;
  const kind = isChanged ? "key-changed" : "missed";
  return { ...fact(kind, `${kind}/${since}/${period}`, line), isRemembered: false };
}

const PARTS: Readonly<Record<keyof HostFindings, string>> = {
  versions: "its version",
  base: "updates of FreeBSD",
  packages: "updates of packages",
  vulnerable: "known vulnerabilities",
};

/** When the report as a whole is not understood, that is one fact, not four. */
function unreadFacts(findings: HostFindings): HostFact[] {
  const problems = Object.entries(PARTS).flatMap(([name, words]) => {
    const part = findings[name as keyof HostFindings] as Part<unknown>;
    return "problem" in part ? [{ name, words, problem: part.problem }] : [];
  });
  const [first] = problems;
  if (first === undefined) return [];
  if (problems.length === Object.keys(PARTS).length && problems.every((one) => one.problem === first.problem))
    return [
      { ...fact("unread", "unread", `nothing is known: ${quoted(first.problem)}`), isRemembered: false },
    ];
  return problems.map(({ name, words, problem }) => ({
    ...fact("unread", `unread/${name}`, `${words}: not known, ${quoted(problem)}`),
    isRemembered: false,
  }));
}

function valuesOf(findings: HostFindings): Values {
  const { versions, base, packages, vulnerable } = findings;
  return {
    versions: "value" in versions ? versions.value : undefined,
    base: "value" in base ? base.value : undefined,
    packages: "value" in packages ? packages.value : undefined,
    vulnerable: "value" in vulnerable ? vulnerable.value : undefined,
  };
}

function fact(kind: HostFactKind, key: string, line: string, more: Partial<NewFact> = {}): NewFact {
  return { kind, key, line, ...more };
}

/** Of one package: first what is wrong with it, then what mends that. */
function bySeverity(one: HostFact, other: HostFact): number {
  const rank = HOST_FACTS.indexOf(one.kind) - HOST_FACTS.indexOf(other.kind);
  if (rank !== 0) return rank;
  const [key = "", otherKey = ""] = [one, other].map(({ packageName = "", isUpgrade = false, key }) =>
    [packageName, Number(isUpgrade), key].join("/"),
  );
  return key < otherKey ? -1 : 1;
}

/** A host may name a package twice. */
function unique(facts: readonly HostFact[]): HostFact[] {
  return [...new Map(facts.toReversed().map((one) => [one.key, one])).values()];
}
