import type { ExecutionEvent } from "../local/engine/execution-event.ts";
import type { RehearsalReport } from "../local/rehearsal/report.ts";
import type { Story } from "../local/watch/story.ts";
import type { StoryOptions, StoryReport } from "../local/watch/tell-story.ts";

/** Rehearses a machine against the rehearsal cloud (local/rehearsal/rehearse.ts). */
export type Rehearse = (options: {
  readonly root: string;
  readonly machine: string;
  /** Of the fleet, when the machine is about one. */
  readonly image?: string;
  /** Of the machine, besides image and time. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly fleetFile: string;
  /** The rehearsal's own folder, for its executions and artifacts. */
  readonly folder: string;
  readonly time?: Date;
  readonly faults: string[];
  readonly port?: number;
  readonly signal: AbortSignal;
  readonly onEvent: (event: ExecutionEvent) => void;
}) => Promise<RehearsalReport>;

/** Runs a machine on the embedded engine against real AWS (local/laptop/run-on-aws.ts). */
export type RunOnAws = (options: {
  readonly root: string;
  readonly machine: string;
  readonly stage: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** Name of the execution, unique per machine and input. */
  readonly name: string;
  readonly fleetFile: string;
  /** Folder of executions. */
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly onEvent: (event: ExecutionEvent) => void;
}) => Promise<{ readonly status: "SUCCEEDED" | "FAILED" | "ABORTED"; readonly executionArn: string }>;

/** Nights of the monitor, and the way to rehearse one (local/watch/tell-story.ts). */
export interface Stories {
  readonly all: readonly Pick<Story, "name" | "summary">[];
  readonly tell: (name: string, options: StoryOptions) => Promise<StoryReport>;
}
