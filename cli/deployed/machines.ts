import type { HistoryEvent } from "@aws-sdk/client-sfn";

/** A deployed state machine. */
export interface DeployedMachine {
  readonly name: string; // "nightshift-prod-ami-build"
  readonly arn: string;
}

/** A run of a deployed state machine. */
export interface DeployedExecution {
  readonly name: string;
  readonly executionArn: string;
  readonly status: string;
  readonly startDate: Date | undefined;
  readonly stopDate: Date | undefined;
}

export interface HistoryPage {
  readonly events: readonly HistoryEvent[];
  /** Where the next page begins; undefined on the last one. */
  readonly next: string | undefined;
}

/** What the command line asks of Step Functions. Failures come as OperatorErrors where the operator can help. */
export interface Machines {
  readonly region: string;
  /** All of them, ours or not. */
  list(): Promise<DeployedMachine[]>;
  /** Starts an execution and returns its ARN; with the same name and input, that of the one which runs. */
  start(machine: DeployedMachine, name: string, input: unknown): Promise<string>;
  /** The newest executions of a machine. */
  executions(machine: DeployedMachine, most: number): Promise<DeployedExecution[]>;
  /** A page of an execution's history, from its beginning or from `token`. */
  history(executionArn: string, token: string | undefined): Promise<HistoryPage>;
}
