import { randomBytes } from "node:crypto";
import type { StartMachine } from "../builder/contract.ts";
import type { VirtualClock } from "../clock/virtual-clock.ts";
import { AwsError } from "./aws-error.ts";
import type { CloudOptions, ExecutionRecord, Situation, StartRequest } from "./contract.ts";

/** The rehearsed account's number. AWS's own documentation uses such numbers for examples. */
const ACCOUNT_ID = "123456789012";

/** What the services of the rehearsed account stand on together. */
export interface Account {
  readonly accountId: string;
  readonly clock: VirtualClock;
  /** Holds machines/, images/ and mail/. */
  readonly folder: string;
  /** Enabled regions. */
  readonly regions: readonly string[];
  /** The TCP port of every rehearsed sshd. */
  readonly sshPort: number;
  readonly startMachine: StartMachine;
  /** Addresses of rehearsed machines, by the names that they have in the DNS. */
  readonly names: Map<string, string>;
  readonly lagMilliseconds: number;
  readonly situations: ReadonlySet<Situation>;
  readonly executions: () => ExecutionRecord[];
  readonly startExecution: (request: StartRequest) => Promise<{ readonly startDate: Date }>;
  /** Called around every command that runs on a rehearsed machine. */
  readonly onCommand: (phase: "before" | "after", command: string) => Promise<void>;
}

/** The account that `options` describe. */
export function openAccount(
  options: CloudOptions,
  sshPort: number,
  onCommand: Account["onCommand"],
): Account {
  return {
    accountId: ACCOUNT_ID,
    clock: options.clock,
    folder: options.folder,
    regions: options.regions ?? ["us-east-1", "us-east-2", "us-west-2", "eu-west-1"],
    sshPort,
    startMachine: options.startMachine,
    names: new Map(),
    lagMilliseconds: (options.consistencyLagSeconds ?? 2) * 1000,
    situations: new Set(options.situations ?? []),
    executions: options.executions ?? (() => []),
    startExecution: options.startExecution ?? refuseStart,
    onCommand,
  };
}

async function refuseStart({ machine }: StartRequest): Promise<never> {
  throw new AwsError("StateMachineDoesNotExist", `State Machine Does Not Exist: '${machine}'`);
}

/** A new id of EC2's long form: `prefix-` and seventeen hexadecimal digits, the first of them 0. */
export function newId(prefix: string): string {
  return `${prefix}-0${randomBytes(8).toString("hex")}`;
}

/** The instant `seconds` after `start`. */
export function after(start: Date, seconds: number): Date {
  return new Date(start.getTime() + seconds * 1000);
}
