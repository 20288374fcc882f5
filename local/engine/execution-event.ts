/**
 * What happens in an execution, as told by either engine: the embedded one while it runs, AWS Step Functions
 * through GetExecutionHistory. One line of `events.jsonl` each; the progress view and `nightshift show` read them.
 * `at` is an ISO 8601 instant on the run's own clock (virtual in a rehearsal).
 */
export type ExecutionEvent = { readonly at: string } & (
  | {
      readonly type: "executionStarted";
      readonly executionArn: string;
      readonly machine: string; // "ami-build"
      readonly input: unknown;
    }
  | {
      readonly type: "stateEntered";
      readonly state: string;
      readonly kind: "Task" | "Wait" | "Choice" | "Pass" | "Map" | "Parallel" | "Succeed" | "Fail";
      /** What tells iterations of a Map apart, for example "us-west-2". Absent outside of a Map. */
      readonly item?: string;
      readonly input: unknown;
    }
  | { readonly type: "stateExited"; readonly state: string; readonly item?: string; readonly output: unknown }
  | {
      readonly type: "taskRetried";
      readonly state: string;
      readonly item?: string;
      /** 1 for the first retry. */
      readonly retry: number;
      readonly delaySeconds: number;
      readonly error: string;
      readonly cause: string;
    }
  | {
      /** A task gave up: its error was caught, or it ends the execution. */
      readonly type: "taskFailed";
      readonly state: string;
      readonly item?: string;
      readonly error: string;
      readonly cause: string;
    }
  | { readonly type: "executionSucceeded"; readonly output: unknown }
  | { readonly type: "executionFailed"; readonly error: string; readonly cause: string }
  | { readonly type: "executionAborted"; readonly cause: string }
);
