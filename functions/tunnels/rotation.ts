import { z } from "#platform";

const EndSchema = z.object({ host: z.string(), pipe: z.string() });

/** One rotation of one pipe's key, by one execution. The key's name is the natural key of everything that it does. */
export const RotationSchema = z.object({
  /** SSM parameter with the key in force: "/nightshift/pipes/SSH". */
  pipe: z.string(),
  executionArn: z.string(),
});

export type Rotation = z.infer<typeof RotationSchema>;

/** A rotation, with the key that is to come, and with all ends that it is about. */
export const BegunRotationSchema = z.object({
  rotation: RotationSchema,
  /** Fingerprint. */
  to: z.string(),
  servers: z.array(EndSchema),
  clients: z.array(EndSchema),
});

/** What is known of the rotation of a key. Holds fingerprints (fingerprint.ts), never keys. */
export interface RotationRecord {
  /** Who rotates it; "" when nobody does. It may be dead. */
  readonly executionArn: string;
  /** `opening` can be undone; from `switching` on, it only goes forward. "" when nothing is under way. */
  readonly phase: "" | "opening" | "switching";
  /** Of the key that is in force when it begins; "" while not known. */
  readonly from: string;
  /** Of the key that is to come; "" while not known. */
  readonly to: string;
  readonly startedAt: string;
  /** When the last one ended well; "" when none did. */
  readonly rotatedAt: string;
  /** The execution that ended well; "" when none did. */
  readonly rotatedBy: string;
}

/** How a step went on one host, as a Map leaves it in the state. */
export const HostOutcomeSchema = z.object({
  host: z.string(),
  /** One line of reason when it did not go well. */
  missed: z.object({ Error: z.string().optional(), Cause: z.string().optional() }).optional(),
});

export type HostOutcome = z.infer<typeof HostOutcomeSchema>;
