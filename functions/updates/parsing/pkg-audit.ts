import type { Advisory, Part, VulnerablePackage } from "../findings.ts";
import { andMore, bounded, KEPT, shortened } from "./bounds.ts";
import type { Section } from "./report-sections.ts";
import { failure, outsideTrouble } from "./trouble.ts";

const PROGRAM = "pkg audit";

/** Where links may lead: a host that was broken into must not choose what its owner clicks on. */
const LINKED_HOSTS: ReadonlySet<string> = new Set(["vuxml.freebsd.org", "www.freebsd.org"]);

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads `pkg audit -Fq --raw=json-compact` (pkg, src/audit.c). It exits 1 when a package is vulnerable and 1 when it
 * failed, so the JSON tells: without one, nothing is known. `packages` is absent or null when none is vulnerable. Lists
 * are cut; what was left out is told by a last item without version or link.
 */
export function readPkgAudit(section: Section): Part<readonly VulnerablePackage[]> {
  const trouble = outsideTrouble(section, PROGRAM);
  if (trouble !== undefined) return { problem: trouble };
  const json = section.isCut ? undefined : parse(section.lines);
  const packages = json === undefined ? undefined : packagesOf(json);
  const isConsistent = section.status === 0 || (section.status === 1 && (packages?.length ?? 0) > 0);
  if (packages === undefined || !isConsistent) return { problem: problemOf(section, json) };
  const { kept, more } = bounded(packages, KEPT.packages);
  const rest = andMore(more, "package").map((name) => ({ name, version: "", issues: [] }));
  return { value: [...kept.map(([name, fields]) => vulnerable(name, fields)), ...rest] };
}

function problemOf(section: Section, json: Fields | undefined): string {
  if (section.isCut) return `${PROGRAM} found more than can be read`;
  if (json !== undefined) return `${PROGRAM} contradicts itself (status ${section.status})`;
  return failure(section, PROGRAM);
}

/** The one line that is an object. Warnings may stand before it. */
function parse(lines: readonly string[]): Fields | undefined {
  const [line = "", ...others] = lines.filter((candidate) => candidate.startsWith("{"));
  try {
    return others.length > 0 ? undefined : fieldsOf(JSON.parse(line));
  } catch {
    return undefined;
  }
}

/** The packages, sorted by name, as many as pkg counted. Undefined: this is not what pkg prints. */
function packagesOf(json: Fields): [string, Fields][] | undefined {
  const { pkg_count: count, packages } = json;
  if (typeof count !== "number") return undefined;
  const entries =
    packages === undefined || packages === null ? [] : Object.entries(fieldsOf(packages) ?? { "": 0 });
  const known = entries.flatMap(([name, value]): [string, Fields][] => {
    const fields = fieldsOf(value);
    return fields === undefined ? [] : [[name, fields]];
  });
  if (known.length !== entries.length || known.length !== count) return undefined;
  return known.sort(([a], [b]) => (a < b ? -1 : 1));
}

function vulnerable(name: string, fields: Fields): VulnerablePackage {
  const issues = Array.isArray(fields.issues) ? fields.issues : [];
  const { kept, more } = bounded(issues, KEPT.advisories);
  const rest = andMore(more, "issue").map((title) => ({ title, cve: [], url: "", affected: [] }));
  return {
    name: shortened(name, 80),
    version: shortened(textOf(fields.version), 40),
    issues: [...kept.map((issue) => advisory(fieldsOf(issue) ?? {})), ...rest],
  };
}

function advisory(issue: Fields): Advisory {
  return {
    title: shortened(textOf(issue.description), 120),
    cve: textsOf(issue.cve).filter((name) => /^CVE-\d{4}-\d{4,8}$/.test(name)),
    url: linkOf(textOf(issue.url)),
    affected: textsOf(issue["Affected versions"]).map((range) => shortened(range, 40)),
  };
}

/** An address that may be clicked on, or nothing: what is no link of FreeBSD's says nothing that the title does not. */
function linkOf(text: string): string {
  if (text.length > 150 || !URL.canParse(text)) return "";
  const { protocol, hostname, port, username, password, pathname } = new URL(text);
  const isOurs = protocol === "https:" && LINKED_HOSTS.has(hostname) && port === "";
  const isPlain = username === "" && password === "" && /^[\w/.-]*$/.test(pathname);
  if (!isOurs || !isPlain) return "";
  return `https://${hostname.replace("freebsd", "FreeBSD")}${pathname}`;
}

/** Own fields only: `__proto__` in JSON is a name like any other. */
function fieldsOf(value: unknown): Fields | undefined {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject
    ? (Object.assign(Object.create(null), Object.fromEntries(Object.entries(value))) as Fields)
    : undefined;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.slice(0, KEPT.names).filter((one) => typeof one === "string") : [];
}
