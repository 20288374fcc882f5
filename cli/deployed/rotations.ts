import type { RotationRecord } from "../../functions/tunnels/rotation.ts";

/** What the command line asks of the book of rotations. */
export interface Rotations {
  /** How the rotation of a key stands; undefined: there never was one, or nothing is deployed. */
  find(pipe: string): Promise<RotationRecord | undefined>;
}
