import type { HostFindings, Part, ReleaseFindings } from "./findings.ts";
import type {
  HostRecord,
  ReleaseRecord,
  RememberedOfHost,
  RememberedOfRelease,
  UnknownSince,
} from "./records.ts";

/*
 * What could not be learnt today is what it was when it was learnt last: else a host that is down for a day would make
 * everything pending on it news again on the next.
 */

const HOST_PARTS = ["versions", "base", "packages", "vulnerable"] as const;
const RELEASE_PARTS = ["patchLevel", "endOfLife", "newerReleases"] as const;

/** All that is known of a host by a record. */
export function knownOfHost({ outcome, remembered }: HostRecord): RememberedOfHost {
  return outcome.kind === "missed"
    ? remembered
    : { ...remembered, ...valuesOf(outcome.findings, HOST_PARTS) };
}

/** What a new record remembers of the one before: the parts that the new findings do not have; all, for a missed host. */
export function rememberHost(
  previous: HostRecord | undefined,
  findings: HostFindings | undefined,
): RememberedOfHost {
  const known = previous === undefined ? {} : knownOfHost(previous);
  return without(known, findings === undefined ? [] : Object.keys(valuesOf(findings, HOST_PARTS)));
}

/** All that is known of a release by a record. */
export function knownOfRelease({ findings, remembered }: ReleaseRecord): RememberedOfRelease {
  return { ...remembered, ...valuesOf(findings, RELEASE_PARTS) };
}

/** What a new record remembers of the one before: the parts that the new findings do not have. */
export function rememberRelease(
  previous: ReleaseRecord | undefined,
  findings: ReleaseFindings,
): RememberedOfRelease {
  const known = previous === undefined ? {} : knownOfRelease(previous);
  return without(known, Object.keys(valuesOf(findings, RELEASE_PARTS)));
}

/** Since when each part is unknown that was asked for in vain; a check that did not come to ask leaves that as it was. */
export function unknownSince<Parts extends object>(
  before: UnknownSince<Parts> | undefined,
  findings: Parts | undefined,
  check: string,
): UnknownSince<Parts> {
  if (findings === undefined) return before ?? {};
  const unknown = Object.keys(findings).filter(
    (name) => !("value" in (findings[name as keyof Parts] as object)),
  );
  return Object.fromEntries(
    unknown.map((name) => [name, before?.[name as keyof Parts] ?? check]),
  ) as UnknownSince<Parts>;
}

type ValuesOf<Parts> = { [Name in keyof Parts]?: Parts[Name] extends Part<infer Value> ? Value : never };

function valuesOf<Parts extends object>(parts: Parts, names: readonly (keyof Parts)[]): ValuesOf<Parts> {
  const values = names.flatMap((name) => {
    const part = parts[name] as Part<unknown>;
    return "value" in part ? [[name, part.value] as const] : [];
  });
  return Object.fromEntries(values) as ValuesOf<Parts>;
}

function without<Known extends object>(known: Known, names: readonly string[]): Known {
  return Object.fromEntries(Object.entries(known).filter(([name]) => !names.includes(name))) as Known;
}
