import type { Machine, StartMachine } from "../builder/contract.ts";
import type { VirtualClock } from "../clock/virtual-clock.ts";
import type { HostCondition } from "../host/condition.ts";
import type { Release } from "./ec2/resources.ts";

/** A service of AWS, named as in its SDK client. */
export type Service =
  | "ec2"
  | "ssm"
  | "ses"
  | "sts"
  | "cloudformation"
  | "dynamodb"
  | "states"
  | "s3"
  | "servicequotas";

/**
 * A fault to inject: `service:Operation:ErrorCode[:count][@region]`, for example `ec2:CreateImage:InternalError`,
 * or one of the named situations. `count` is how many matching calls fail (default: 1; `*` for all).
 */
export interface Fault {
  readonly service: Service;
  readonly operation: string;
  readonly code: string;
  readonly region: string | undefined;
  remaining: number;
}

/** A situation that no single call's error can express. */
export type Situation =
  | "builder-never-boots" // the console stops before sshd starts
  | "host-key-mismatch" // sshd presents another key than the console showed
  | "packages-unreachable" // pkg cannot reach the repository
  | "image-failed" // CreateImage's image ends in state failed
  | "host-key-changed" // the first host shows another host key than the one that is pinned
  | "host-dark" // the last host does not answer
  | "updates-pending" // every host has updates to install
  | `copy-failed@${string}`; // CopyImage's image ends in state failed in that region

/** One request as it arrived. `caller` is the SDK's application id (user agent `app/…`): the function's name. */
export interface Call {
  readonly index: number;
  readonly at: Date;
  readonly service: Service;
  readonly operation: string;
  readonly region: string;
  readonly caller: string;
  /** Set once it was answered: undefined for success, else the error code. */
  error?: string | undefined;
  /** The resource names that the call names, for the permissions test (table and parameter names, bucket/key). */
  readonly resources: string[];
}

/** A resource that exists now. */
export interface Resource {
  readonly type:
    | "instance"
    | "volume"
    | "image"
    | "snapshot"
    | "key-pair"
    | "security-group"
    | "parameter"
    | "table-item"
    | "object";
  readonly region: string;
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly createdAt: Date;
}

/**
 * A loopback address at which the cloud answers. Each engine gets one of its own: freezing it is how a power
 * failure looks from the cloud's side (requests go unanswered for ever, and nothing more is carried out).
 */
export interface Door {
  /** http://127.0.0.1:PORT */
  readonly url: string;
  /** Called before a request is carried out and after it was carried out but before it is answered. */
  onCall: (call: Call, phase: "before" | "after") => Promise<void>;
  /** From now on no request is carried out or answered, those under way included. */
  freeze(): void;
  close(): Promise<void>;
}

export interface BillLine {
  readonly what: string; // "EC2 r7i.large, us-east-1"
  readonly quantity: number;
  readonly unit: string; // "instance-hours"
  readonly priceUsd: number; // per unit
  readonly costUsd: number;
}

/** A mail that SES accepted, as it stands in the mailbox folder. */
export interface AcceptedMail {
  readonly messageId: string;
  readonly file: string; // path of the .eml in the cloud's folder
  readonly source: string;
  readonly destinations: string[];
  /** Those that it reached. When there are none, the file lies beside the mailbox folder, not in it. */
  readonly deliveredTo: readonly string[];
  readonly region: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** What SES allows the account, in each region: outside of the sandbox recipients need not be verified. */
export interface SesAccess {
  readonly sandbox: boolean;
  /** Recipients in any 24 hours, and in any second. */
  readonly mailsPerDay: number;
  readonly mailsPerSecond: number;
}

/** What becomes of mail to an address: it is there, unknown, full (`transient`), or its reader cries spam. */
export type MailFate = "deliver" | "bounce" | "complaint" | "transient";

/** An event of SES in EventBridge's form, and the instant from which it can be delivered. */
export interface MailEvent {
  readonly id: string;
  readonly at: Date;
  readonly event: {
    readonly source: string;
    readonly "detail-type": string;
    readonly region: string;
    readonly detail: unknown;
  };
}

/** An image that was built elsewhere, to be registered as if it had been built in this account. */
export interface BuiltImage extends Release {
  readonly name: string;
  /** Folder of its disk's tree. It is only read, and must stay. */
  readonly tree: string;
  readonly sizeGib: number;
}

/** State of executions, as the Step Functions API of the cloud reports it. Kept by the engine. */
export interface ExecutionRecord {
  readonly executionArn: string;
  readonly stateMachineArn: string;
  readonly name: string;
  readonly status: "RUNNING" | "SUCCEEDED" | "FAILED" | "TIMED_OUT" | "ABORTED";
  readonly startDate: Date;
  readonly stopDate: Date | undefined;
  /** What it was started with: a second start with the same input is no second execution. Default: {}. */
  readonly input?: unknown;
}

/** What StartExecution asks for; the input is parsed. */
export interface StartRequest {
  /** Name of the state machine as the account has it: "nightshift-rehearsal-billing-entry". */
  readonly machine: string;
  readonly name: string;
  readonly input: unknown;
}

/** Request units of DynamoDB (developer guide, "On-demand capacity mode"). */
export interface RequestUnits {
  readonly read: number;
  readonly write: number;
}

export interface CloudOptions {
  readonly clock: VirtualClock;
  /** Where trees of images, mailbox and consoles are kept. Created when missing. */
  readonly folder: string;
  readonly startMachine: StartMachine;
  /** Regions that the account has enabled. Default: us-east-1, us-east-2, us-west-2, eu-west-1. */
  readonly regions?: string[];
  readonly faults?: Fault[];
  readonly situations?: Situation[];
  /** How long describes lag behind creates, on the virtual clock. Default 2 s; 0 turns it off. */
  readonly consistencyLagSeconds?: number;
  /** What SES allows. Default: the sandbox, 200 mails a day and one a second. */
  readonly ses?: SesAccess;
  /** The executions that DescribeExecution and ListExecutions report. Default: none. */
  readonly executions?: () => ExecutionRecord[];
  /**
   * Starts an execution for StartExecution, and does not wait for its end. It is called only when `executions` has
   * none of that name, and must have it from the moment of the call on. Default: there are no machines.
   * @throws AwsError StateMachineDoesNotExist
   */
  readonly startExecution?: (request: StartRequest) => Promise<{ readonly startDate: Date }>;
}

/** The rehearsal cloud: a whole AWS account on loopback. */
export interface Cloud {
  readonly accountId: string;
  readonly clock: VirtualClock;
  /** The TCP port of every rehearsed sshd. */
  readonly sshPort: number;
  readonly folder: string;
  openDoor(port?: number): Promise<Door>;
  /** Every request since the start, in order of arrival. */
  calls(): readonly Call[];
  /** Every resource that exists at this instant, eventual consistency aside. FreeBSD's own images excluded. */
  inventory(): Promise<Resource[]>;
  mails(): readonly AcceptedMail[];
  /** All that SES tells of the mails accepted so far, whether its time has come or not. Only ever grows. */
  mailEvents(): readonly MailEvent[];
  /** Where the tree of an image is kept, and what was wrong with its disk when it was made. */
  imageTree(imageId: string): { folder: string; problems: string[] } | undefined;
  /** Registers an image that is available at once, in a region. Returns its id. */
  registerBuiltImage(region: string, image: BuiltImage): string;
  /** The machine of an instance, terminated or not. @throws Error when there is none of that id */
  machine(instanceId: string): Machine;
  /** Changes how a host is, from now on. Whatever was asked of it before has been answered in the former condition. */
  setHostCondition(instanceId: string, condition: HostCondition): Promise<void>;
  /** Lets pipes of rehearsed hosts find another one by a name. Names that nobody gave lead nowhere. */
  nameAddress(name: string, address: string): void;
  /** What was used up to this instant, at list price. */
  bill(): BillLine[];
  /** Request units that were used up to this instant, by table. */
  requestUnits(): Record<string, RequestUnits>;
  /** Makes an e-mail identity verified in SES, as the owner would have done beforehand. */
  verifyIdentity(identity: string): void;
  /** Decides what becomes of mail to an address from now on. Addresses that nobody decided on take their mail. */
  setFate(address: string, fate: MailFate): void;
  close(): Promise<void>;
}
