import type { Cause, CheckState, Silence } from "../board.ts";
import { type CheckResult, isGood } from "../check-result.ts";
import { isFlapping, withChange } from "./flapping.ts";

/** How often a check must fail, or succeed, before that is believed. */
export interface Thresholds {
  readonly failuresBeforeAlarm: number;
  readonly successesBeforeRecovery: number;
}

/** What follows from a result, besides the new state. */
export type Transition =
  | { readonly kind: "open"; readonly cause: Cause }
  | { readonly kind: "recover"; readonly incident: number };

export interface Judgement {
  /** Its `incident` is still the one before: who opens incidents numbers them. */
  readonly state: CheckState;
  readonly transition: Transition | undefined;
}

/**
 * Judges one result of a check.
 *
 * - So many failures in a row are an alarm, so many successes end it.
 * - While a check flaps, one incident stands, and neither failing nor recovering adds to it.
 * - Silence (a failing parent, maintenance, an impaired monitor) keeps alarms from being raised, never from ending.
 *   Failures under it do not count: when it ends, a check that still fails has its whole run of failures before it,
 *   so that a child that comes back a minute after its parent wakes nobody.
 */
export function judge(
  before: CheckState | undefined,
  result: CheckResult,
  at: string,
  thresholds: Thresholds,
  silence: Silence | undefined,
): Judgement {
  const good = isGood(result);
  const hasChanged = before !== undefined && isGood(before.last) !== good;
  // A silent check's comings and goings are explained already, and no flapping.
  const changes = silence === undefined ? withChange(before?.changes ?? "", hasChanged) : "";
  const failures = good ? 0 : silence === undefined ? (before?.failures ?? 0) + 1 : 0;
  const successes = good ? (before?.successes ?? 0) + 1 : 0;
  const flaps = isFlapping(changes, before?.isFlapping ?? false);
  const incident = before?.incident;
  const isOver = incident !== undefined && good && !flaps && successes >= thresholds.successesBeforeRecovery;
  const isDown = failures >= thresholds.failuresBeforeAlarm;
  const inAlarm = incident === undefined ? isDown || flaps : !isOver;
  const phase = inAlarm ? "alarm" : good ? "good" : "failing";
  const state: CheckState = {
    phase,
    since: before !== undefined && (before.phase === "good") === (phase === "good") ? before.since : at,
    failures,
    successes,
    changes,
    isFlapping: flaps,
    silence: good ? undefined : silence,
    incident: isOver ? undefined : incident,
    last: { ...result, at },
  };
  return { state, transition: transitionOf(incident, inAlarm, isOver, isDown) };
}

function transitionOf(
  incident: number | undefined,
  inAlarm: boolean,
  isOver: boolean,
  isDown: boolean,
): Transition | undefined {
  if (incident !== undefined) return isOver ? { kind: "recover", incident } : undefined;
  return inAlarm ? { kind: "open", cause: isDown ? "failing" : "flapping" } : undefined;
}
