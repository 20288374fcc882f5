import type { ReportMessage } from "#platform";
import { comparePackages } from "./compare-packages.ts";
import type { BuildRecord } from "./ports.ts";

interface Parties {
  readonly from: string;
  readonly to: string;
}

/** The mail after a successful build: where the image is, and what changed since the last one. */
export function successReport(
  parties: Parties,
  record: BuildRecord,
  previous: BuildRecord | undefined,
  retired: readonly string[],
): ReportMessage {
  const regions = Object.entries(record.images).map(([region, id]) => `  ${region.padEnd(16)} ${id}`);
  const text = [
    `Image ${record.image} was built as ${record.id} and is current in:`,
    "",
    ...regions,
    "",
    ...changes(record, previous),
    ...(retired.length === 0 ? [] : ["", `Retired: ${retired.join(", ")}`]),
    ...(previous === undefined
      ? []
      : ["", "The image before it is kept. To go back, point the SSM parameter at it again."]),
    "",
  ].join("\n");
  return {
    id: `${record.id}/built`,
    from: parties.from,
    to: [parties.to],
    subject: `Image ${record.image}: FreeBSD ${record.release}, built`,
    text,
  };
}

/** What is known of a run that failed. */
export interface FailedRun {
  readonly image: string;
  readonly executionArn: string;
  readonly reason: string;
  readonly removed: readonly string[];
  readonly cleanedUp: boolean;
  /** The image was current everywhere before the failure, which then was in what follows. */
  readonly published: boolean;
}

/** The mail after a failed run: one line of reason, and what was cleaned up. */
export function failureReport(parties: Parties, run: FailedRun): ReportMessage {
  const verdict = run.published
    ? `Image ${run.image} was built and is current, but the run failed after that.`
    : `Image ${run.image} was not built; the current image stays what it was.`;
  const text = [
    verdict,
    "",
    `Reason: ${run.reason}`,
    "",
    run.removed.length === 0 ? "Nothing was removed." : "Removed:",
    ...run.removed.map((line) => `  ${line}`),
    ...(run.cleanedUp ? [] : ["", "Clean-up did not finish. The reaper (hourly) removes what is left."]),
    "",
    `See: nightshift show ${run.executionArn}`,
    "",
  ].join("\n");
  return {
    id: `${run.executionArn.split(":").at(-1)}/failed`,
    from: parties.from,
    to: [parties.to],
    subject: run.published
      ? `Image ${run.image}: built, but not cleaned up`
      : `Image ${run.image}: NOT built`,
    text,
  };
}

/** The mail of the reaper; there is none when nothing was found. */
export function reaperReport(parties: Parties, at: Date, removed: readonly string[]): ReportMessage {
  const text = [
    "Runs that died had left these behind; they are gone now:",
    "",
    ...removed.map((line) => `  ${line}`),
    "",
  ].join("\n");
  return {
    id: `reap/${at.toISOString()}`,
    from: parties.from,
    to: [parties.to],
    subject: `Reaper: removed ${count(removed.length, "leftover")}`,
    text,
  };
}

function changes(record: BuildRecord, previous: BuildRecord | undefined): string[] {
  if (previous === undefined)
    return [`This is its first build, with ${count(record.packages.length, "package")}.`];
  const { added, removed, changed } = comparePackages(previous.packages, record.packages);
  const lines = [
    ...(previous.release === record.release ? [] : [`  FreeBSD ${previous.release} -> ${record.release}`]),
    ...(previous.recipeHash === record.recipeHash
      ? []
      : [`  recipe ${previous.recipeHash.slice(0, 8)} -> ${record.recipeHash.slice(0, 8)}`]),
    ...changed.map(({ name, from, to }) => `  ${name} ${from} -> ${to}`),
    ...added.map(({ name, version }) => `  ${name} ${version} (new)`),
    ...removed.map(({ name, version }) => `  ${name} ${version} (gone)`),
  ];
  if (lines.length === 0) return [`Nothing changed since ${previous.id}.`];
  return [`Changed since ${previous.id}:`, ...lines];
}

function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? "" : "s"}`;
}
