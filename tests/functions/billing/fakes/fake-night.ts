import { addDays, type Day } from "#ledger";
import { type DayRecord, DayRecordSchema, toJson } from "../../../../functions/billing/day-record.ts";
import type { Notice } from "../../../../functions/billing/notices.ts";
import { type PartProgress, PartProgressSchema } from "../../../../functions/billing/part-progress.ts";
import type { DayBook, NightShelf, Pace, UsageShelf } from "../../../../functions/billing/ports.ts";
import { CorruptPartError } from "../../../../functions/billing/usage/failures.ts";
import { addUsage, type Manifest, type PartEntry } from "../../../../functions/billing/usage/manifest.ts";
import type { UsageLine } from "../../../../functions/billing/usage/usage-line.ts";

/** Usage by day, in parts. A part may be broken, and then is refused as the real shelf refuses it. */
export class FakeUsageShelf implements UsageShelf {
  readonly #days = new Map<Day, readonly (readonly UsageLine[])[]>();
  readonly broken = new Set<string>();

  put(day: Day, ...parts: readonly (readonly UsageLine[])[]): void {
    this.#days.set(day, parts);
  }

  async manifest(day: Day): Promise<Manifest | undefined> {
    const parts = this.#days.get(day);
    if (parts === undefined) return undefined;
    const entries = parts.map((lines, index): PartEntry => {
      const key = `part-${String(index).padStart(5, "0")}.jsonl.gz`;
      return { key, sha256: hashOf(lines), accounts: lines.length, ...addUsage(lines) };
    });
    return { version: 1, day, accounts: parts.flat().length, ...addUsage(parts.flat()), parts: entries };
  }

  async part(day: Day, { key, sha256 }: PartEntry): Promise<readonly UsageLine[]> {
    const lines = this.#days.get(day)?.[Number(key.slice(5, 10))];
    if (lines === undefined || this.broken.has(key) || hashOf(lines) !== sha256)
      throw new CorruptPartError(`${key}: SHA-256`);
    return lines;
  }
}

/** Stands in for a checksum: another content has another one. */
function hashOf(lines: readonly UsageLine[]): string {
  let hash = 7n;
  for (const digit of Buffer.from(toJson(lines))) hash = (hash * 31n + BigInt(digit)) % 2n ** 61n;
  return hash.toString(16).padStart(64, "0");
}

/** Keeps what it is given as text, as the real one does. */
export class FakeNightShelf implements NightShelf {
  readonly papers = new Map<string, string>();
  readonly notices = new Map<string, readonly Notice[]>();

  async progress(day: Day, part: number): Promise<PartProgress | undefined> {
    const kept = this.papers.get(`${day} ${part}`);
    return kept === undefined ? undefined : PartProgressSchema.parse(JSON.parse(kept));
  }

  async keepProgress(day: Day, part: number, progress: PartProgress): Promise<void> {
    this.papers.set(`${day} ${part}`, toJson(progress));
  }

  async keepNotices(day: Day, part: number, from: number, notices: readonly Notice[]): Promise<void> {
    this.notices.set(`${day} ${part} ${from}`, notices);
  }
}

/** The book of days, with the real one's conditions. */
export class FakeDayBook implements DayBook {
  readonly records = new Map<Day, DayRecord>();

  async read(day: Day): Promise<DayRecord | undefined> {
    return this.records.get(day);
  }

  async lastClosed(): Promise<DayRecord | undefined> {
    return (await this.closedUntil("9999-12-31", 1))[0];
  }

  async closedUntil(day: Day, count: number): Promise<readonly DayRecord[]> {
    const closed = [...this.records.values()].filter((one) => one.state === "closed" && one.day <= day);
    return closed.sort((a, b) => (a.day < b.day ? 1 : -1)).slice(0, count);
  }

  async write(record: DayRecord): Promise<void> {
    const standing = this.records.get(record.day);
    if (standing?.state === "closed") return;
    const approvals = standing?.approvals ?? [];
    this.records.set(record.day, DayRecordSchema.parse(JSON.parse(toJson({ ...record, approvals }))));
  }

  async close(day: Day): Promise<boolean> {
    const record = this.records.get(day);
    if (record?.state !== "settled" && record?.state !== "closed") return false;
    this.records.set(day, { ...record, state: "closed" });
    return true;
  }

  async approve(day: Day, approval: string): Promise<boolean> {
    const record = this.records.get(day);
    if (record?.state !== "held" || record.waitsFor !== approval) return false;
    this.records.set(day, { ...record, approvals: [...record.approvals, approval] });
    return true;
  }
}

/** Time that passes by so much with every look at it, and by sleeping. */
export class FakePace implements Pace {
  slept = 0;
  #now: number;
  readonly #step: number;

  constructor(stepMilliseconds = 0, start: Day = "2026-11-23") {
    this.#step = stepMilliseconds;
    this.#now = Date.parse(start);
  }

  now(): Date {
    this.#now += this.#step;
    return new Date(this.#now);
  }

  async sleep(milliseconds: number): Promise<void> {
    this.slept += milliseconds;
    this.#now += milliseconds;
  }
}

/** Usage of some accounts, a thousand bytes for the first, two thousand for the second, and so on. */
export function usageOf(...accounts: string[]): UsageLine[] {
  return accounts.map((account, index) => {
    return { account, storedBytes: 1000n * BigInt(index + 1), bytesIn: 1n, bytesOut: 2n };
  });
}

/** The day before. */
export function dayBefore(day: Day): Day {
  return addDays(day, -1);
}
