import type { Cause } from "./board.ts";

/** Somebody has it. It holds until a moment, or until recovery. */
export interface Acknowledgement {
  /** Name of the contact, or of the operator. */
  readonly by: string;
  readonly via: "sms" | "call" | "cli";
  readonly at: Date;
  readonly until: Date;
  /** MessageSid, CallSid or the execution's name: an acknowledgement counts once. */
  readonly proof: string;
}

/** A step of the escalation that was taken. */
export interface Told {
  /** 1, 2, …: its place in the order of the escalation; 0 for the all-clear. */
  readonly step: number;
  readonly contact: string;
  readonly way: "sms" | "call";
  /** When it was begun, until there is an outcome; then when that came. */
  readonly at: Date;
  /** When it was due; what its message says of time follows from that. */
  readonly due: Date;
  /**
   * "begun": it is not known yet what came of it. "not-needed": somebody acknowledged, or it was over, before anything was
   * sent.
   */
  readonly outcome: "begun" | "sent" | "over-budget" | "failed" | "not-needed";
}

/** What can come of a step. */
export type ToldOutcome = Exclude<Told["outcome"], "begun">;

/** Something that went wrong, from the alarm to the recovery. */
export interface Incident {
  /** 1, 2, …; what people say and type. */
  readonly number: number;
  readonly check: string;
  readonly cause: Cause;
  /** The first failure of those that came to be an alarm. */
  readonly since: Date;
  /** The alarm. */
  readonly openedAt: Date;
  readonly reason: string;
  readonly isCritical: boolean;
  readonly recoveredAt: Date | undefined;
  readonly acknowledgements: readonly Acknowledgement[];
  readonly told: readonly Told[];
}

/** A line of an incident's timeline. */
export interface TimelineEvent {
  readonly at: Date;
  readonly what: string;
}

/** The acknowledgement that holds now, if any. */
export function acknowledgedNow({ acknowledgements }: Incident, now: Date): Acknowledgement | undefined {
  return acknowledgements.findLast(({ until }) => until.getTime() > now.getTime());
}
