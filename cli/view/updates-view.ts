import type { Fact, HostFact, ReleaseFact } from "../../functions/updates/facts.ts";
import { factsOfHost } from "../../functions/updates/host-facts.ts";
import { factsOfRelease } from "../../functions/updates/release-facts.ts";
import { type Group, groupAlike, namesOf } from "../../functions/updates/report-groups.ts";
import type { UpdatesLook } from "../look-at-updates.ts";
import { lasting } from "./duration.ts";
import { type LinePart, lineOf } from "./line-parts.ts";
import type { Colour, Terminal } from "./terminal.ts";

/** What is shown. */
export interface UpdatesView extends UpdatesLook {
  readonly now: Date;
  /** A check should have followed by now. */
  readonly isOld: boolean;
  readonly endOfLifeDays: number;
}

const COLOURS: Readonly<Partial<Record<Fact["kind"], Colour>>> = {
  "key-changed": "red",
  vulnerable: "red",
  ended: "red",
  missed: "yellow",
  unread: "yellow",
  base: "yellow",
  ending: "yellow",
  unknown: "yellow",
};

/**
 * The findings, worst first: hosts of which the same is to be said stand together, each finding on a line, and what was
 * only known before is dim. Releases follow; then when it was checked. Newline at the end.
 */
export function renderUpdates(view: UpdatesView, terminal: Terminal): string {
  const hosts = view.hosts.map((record) => ({ name: record.host, facts: shown(factsOfHost(record)) }));
  const releases = view.releases.map((record) => ({
    name: `FreeBSD ${record.release} ${record.arch}`,
    facts: shown(factsOfRelease(record, view.endOfLifeDays)),
  }));
  const groups = [...groupAlike(hosts), ...groupAlike(releases)];
  const pending = groups.filter(({ facts }) => facts.length > 0);
  const upToDate = groups.filter(({ facts }) => facts.length === 0).flatMap(({ members }) => members);
  const lines = [
    ...pending.flatMap((group) => [...groupLines(group, terminal), ""]),
    ...(upToDate.length === 0 ? [] : [lineOf(terminal, ["green", `Up to date: ${namesOf(upToDate)}`]), ""]),
    lastCheck(view, terminal),
  ];
  return `${lines.join("\n")}\n`;
}

function shown<Kind extends HostFact | ReleaseFact>(facts: readonly Kind[]) {
  return facts.map((fact) => ({ fact, isNew: false }));
}

function groupLines({ members, facts }: Group, terminal: Terminal): string[] {
  return [
    lineOf(terminal, namesOf(members)),
    ...facts.flatMap(({ fact }) => [
      lineOf(terminal, "  ", factPart(fact)),
      ...(fact.links ?? []).map((link) => lineOf(terminal, "    ", ["dim", link])),
    ]),
  ];
}

function factPart({ kind, line, isRemembered }: HostFact | ReleaseFact): LinePart {
  if (isRemembered) return ["dim", `${line} (known before)`];
  const colour = COLOURS[kind];
  return colour === undefined ? line : [colour, line];
}

function lastCheck({ check, now, isOld }: UpdatesView, terminal: Terminal): string {
  const age = lasting(Math.max(now.getTime() - Date.parse(check), 0));
  const time = `${check.slice(0, 10)} ${check.slice(11, 16)} UTC`;
  if (!isOld) return lineOf(terminal, ["dim", `Checked at ${time}, ${age} ago. Nothing was installed.`]);
  return lineOf(terminal, ["red", `THE LAST CHECK WAS AT ${time}, ${age} ago: nothing was checked since`]);
}
