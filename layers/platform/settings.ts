import { z } from "zod";
import { InvalidSettingsError } from "./failures.ts";

/** What a function is told by its environment. Handlers read it once per cold start; nothing else does. */
export interface Settings {
  /** The deployment: "prod", "rehearsal". Part of every resource name. */
  readonly stage: string;
  /** The region that the function runs in. */
  readonly region: string;
  /** Deployed name, for example `nightshift-prod-ami-launch-builder`. */
  readonly functionName: string;
  /** File that holds the fleet, as the JSON form of a checked fleet.yml. */
  readonly fleetFile: string;
  /** TCP port of sshd on builders. 22 everywhere but in a rehearsal, whose machines share one host. */
  readonly sshPort: number;
  /** The stage's bucket: usage that comes in, and what the nights keep of it. */
  readonly bucket: string;
  /** Where Twilio's REST API is. Twilio itself everywhere but in a rehearsal. */
  readonly twilioUrl: string;
}

const Environment = z.object({
  AWS_REGION: z.string().min(1),
  NIGHTSHIFT_STAGE: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,19}$/, "lower-case letters, digits and hyphens, 20 at most"),
  NIGHTSHIFT_FLEET: z.string().min(1),
  NIGHTSHIFT_SSH_PORT: z.coerce.number().int().min(1).max(65_535).default(22),
  NIGHTSHIFT_BUCKET: z.string().min(3),
  NIGHTSHIFT_TWILIO_URL: z.url({ protocol: /^https?$/ }).default("https://api.twilio.com"),
});

/**
 * Reads the settings of a function from `environment`.
 * @throws InvalidSettingsError naming every variable that is missing or malformed.
 */
export function readSettings(environment: NodeJS.ProcessEnv, functionName: string): Settings {
  const parsed = Environment.safeParse(environment);
  if (!parsed.success) throw new InvalidSettingsError(z.prettifyError(parsed.error));
  const variables = parsed.data;
  return {
    stage: variables.NIGHTSHIFT_STAGE,
    region: variables.AWS_REGION,
    functionName,
    fleetFile: variables.NIGHTSHIFT_FLEET,
    sshPort: variables.NIGHTSHIFT_SSH_PORT,
    bucket: variables.NIGHTSHIFT_BUCKET,
    twilioUrl: variables.NIGHTSHIFT_TWILIO_URL,
  };
}
