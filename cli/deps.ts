import type { Machines } from "./deployed/machines.ts";
import type { MonitorBooks } from "./deployed/monitor-books.ts";
import type { Parameters } from "./deployed/parameters.ts";
import type { Rotations } from "./deployed/rotations.ts";
import type { UpdatesBook } from "./deployed/updates-book.ts";
import type { Rehearse, RunOnAws, Stories } from "./engine-modules.ts";
import type { Output } from "./view/terminal.ts";
import type { Workspace } from "./workspace.ts";

/** What the commands stand on; tests put something else in each place. */
export interface Deps {
  readonly workspace: Workspace;
  readonly out: Output;
  readonly err: Output;
  readonly environment: NodeJS.ProcessEnv;
  /** Real time, which a rehearsal's virtual clock does not touch. */
  readonly now: () => Date;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Login name of whoever types; "" if there is none. */
  readonly operator: () => string;
  /** Where SIGINT and SIGTERM arrive: the process. */
  readonly signals: SignalSource;
  /** Ends the process at once. */
  readonly exit: (status: number) => void;
  /** Sets the status with which the process ends once everything is written. Without it: 0. */
  readonly finish: (status: number) => void;
  // Loaded when needed: the SDK and the engine would make `--help` slow.
  readonly loadRehearse: () => Promise<Rehearse>;
  readonly loadStories: () => Promise<Stories>;
  readonly loadRunOnAws: () => Promise<RunOnAws>;
  readonly loadMachines: (region: string) => Promise<Machines>;
  readonly loadMonitor: (region: string, stage: string) => Promise<MonitorBooks>;
  readonly loadParameters: (region: string) => Promise<Parameters>;
  readonly loadRotations: (region: string, stage: string) => Promise<Rotations>;
  /**
   * Runs a program in the operator's terminal, and resolves to its exit status; 128 and its number for a signal.
   * Undefined: there is no such program.
   */
  readonly runProgram: (program: string, argv: readonly string[]) => Promise<number | undefined>;
  readonly loadUpdates: (region: string, stage: string) => Promise<UpdatesBook>;
}

export interface SignalSource {
  on(signal: "SIGINT" | "SIGTERM", listener: () => void): unknown;
  off(signal: "SIGINT" | "SIGTERM", listener: () => void): unknown;
}
