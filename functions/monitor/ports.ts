import type { SpipedKey } from "#spiped";
import type { Board, HourOfResults } from "./board.ts";
import type { CheckResult } from "./check-result.ts";
import type { Balance } from "./findings/balance-finding.ts";
import type { Executions } from "./findings/execution-finding.ts";
import type { Beats } from "./findings/heartbeat-finding.ts";
import type { Beat } from "./heartbeats/heartbeat-url.ts";
import type { Acknowledgement, Incident, TimelineEvent, Told, ToldOutcome } from "./incident.ts";

/** Keeps the board. */
export interface BoardStore {
  /** As it stands now, for certain. */
  read(): Promise<Board>;
  /** Puts `next` in place of the board with the revision before it. False: somebody else was first. */
  replace(next: Board): Promise<boolean>;
}

/** What became of an acknowledgement. "replayed": the same proof was used before. */
export type Acknowledged = "acknowledged" | "already" | "replayed" | "recovered" | "unknown";

/** Keeps incidents. Every write may be repeated. */
export interface IncidentBook {
  open(incident: Omit<Incident, "recoveredAt" | "acknowledgements" | "told">): Promise<void>;
  /** @throws UnknownIncidentError before it is on record */
  recover(incident: number, at: Date, reason: string): Promise<void>;
  /** One conditional write: it counts once, and only while the incident is open. */
  acknowledge(incident: number, acknowledgement: Acknowledgement): Promise<Acknowledged>;
  /** Notes that a step is taken, before anything is sent; the first of a step stays. */
  begin(incident: number, told: Omit<Told, "outcome">): Promise<void>;
  /**
   * Notes what came of a step that was begun, and when: from then on somebody has time to answer. The first outcome stays.
   */
  settle(
    incident: number,
    step: Pick<Told, "step" | "contact">,
    outcome: ToldOutcome,
    at: Date,
  ): Promise<void>;
  /** A line of the timeline; the first of a key stays. */
  note(incident: number, event: TimelineEvent & { readonly key: string }): Promise<void>;
  read(incident: number): Promise<Incident | undefined>;
  notes(incident: number): Promise<readonly TimelineEvent[]>;
  /** The newest, newest first. */
  newest(count: number): Promise<readonly Incident[]>;
  /** Numbers of the open incidents of which a contact was told, newest first. */
  toldTo(contact: string): Promise<readonly number[]>;
}

/** Starts the telling of an incident, or of its end; once for each, however often it is asked. */
export interface Escalations {
  start(incident: number, about: "open" | "recover", at: Date): Promise<void>;
}

/** Measures. Never throws: a probe that breaks is a failed check. */
export interface Measurer {
  measure(names: readonly string[], now: Date): Promise<ReadonlyMap<string, CheckResult>>;
}

/** Moves the results of an hour from the board to where they are kept. May be repeated. */
export interface Shelf {
  shelve(hour: string, results: HourOfResults): Promise<void>;
}

/** Somebody who notices when nobody tells them any more. */
export interface Outside {
  /** @throws OutsideUnreachableError */
  tell(): Promise<void>;
}

/** What measuring needs to know beside the check itself. */
export interface Surroundings {
  /** The instant of the run: certificates, heartbeats and executions are compared with it. */
  readonly now: Date;
  /** A pipe's key, from an SSM parameter. Kept, so that asking twice costs nothing. Rejects with a sentence for people. */
  key(parameter: string): Promise<SpipedKey>;
  /**
   * The keys that a server may take which refuses that one: the one that is to follow it while it is rotated, and the one
   * that has followed since it was read (functions/tunnels). Empty when there is none, or nobody can tell.
   */
  otherKeys(parameter: string): Promise<readonly SpipedKey[]>;
  /** A private SSH key in OpenSSH's or PEM form, from an SSM parameter. As above. */
  sshKey(parameter: string): Promise<string>;
  /** What was heard from a job or host, by the name of its check. */
  beats(check: string): Promise<Beats>;
  /** What became of a state machine's executions, by its name in the fleet: "billing-nightly". */
  executions(machine: string): Promise<Executions>;
  /** What is left with Twilio. Rejects with a sentence for people. */
  balance(): Promise<Balance>;
}

/** Keeps what was heard. */
export interface BeatBook {
  /** Safe to repeat; what is older than what is known changes nothing. */
  beat(check: string, beat: Beat, at: Date): Promise<void>;
}

/** Knows the secret of the heartbeats' addresses. */
export interface HeartbeatSecret {
  /** @throws NoHeartbeatSecretError */
  read(): Promise<string>;
}
