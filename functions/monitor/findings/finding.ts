import { Failure } from "#platform";
import type { CheckResult } from "../check-result.ts";

/** What a probe found: a result whose duration is still to be added. */
export interface Finding extends Pick<CheckResult, "verdict" | "reason"> {
  /** How long the measured thing took, where the probe did more than that. */
  readonly milliseconds?: number;
}

/** Whether a pattern matches a text; "undecided" when finding out took too long. */
export type Match = "yes" | "no" | "undecided";

/** The probe cannot go on, and knows why: the network, or what answered. The message is the reason. */
export class ProbeEndedError extends Failure {
  override readonly name = "ProbeEndedError";
  readonly finding: Finding;

  constructor(finding: Finding) {
    super(finding.reason);
    this.finding = finding;
  }
}

/** A finding with its reason for people. */
export function good(reason: string): Finding {
  return { verdict: "GOOD", reason };
}

/** As good(). */
export function failed(reason: string): Finding {
  return { verdict: "FAILED", reason };
}

/** As good(). Only for time that ran out. */
export function timedOut(reason: string): Finding {
  return { verdict: "TIMED OUT", reason };
}

/** What a stranger sent, as one short line without control characters, cut at `limit` characters. */
export function quoted(text: string, limit = 80): string {
  const line = text
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ")
    .replaceAll("\uFFFD", "?")
    .trim();
  const letters = [...line];
  return letters.length > limit ? `${letters.slice(0, limit - 1).join("")}…` : line;
}

/** "10 s", "0.3 s". */
export function seconds(value: number): string {
  return `${Number(value.toFixed(1))} s`;
}

/** A span of time in the largest unit that fits: "40 s", "12 min", "3.1 hours", "5.2 days". */
export function span(milliseconds: number): string {
  const minutes = milliseconds / 60_000;
  if (minutes < 1) return `${Math.round(milliseconds / 1000)} s`;
  if (minutes < 90) return `${Math.round(minutes)} min`;
  if (minutes < 48 * 60) return `${Number((minutes / 60).toFixed(1))} hours`;
  return `${Number((minutes / 1440).toFixed(1))} days`;
}

/** "2026-11-27 03:00 UTC". */
export function instant(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
