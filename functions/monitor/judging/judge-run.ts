import type { Check, Monitor } from "#fleet";
import {
  type Board,
  type CheckState,
  type Effect,
  type HourOfResults,
  MONITOR,
  type Silence,
} from "../board.ts";
import { type CheckResult, isGood } from "../check-result.ts";
import { addResult } from "../results.ts";
import { judge, type Thresholds, type Transition } from "./judge.ts";
import { inMaintenance } from "./maintenance.ts";

/** Of the monitor's own health. */
const MONITOR_THRESHOLDS: Thresholds = { failuresBeforeAlarm: 3, successesBeforeRecovery: 2 };

/** A board that is being made of another one. */
interface Draft {
  nextIncident: number;
  readonly checks: Record<string, CheckState>;
  results: HourOfResults;
  readonly pending: Effect[];
}

/**
 * The board after a run: every result judged, what follows from it among the pending effects. Pure: of the same board and
 * results comes the same board, so that a run whose write was beaten by another's simply judges again.
 * @param slot the run's minute, later than the board's
 */
export function judgeRun(
  board: Board,
  monitor: Monitor,
  results: ReadonlyMap<string, CheckResult>,
  slot: Date,
): Board {
  const at = slot.toISOString();
  const hour = at.slice(0, 13);
  const isNewHour = board.hour !== undefined && board.hour !== hour;
  const draft: Draft = {
    nextIncident: board.nextIncident,
    checks: {},
    results: isNewHour ? {} : board.results,
    pending: [...board.pending],
  };
  if (isNewHour) draft.pending.push({ kind: "shelve", hour: board.hour ?? hour, results: board.results });
  const isImpaired = judgeMonitor(draft, board, monitor, results, at);
  for (const [name, check] of parentsFirst(monitor.checks)) {
    const before = stateIn(board.checks, name);
    const result = results.get(name);
    if (result === undefined) {
      if (before !== undefined) draft.checks[name] = before; // not due in this run
      continue;
    }
    const silence = silenceOf(name, check, { draft, monitor, isImpaired, slot });
    const { state, transition } = judge(before, result, at, check, silence);
    enter(draft, name, state, transition, check.critical);
    const minute = slot.getUTCMinutes();
    draft.results = addResult(draft.results, name, {
      ...result,
      minute,
      isExcused: silence === "maintenance" || silence === "impaired",
    });
  }
  closeForgotten(draft, board, monitor, at);
  const { nextIncident, checks, pending } = draft;
  return {
    revision: board.revision + 1,
    slot: at,
    nextIncident,
    checks,
    hour,
    results: draft.results,
    pending,
  };
}

/** Judges the monitor itself by its north stars: when none of them answers, it is not they that are down. */
function judgeMonitor(
  draft: Draft,
  board: Board,
  monitor: Monitor,
  results: ReadonlyMap<string, CheckResult>,
  at: string,
): boolean {
  const stars = Object.entries(monitor.checks).filter(([, { northStar }]) => northStar);
  if (stars.length === 0) return false;
  const found = stars.flatMap(([name]) => results.get(name) ?? stateIn(board.checks, name)?.last ?? []);
  const isImpaired = found.length > 0 && !found.some(isGood);
  const result: CheckResult = isImpaired
    ? { verdict: "FAILED", milliseconds: 0, reason: `none of ${found.length} distant services answers` }
    : { verdict: "GOOD", milliseconds: 0, reason: "distant services answer" };
  const { state, transition } = judge(board.checks[MONITOR], result, at, MONITOR_THRESHOLDS, undefined);
  enter(
    draft,
    MONITOR,
    state,
    transition?.kind === "open" ? { ...transition, cause: "impaired" } : transition,
    true,
  );
  return isImpaired;
}

/** Puts a check onto the board, with what follows from its transition. */
function enter(
  draft: Draft,
  check: string,
  state: CheckState,
  transition: Transition | undefined,
  isCritical: boolean,
): void {
  const { at } = state.last;
  const reason =
    transition?.kind === "open" && transition.cause === "flapping" ? restlessness(state) : state.last.reason;
  if (transition?.kind === "open") {
    const incident = draft.nextIncident;
    draft.nextIncident += 1;
    draft.checks[check] = { ...state, incident };
    draft.pending.push({
      kind: "open",
      incident,
      check,
      cause: transition.cause,
      at,
      since: state.since,
      reason,
      isCritical,
    });
    return;
  }
  draft.checks[check] = state;
  if (transition?.kind === "recover")
    draft.pending.push({ kind: "recover", incident: transition.incident, at, reason });
}

/** What there is to say of a check that cannot decide: its last result alone says nothing, and may be a good one. */
function restlessness({ changes }: CheckState): string {
  const times = [...changes].filter((bit) => bit === "1").length;
  return `came and went ${times} times in its last ${changes.length} results`;
}

interface Scene {
  readonly draft: Draft;
  readonly monitor: Monitor;
  readonly isImpaired: boolean;
  readonly slot: Date;
}

function silenceOf(
  name: string,
  check: Check,
  { draft, monitor, isImpaired, slot }: Scene,
): Silence | undefined {
  // Heartbeats come in by themselves, whatever the monitor can reach.
  if (isImpaired && check.kind !== "heartbeat") return "impaired";
  if (inMaintenance(name, monitor.maintenance, monitor.timeZone, slot)) return "maintenance";
  const parent = check.parent === undefined ? undefined : stateIn(draft.checks, check.parent);
  return parent !== undefined && !isGood(parent.last) ? "parent" : undefined;
}

/** What is known of a check; a check may be called constructor. */
function stateIn(checks: Board["checks"], name: string): CheckState | undefined {
  return Object.hasOwn(checks, name) ? checks[name] : undefined;
}

/** An incident of a check that is watched no more would stay open for ever. */
function closeForgotten(draft: Draft, board: Board, monitor: Monitor, at: string): void {
  for (const [name, { incident }] of Object.entries(board.checks)) {
    if (incident === undefined || Object.hasOwn(monitor.checks, name) || Object.hasOwn(draft.checks, name))
      continue;
    draft.pending.push({ kind: "recover", incident, at, reason: "is not watched any more" });
  }
}

/** Checks in an order in which every parent stands before its children. */
function parentsFirst(checks: Readonly<Record<string, Check>>): [string, Check][] {
  const depth = (name: string | undefined): number =>
    name === undefined ? 0 : 1 + depth(checks[name]?.parent);
  return Object.entries(checks).sort(([a], [b]) => depth(a) - depth(b));
}
