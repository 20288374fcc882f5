import type { StartMachine } from "../builder/contract.ts";
import type { VirtualClock } from "../clock/virtual-clock.ts";
import type { CloudOptions, Situation } from "../cloud/contract.ts";

/** What every service of the rehearsed account stands on. */
export interface Account {
  readonly accountId: string;
  readonly clock: VirtualClock;
  readonly folder: string;
  readonly regions: readonly string[];
  readonly sshPort: number;
  readonly startMachine: StartMachine;
  readonly lagMilliseconds: number;
  readonly situations: ReadonlySet<Situation>;
  readonly executions: NonNullable<CloudOptions["executions"]>;
  /** Called around each command on a rehearsed machine; the door that is open then decides. */
  readonly onCommand: (phase: "before" | "after", command: string) => Promise<void>;
  /** A new id, `prefix-` and seventeen hexadecimal digits, as EC2's long ids are. */
  readonly newId: (prefix: string) => string;
}
