import type { Fleet } from "#fleet";
import { recordMiss, UNCHECKED } from "./check-host.ts";
import { recordReleaseMiss } from "./check-release.ts";
import type { ReleaseFact } from "./facts.ts";
import { CheckUnplannedError, ReportRacedError } from "./failures.ts";
import { factsOfHost } from "./host-facts.ts";
import { imagesToBuild } from "./images-to-build.ts";
import { type Compared, compareFacts, isNews, missedDaysBetween, type News } from "./news.ts";
import type { CheckBook } from "./ports.ts";
import type { HostRecord, Plan, Report, Told, UnsettledReport } from "./records.ts";
import { factsOfRelease } from "./release-facts.ts";
import { reportMessage } from "./report-message.ts";

/**
 * How many reports are carried out in one run: they travel in the machine's state of 256 KiB. This check's own is one of
 * them; the rest is for the next run.
 */
const REPORTS_AT_ONCE = 3;

/** Why the run fails though all was told: somebody is to be woken by an alarm, and not by tomorrow's mail. */
export interface Trouble {
  readonly error: "HostKeyChangedError" | "HostsUncheckedError";
  readonly cause: string;
}

/** What is to be carried out, in this order, and whether the run then fails. */
export interface Composed {
  readonly reports: readonly (UnsettledReport & Report)[];
  readonly trouble: Trouble | null;
}

type FleetPart = Pick<Fleet, "owner" | "updates" | "hosts" | "images">;

/**
 * Decides what is new in a check, and puts on record that the owner is told so: by one write, which names the report. From
 * then on the next check compares with this one, and the report is carried out until it is settled, by whatever run.
 * @throws CheckUnplannedError; ReportRacedError to be called again
 */
export async function composeReport(
  check: string,
  fleet: FleetPart,
  book: CheckBook,
  stage: string,
): Promise<Composed> {
  const plan = await book.plan(check);
  if (plan === undefined) throw new CheckUnplannedError(`there is no plan of the check ${check}`);
  const missed: HostRecord[] = [];
  let told = await book.told();
  const news = await newsOf(plan, told.check, book, missed);
  if (told.check === undefined || told.check < check)
    told = await tell(plan, told, news, { ...fleet, stage }, book);
  const due = [...told.unsettled.slice(0, -1).slice(0, REPORTS_AT_ONCE - 1), ...told.unsettled.slice(-1)];
  const reports = await Promise.all(due.map(async (one) => ({ ...one, ...(await reportOf(one, book)) })));
  return { reports, trouble: troubleOf(missed) };
}

/** A report that is no more there has expired: nobody waits for it. */
async function reportOf({ check, revision }: UnsettledReport, book: CheckBook): Promise<Report> {
  return (await book.report(check, revision)) ?? { message: null, builds: [] };
}

async function tell(
  plan: Plan,
  told: Told,
  news: News,
  fleet: FleetPart & { readonly stage: string },
  book: CheckBook,
): Promise<Told> {
  const { check } = plan;
  const revision = told.revision + 1;
  const isFirst = told.check === undefined;
  const report: Report = {
    message: isNews(news) ? reportMessage({ ...fleet, check, since: told.check, news }) : null,
    builds: isFirst || fleet.updates?.startBuild !== true ? [] : imagesToBuild(news, fleet),
  };
  const isAnything = report.message !== null || report.builds.length > 0;
  if (isAnything) await book.keepReport(check, revision, report);
  const unsettled = isAnything ? [...told.unsettled, { check, revision }] : told.unsettled;
  const next = { revision, check, unsettled };
  if (!(await book.replaceTold(next))) throw new ReportRacedError("another check was told just now");
  return next;
}

async function newsOf(
  plan: Plan,
  told: string | undefined,
  book: CheckBook,
  missed: HostRecord[],
): Promise<News> {
  const { check, endOfLifeDays: days } = plan;
  const toldKeys = await keysOf(told, days, book);
  const hosts = [];
  for await (const record of recordsOfHosts(plan, book)) {
    if (record.outcome.kind === "missed") missed.push({ ...record, remembered: {} });
    hosts.push(compareFacts(record.host, factsOfHost(record), toldKeys.get(`host/${record.host}`) ?? NONE));
  }
  const releases: Compared<ReleaseFact>[] = [];
  for await (const record of recordsOfReleases(plan, book)) {
    const name = `${record.release} ${record.arch}`;
    releases.push(compareFacts(name, factsOfRelease(record, days), toldKeys.get(`release/${name}`) ?? NONE));
  }
  const missedDays = missedDaysBetween(told, check);
  return { ...(missedDays === undefined ? {} : { missedDays }), hosts, releases };
}

const NONE: ReadonlySet<string> = new Set();

/**
 * The keys of all facts of a check, by host and release. What was told of the end of a release depends on how many days
 * before it was to be mentioned then; `presentDays` stands in for a plan that has expired.
 */
async function keysOf(
  check: string | undefined,
  presentDays: number,
  book: CheckBook,
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const keys = new Map<string, ReadonlySet<string>>();
  if (check === undefined) return keys;
  const { endOfLifeDays = presentDays } = (await book.plan(check)) ?? {};
  for await (const record of book.hosts(check))
    keys.set(`host/${record.host}`, new Set(factsOfHost(record).map(({ key }) => key)));
  for await (const record of book.releases(check))
    keys.set(
      `release/${record.release} ${record.arch}`,
      new Set(factsOfRelease(record, endOfLifeDays).map(({ key }) => key)),
    );
  return keys;
}

/** The records of all hosts of a plan. One that has none, because its function failed, gets one that says so. */
async function* recordsOfHosts({ check, previous, hosts }: Plan, book: CheckBook): AsyncIterable<HostRecord> {
  const without = new Set(hosts);
  for await (const record of book.hosts(check)) {
    without.delete(record.host);
    yield record;
  }
  for (const host of without) yield await recordMiss({ check, previous, host }, book);
}

async function* recordsOfReleases({ check, previous, releases }: Plan, book: CheckBook) {
  const without = new Map(releases.map((one) => [`${one.release} ${one.arch}`, one]));
  for await (const record of book.releases(check)) {
    without.delete(`${record.release} ${record.arch}`);
    yield record;
  }
  for (const release of without.values()) yield await recordReleaseMiss({ check, previous, release }, book);
}

/** A host that is down is in the mail. That its key changed, or that we could not even try, is an alarm as well. */
function troubleOf(missed: readonly HostRecord[]): Trouble | null {
  const named = (...failures: string[]) =>
    missed
      .filter(({ outcome }) => outcome.kind === "missed" && failures.includes(outcome.failure))
      .map(({ host }) => host);
  const changed = named("HostKeyChangedError");
  const unchecked = named(UNCHECKED, "UnusableKeyError");
  if (changed.length > 0)
    return { error: "HostKeyChangedError", cause: `${some(changed)}: another host key than the pinned one` };
  if (unchecked.length === 0) return null;
  return { error: "HostsUncheckedError", cause: `${some(unchecked)}: not checked, for a reason of our own` };
}

function some(names: readonly string[]): string {
  const shown = names.slice(0, 10).join(", ");
  return names.length > 10 ? `${shown} and ${names.length - 10} more` : shown;
}
