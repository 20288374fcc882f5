import type { ExecutionEvent } from "../../local/engine/execution-event.ts";
import { failureWords } from "./failure-words.ts";
import { endRow, type Instant, type Row, retryRow, row } from "./progress-row.ts";

interface Visit {
  readonly state: string;
  readonly label: string;
  readonly entered: Instant;
  left: Instant | undefined;
  count: number;
}

/** What is at hand in the main line of the machine, or in one item of a Map. */
interface Lane {
  visit: Visit | undefined;
  /** When a Wait began that no task has followed yet. */
  waiting: { readonly state: string; readonly since: Instant } | undefined;
}

const MAIN = "";

/**
 * Turns events into rows. Tasks and Maps get a row each; a Wait counts towards the task that follows it; Choice and
 * Pass take no time and get none. A row is given out when it is final: as a poll loop returns to its task after a
 * Wait, a task's row is held back until something else follows.
 */
export class ProgressRows {
  readonly #lanes = new Map<string, Lane>();
  readonly #maps = new Map<string, { readonly entered: Instant; failures: number }>();
  #machine = "execution";
  #started: Instant | undefined;

  /** Takes one event in and returns the rows that have become final. `realMilliseconds` is when it was seen. */
  take(event: ExecutionEvent, realMilliseconds: number): Row[] {
    const now = { real: realMilliseconds, run: Date.parse(event.at) };
    this.#started ??= now;
    switch (event.type) {
      case "executionStarted":
        this.#machine = event.machine;
        return [];
      case "stateEntered":
        return this.#enter(event, now);
      case "stateExited":
        return this.#exit(event, now);
      case "taskRetried":
        return [retryRow(event)];
      case "taskFailed":
        return this.#fail(event, now);
      default:
        return [...this.#finishLanes(now), endRow(this.#machine, event, this.#started, now)];
    }
  }

  /** Rows of what is under way, the longest first, and of what is done but might go on. */
  running(realMilliseconds: number, runMilliseconds?: number): Row[] {
    return [...this.#lanes.values()].flatMap(({ visit, waiting }) => {
      const last = visit?.left ?? visit?.entered ?? waiting?.since;
      if (last === undefined) return [];
      const now = { real: realMilliseconds, run: runMilliseconds ?? last.run };
      if (visit === undefined)
        return waiting === undefined ? [] : [row("running", waiting.state, waiting.since, now)];
      if (waiting !== undefined) {
        return [
          { ...row("running", visit.label, visit.entered, now, visit.count), note: ` (${waiting.state})` },
        ];
      }
      return [
        row(
          visit.left === undefined ? "running" : "done",
          visit.label,
          visit.entered,
          visit.left ?? now,
          visit.count,
        ),
      ];
    });
  }

  #enter(event: Extract<ExecutionEvent, { type: "stateEntered" }>, now: Instant): Row[] {
    const { state, kind, item = MAIN } = event;
    if (kind === "Map" || kind === "Parallel") {
      this.#maps.set(state, { entered: now, failures: 0 });
      return this.#finishLane(MAIN);
    }
    const lane = this.#lane(item);
    if (kind === "Wait") {
      lane.waiting = { state: item === MAIN ? state : `${state} ${item}`, since: now };
      return [];
    }
    return kind === "Task" ? this.#enterTask(lane, state, item, now) : [];
  }

  #enterTask(lane: Lane, state: string, item: string, now: Instant): Row[] {
    const since = lane.waiting?.since ?? now;
    const former = lane.visit;
    lane.waiting = undefined;
    if (former?.state === state) {
      former.count += 1;
      former.left = undefined;
      return [];
    }
    const finished =
      item === MAIN ? this.#finishLanes(now) : former === undefined ? [] : [doneRow(former, now)];
    const label = item === MAIN ? state : `${state} ${item}`;
    this.#lanes.set(item, {
      visit: { state, label, entered: since, left: undefined, count: 1 },
      waiting: undefined,
    });
    return finished;
  }

  #exit(event: Extract<ExecutionEvent, { type: "stateExited" }>, now: Instant): Row[] {
    const map = this.#maps.get(event.state);
    if (map !== undefined) {
      this.#maps.delete(event.state);
      const { entered, failures } = map;
      const note = failures === 0 ? "" : `: ${failures} failed`;
      return [
        ...this.#finishItems(),
        row(failures === 0 ? "done" : "failed", event.state, entered, now, 1, note),
      ];
    }
    const visit = this.#lanes.get(event.item ?? MAIN)?.visit;
    if (visit?.state === event.state) visit.left = now;
    return [];
  }

  #fail(event: Extract<ExecutionEvent, { type: "taskFailed" }>, now: Instant): Row[] {
    const item = event.item ?? MAIN;
    const visit = this.#lanes.get(item)?.visit;
    this.#lanes.delete(item);
    const label = item === MAIN ? event.state : `${event.state} ${item}`;
    // Whether the Map fails with its item, only its definition knows; that not all of it went well is certain.
    if (item !== MAIN) for (const map of this.#maps.values()) map.failures += 1;
    const what = `: ${failureWords(event.error, event.cause)}`;
    return [row("failed", label, visit?.entered ?? now, now, visit?.count, what)];
  }

  #lane(item: string): Lane {
    const lane = this.#lanes.get(item) ?? { visit: undefined, waiting: undefined };
    this.#lanes.set(item, lane);
    return lane;
  }

  /** Whatever is in a lane becomes final, the items' before the main line's. */
  #finishLanes(now: Instant): Row[] {
    const lanes = [...this.#lanes.values()];
    this.#lanes.clear();
    return lanes.flatMap(({ visit }) => (visit?.left === undefined ? [] : [doneRow(visit, now)]));
  }

  #finishLane(item: string): Row[] {
    const visit = this.#lanes.get(item)?.visit;
    if (visit?.left === undefined) return [];
    this.#lanes.delete(item);
    return [doneRow(visit, visit.left)];
  }

  /** A Map has ended. A lane that is busy belongs to the next Map already: engines may tell of Maps a little late. */
  #finishItems(): Row[] {
    return [...this.#lanes.keys()].filter((item) => item !== MAIN).flatMap((item) => this.#finishLane(item));
  }
}

function doneRow(visit: Visit, now: Instant): Row {
  return row("done", visit.label, visit.entered, visit.left ?? now, visit.count);
}
