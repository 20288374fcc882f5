import type { ExecutionEvent } from "../../local/engine/execution-event.ts";
import { progressLine } from "./progress-line.ts";
import { ProgressRows } from "./progress-rows.ts";
import type { Terminal } from "./terminal.ts";

/** A run as its progress view would have left it, under a heading. What had begun at the end is shown last. */
export function renderStory(events: readonly ExecutionEvent[], terminal: Terminal): string {
  const rows = new ProgressRows();
  const told = events.flatMap((event) => rows.take(event, Date.parse(event.at)));
  const last = Date.parse(events.at(-1)?.at ?? "");
  const lines = [...told, ...rows.running(last, last)].map((row) => progressLine(row, terminal, "run"));
  return `${[...heading(events[0]), ...lines].join("\n")}\n`;
}

function heading(first: ExecutionEvent | undefined): string[] {
  if (first?.type !== "executionStarted") return [];
  return [first.executionArn, `began ${first.at} with ${JSON.stringify(first.input)}`, ""];
}
