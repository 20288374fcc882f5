import type { HostOfFleet } from "#fleet";
import { isHostFailure, quoted, UnusableKeyError } from "#hosts";
import { readReport } from "./parsing/read-report.ts";
import type { CheckBook, Hosts } from "./ports.ts";
import type { HostOutcome, HostRecord } from "./records.ts";
import { rememberHost, unknownSince } from "./remember.ts";

/** A host in a check. */
export interface HostRequest {
  readonly check: string;
  readonly previous: string | null;
  readonly host: string;
}

/** Name of the failure when nightshift itself did not come to check a host: its function failed, or ran out of time. */
export const UNCHECKED = "HostUncheckedError";

const KEY_CHANGED = "HostKeyChangedError";

/**
 * Asks a host what updates it has, and puts that on record. A host that cannot be asked is recorded as missed: that is an
 * answer, and keeps no other host from being asked. One that was recorded already is not asked again.
 * @throws what the book throws
 */
export async function checkHost(
  request: HostRequest,
  find: (name: string) => HostOfFleet,
  ports: { readonly book: CheckBook; readonly hosts: Hosts },
): Promise<HostRecord> {
  const { book, hosts } = ports;
  const recorded = await book.host(request.check, request.host);
  if (recorded !== undefined) return recorded;
  const outcome = await outcomeOf(request, find, hosts);
  return keepOutcome(request, outcome, book);
}

/** Records that a host was not checked, where no record says anything else. */
export async function recordMiss(request: HostRequest, book: CheckBook): Promise<HostRecord> {
  const reason = "nightshift did not come to check it: its execution says why";
  return keepOutcome(request, { kind: "missed", failure: UNCHECKED, reason, since: request.check }, book);
}

async function outcomeOf(
  { check, host: name }: HostRequest,
  find: (name: string) => HostOfFleet,
  hosts: Hosts,
): Promise<HostOutcome> {
  const host = find(name);
  try {
    return { kind: "checked", findings: readReport(await hosts.ask(host), host.release) };
  } catch (error) {
    if (!isHostFailure(error) && !(error instanceof UnusableKeyError)) throw error;
    return { kind: "missed", failure: error.name, reason: quoted(error.message), since: check };
  }
}

async function keepOutcome(request: HostRequest, outcome: HostOutcome, book: CheckBook): Promise<HostRecord> {
  const { check, host, previous } = request;
  const before = previous === null ? undefined : await book.host(previous, host);
  const findings = outcome.kind === "checked" ? outcome.findings : undefined;
  return book.keepHost({
    check,
    host,
    outcome:
      outcome.kind === "missed"
        ? { ...outcome, since: missedSince(before, outcome.failure, check) }
        : outcome,
    remembered: rememberHost(before, findings),
    unknownSince: unknownSince(before?.unknownSince, findings, check),
  });
}

/** Another host key is told by its own days: that the host was away before says nothing of them. */
function missedSince(before: HostRecord | undefined, failure: string, check: string): string {
  if (before?.outcome.kind !== "missed") return check;
  const isJustChanged = failure === KEY_CHANGED && before.outcome.failure !== KEY_CHANGED;
  return isJustChanged ? check : before.outcome.since;
}
