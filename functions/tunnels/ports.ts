import type { HostReport } from "./host-report.ts";
import type { Rotation, RotationRecord } from "./rotation.ts";

/** The keys of pipes in Parameter Store. A key lies in two regions: at home, which counts, and where the monitor reads it. */
export interface KeyStore {
  /** The 32 bytes; undefined: there is no such parameter there. @throws UnusableKeyError when it holds something else */
  read(place: KeyPlace, parameter: string): Promise<Buffer | undefined>;
  /** Puts a key where there is none, by one conditional write. False: there is one, which stays. */
  create(place: KeyPlace, parameter: string, key: Buffer): Promise<boolean>;
  /** Puts a key in another one's place, by one write: there is never none. */
  replace(place: KeyPlace, parameter: string, key: Buffer): Promise<void>;
  /** Removes a key with all its history. Safe to repeat. */
  remove(place: KeyPlace, parameter: string): Promise<void>;
}

/** The region of the home stack, or that of the watch. */
export type KeyPlace = "home" | "watch";

/** Both, in the order in which they are written. */
export const KEY_PLACES: readonly KeyPlace[] = ["home", "watch"];

/** One record per pipe's key: who rotates it, how far that came, and fingerprints, never keys. */
export interface RotationBook {
  /** The record as it stands; undefined: this key was never rotated. */
  find(pipe: string): Promise<RotationRecord | undefined>;
  /**
   * Makes this execution the one that rotates, in place of `former`; "" for nobody. One conditional write.
   * @throws RotationRunningError when another one was faster
   */
  claim(rotation: Rotation, former: string, at: Date): Promise<void>;
  /** Notes which key is to come and which it follows. The others: @throws RotationTakenOverError like all that follow */
  recordKeys(rotation: Rotation, from: string, to: string): Promise<void>;
  /** From now on the rotation only goes forward. Safe to repeat. */
  recordSwitching(rotation: Rotation): Promise<void>;
  /** The rotation is over: done, or undone. Gives the claim back. */
  finish(rotation: Rotation, outcome: "rotated" | "undone", at: Date): Promise<void>;
}

/** Executions of state machines. */
export interface Executions {
  isRunning(executionArn: string): Promise<boolean>;
}

/** A verb of the program on the host, with what it needs. */
export type HostVerb =
  | { readonly verb: "status" | "promote" | "drop" }
  | { readonly verb: "add" | "point"; readonly port: number; readonly key: Buffer };

/** Through which of the two doors of the pipe that is rotated one comes in, if it is the one that leads to sshd. */
export type Way = "first" | "second";

/** The hosts, each with a program that changes a pipe's key a step at a time (functions/ami/recipe/pipes-command.ts). */
export interface Hosts {
  /**
   * Has a host's program do something with a pipe, and answers how the pipe stands then.
   * @throws HostRefusedError, UnreadableReportError, and how a host was missed (layers/hosts/failures.ts)
   */
  ask(host: string, pipe: string, verb: HostVerb, way: Way): Promise<HostReport>;
  /** Whether a spiped server takes a key: a whole handshake. @throws HostUnreachableError, PipeRefusedError */
  shakeHands(address: string, key: Buffer): Promise<void>;
}
