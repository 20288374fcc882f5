import type { ReportMessage } from "#platform";
import type { News } from "./news.ts";
import { hasNew } from "./news.ts";
import { dayOfCheck } from "./records.ts";
import { type Group, groupAlike, namesOf } from "./report-groups.ts";
import { reportSubject } from "./report-subject.ts";

/** Bytes of a mail's text in JSON: three of them travel in the state of a machine, which holds 256 KiB. */
const LARGEST_BYTES = 40 * 1024;
/** Facts of one group of hosts. */
const MOST_FACTS = 40;

interface Contents {
  readonly check: string;
  /** The check that was told last. */
  readonly since: string | undefined;
  readonly news: News;
  readonly owner: { readonly mail: string; readonly from: string };
  /** The deployment, for commands that want to be told. */
  readonly stage: string;
}

/**
 * The mail about what is new: hosts with their facts, worst first, alike ones together; what is new is marked, what was
 * told before stands under it. Bounded: what does not fit is counted, and can be seen in the terminal.
 */
export function reportMessage({ check, since, news, owner, stage }: Contents): ReportMessage {
  const isFirst = since === undefined;
  const told = groupAlike([...news.hosts, ...news.releases].filter((one) => !hasNew(one)));
  const text = bounded([
    ...headLines(check, since),
    ...daysLines(news, stage),
    ...groupAlike(news.hosts.filter(hasNew)).map((group) => groupBlock(group, isFirst)),
    ...groupAlike(news.releases.filter(hasNew)).map((group) => groupBlock(group, isFirst)),
    ...stillBlock(told),
  ]);
  return {
    id: `updates/${check}`,
    from: owner.from,
    to: [owner.mail],
    subject: reportSubject(news),
    text: `${text}Nothing was installed. All that is known: nightshift updates\n`,
  };
}

/** A piece of the mail that is there as a whole, or not at all. */
interface Block {
  readonly lines: readonly string[];
  /** How many hosts and releases it is about. */
  readonly count: number;
}

function headLines(check: string, since: string | undefined): Block[] {
  const of = `The check of ${dayOfCheck(check)}`;
  const line =
    since === undefined
      ? `${of} is the first one: this is pending.`
      : `${of} found what is marked with *. The rest was pending on ${dayOfCheck(since)} as well.`;
  return [{ lines: [line, ""], count: 0 }];
}

function daysLines({ missedDays }: News, stage: string): Block[] {
  if (missedDays === undefined) return [];
  const { from, to } = missedDays;
  const days = from === to ? `on ${from}` : `from ${from} to ${to}`;
  return [
    {
      lines: [
        `* NO CHECK ended ${days}: nightshift did not do its own work. See: nightshift status --stage ${stage}`,
        "",
      ],
      count: 0,
    },
  ];
}

function groupBlock({ members, facts }: Group, isFirst: boolean): Block {
  const newFirst = [...facts.filter(({ isNew }) => isNew), ...facts.filter(({ isNew }) => !isNew)];
  const lines = newFirst
    .slice(0, MOST_FACTS)
    .flatMap(({ fact, isNew }) => [
      `${isNew && !isFirst ? "*" : " "} ${fact.line}`,
      ...(fact.links ?? []).map((link) => `      ${link}`),
    ]);
  const more = facts.length - MOST_FACTS;
  const rest = more > 0 ? [`  and ${more} more: nightshift updates --host ${members[0]}`] : [];
  return { lines: [namesOf(members), ...lines, ...rest, ""], count: members.length };
}

/** What was told before of hosts that have nothing new: how much it is. */
function stillBlock(groups: readonly Group[]): Block[] {
  const lines = groups
    .filter(({ facts }) => facts.length > 0)
    .map(({ members, facts }) => `  ${namesOf(members)}: ${summary(facts)}`);
  if (lines.length === 0) return [];
  const shown = lines.slice(0, 20);
  const rest = lines.length > 20 ? [`  and ${lines.length - 20} more`] : [];
  return [{ lines: ["Told before, and still so:", ...shown, ...rest, ""], count: 0 }];
}

function summary(facts: Group["facts"]): string {
  const urgent = facts.filter(({ fact }) => fact.kind === "vulnerable").length;
  const things = `${facts.length} ${facts.length === 1 ? "thing" : "things"}`;
  return urgent === 0 ? things : `${things}, ${urgent} of them known vulnerabilities`;
}

function bounded(blocks: readonly Block[]): string {
  const kept: string[] = [];
  let [bytes, left] = [0, 0];
  for (const { lines, count } of blocks) {
    const text = `${lines.join("\n")}\n`;
    const size = Buffer.byteLength(JSON.stringify(text));
    if (bytes + size > LARGEST_BYTES) left += count;
    else kept.push(text);
    bytes += bytes + size > LARGEST_BYTES ? 0 : size;
  }
  const rest =
    left === 0 ? [] : [`and news of ${left} more hosts or releases, for which there is no room here\n`];
  return [...kept, ...rest].join("");
}
