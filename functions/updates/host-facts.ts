import { quoted } from "#hosts";
import { HOST_FACTS, type HostFact, hostFact, type NewFact } from "./facts.ts";
import type {
  BaseUpdates,
  HostFindings,
  PackageChange,
  PackageUpdates,
  Versions,
  VulnerablePackage,
} from "./findings.ts";
import type { HostRecord } from "./records.ts";
import { knownOfHost } from "./remember.ts";
import { missedFact, rememberedUnread, unreadFacts } from "./unlearnt-facts.ts";

/**
 * The facts that a record holds of a host, worst first. Texts that the host chose are quoted here once more: these lines
 * go into mails and terminals.
 */
export function factsOfHost(record: HostRecord): HostFact[] {
  const { check, outcome, remembered } = record;
  const audited = new Set((knownOfHost(record).vulnerable ?? []).map(({ name }) => name));
  const facts =
    outcome.kind === "missed"
      ? [missedFact(check, outcome), ...everyPart(remembered, audited, true), ...rememberedUnread(record)]
      : [
          ...everyPart(valuesOf(outcome.findings), audited, false),
          ...everyPart(remembered, audited, true),
          ...unreadFacts(record, outcome.findings),
        ];
  return unique(facts).sort(bySeverity);
}

interface Values {
  readonly versions?: Versions | undefined;
  readonly base?: BaseUpdates | undefined;
  readonly packages?: PackageUpdates | undefined;
  readonly vulnerable?: readonly VulnerablePackage[] | undefined;
}

function everyPart(
  { versions, base, packages, vulnerable }: Values,
  audited: ReadonlySet<string>,
  isRemembered: boolean,
): HostFact[] {
  const facts = [
    ...(vulnerable ?? []).flatMap(vulnerableFacts),
    ...(base === undefined ? [] : baseFacts(base)),
    ...(versions === undefined ? [] : rebootFacts(versions)),
    ...(packages?.changes ?? []).flatMap((change) => changeFacts(change, audited)),
    ...[...(base?.notes ?? []), ...(packages?.notes ?? [])].map(noteFact),
  ];
  return facts.map((fact) => ({ ...fact, isRemembered }));
}

/** What a list left out when it was cut stands at its end: a package without a version, an issue without a link. */
function vulnerableFacts({ name, version, issues }: VulnerablePackage): NewFact[] {
  const known = `vulnerable/${name}`;
  if (version === "") return [hostFact("vulnerable", known, `${quoted(name)} are vulnerable`)];
  const what = `${quoted(name)} ${quoted(version)} is vulnerable`;
  if (issues.length === 0) return [hostFact("vulnerable", known, what, { packageName: name })];
  return issues.map(({ title, cve, url }) => {
    const ids = cve.length === 0 ? "" : ` (${cve.map(quoted).join(", ")})`;
    const links = url === "" ? {} : { links: [quoted(url)] };
    const key = `${known}/${url || cve.join(",") || title}`;
    return hostFact("vulnerable", key, `${what}: ${quoted(title)}${ids}`, { packageName: name, ...links });
  });
}

function baseFacts({ to, files, packages, keptFiles = [] }: BaseUpdates): NewFact[] {
  const count = files ?? packages?.length ?? 0;
  const what = `${count} ${files === undefined ? "package" : "file"}${count === 1 ? "" : "s"}`;
  const isPending = to !== undefined || count > 0;
  return [
    ...(isPending
      ? [hostFact("base", `base/${to ?? "?"}`, `FreeBSD can be updated${upTo(to)} (${what})`)]
      : []),
    ...keptFiles.map((file) =>
      hostFact("note", `kept/${file}`, `${quoted(file)} was changed locally and would be kept`),
    ),
  ];
}

function upTo(to: string | undefined): string {
  return to === undefined ? "" : ` to ${quoted(to)}`;
}

function rebootFacts({ kernel, running }: Versions): NewFact[] {
  if (kernel === running) return [];
  const line = `a reboot is due: ${quoted(kernel)} is installed, ${quoted(running)} runs`;
  return [hostFact("reboot", `reboot/${kernel}`, line)];
}

/**
 * A change of a package that is known to be vulnerable (`audited`, now or before) stands with what is urgent. That pkg says
 * so of a change is a fact of its own: the change stays the same one when the audit says by what.
 */
function changeFacts(change: PackageChange, audited: ReadonlySet<string>): NewFact[] {
  const { name, action, from = "", to, vulnerable } = change;
  const key = `${action}/${name}/${to ?? ""}`;
  const more = { packageName: name, isUpgrade: action === "upgrade" };
  if (audited.has(name)) return [hostFact("vulnerable", key, changeWords(change), more)];
  if (!vulnerable) return [hostFact("package", key, changeWords(change), more)];
  const what = `${[name, from].map(quoted).join(" ").trim()} is vulnerable, as pkg upgrade says`;
  return [
    hostFact("vulnerable", `vulnerable/${name}/marked`, what, { packageName: name }),
    hostFact("vulnerable", key, changeWords(change), more),
  ];
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
  return hostFact("note", `note/${note}`, quoted(note));
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
