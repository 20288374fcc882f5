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
  /** Where freebsd-update's server is. Plain HTTP by design: what it serves is signed. */
  readonly freebsdUpdateUrl: string;
  /** Where FreeBSD's packages are. */
  readonly freebsdPackagesUrl: string;
  /** SHA-256 of the key that signs for freebsd-update (KeyPrint of /etc/freebsd-update.conf). */
  readonly freebsdKeyPrint: string;
  /** SHA-256 of the keys that sign the base system's packages (/usr/share/keys/pkgbase-15). Empty: any may. */
  readonly freebsdCataloguePrints: readonly string[];
}

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, "a SHA-256 in lower-case hexadecimal");
const HttpUrl = z.url({ protocol: /^https?$/ });

/** As FreeBSD's sources have them: usr.sbin/freebsd-update/freebsd-update.conf and share/keys/pkgbase-15/trusted. */
const FREEBSD_KEY_PRINT = "800651ef4b4c71c27e60786d7b487188970f4b4169cc055784e21eb71d410cc5";
const FREEBSD_CATALOGUE_PRINTS = [
  "1d7b45d20fa8d6ed26f9b4a13ac81a6b5df860b9fe644d07b87e92298ba72595", // awskms-15
  "56a77bdcb6c3cf7984729c6138bd5617c24aa0d466b3b604c96205b2c5629f3c", // backup-signing-15
];

const Environment = z.object({
  AWS_REGION: z.string().min(1),
  NIGHTSHIFT_STAGE: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,19}$/, "lower-case letters, digits and hyphens, 20 at most"),
  NIGHTSHIFT_FLEET: z.string().min(1),
  NIGHTSHIFT_SSH_PORT: z.coerce.number().int().min(1).max(65_535).default(22),
  NIGHTSHIFT_BUCKET: z.string().min(3),
  NIGHTSHIFT_TWILIO_URL: HttpUrl.default("https://api.twilio.com"),
  NIGHTSHIFT_FREEBSD_UPDATE_URL: HttpUrl.default("http://update.FreeBSD.org"),
  NIGHTSHIFT_FREEBSD_PACKAGES_URL: HttpUrl.default("https://pkg.FreeBSD.org"),
  NIGHTSHIFT_FREEBSD_KEY_PRINT: Sha256.default(FREEBSD_KEY_PRINT),
  NIGHTSHIFT_FREEBSD_CATALOGUE_PRINTS: z
    .string()
    .transform((list) => list.split(",").filter((print) => print !== ""))
    .pipe(z.array(Sha256))
    .default(FREEBSD_CATALOGUE_PRINTS),
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
    freebsdUpdateUrl: variables.NIGHTSHIFT_FREEBSD_UPDATE_URL,
    freebsdPackagesUrl: variables.NIGHTSHIFT_FREEBSD_PACKAGES_URL,
    freebsdKeyPrint: variables.NIGHTSHIFT_FREEBSD_KEY_PRINT,
    freebsdCataloguePrints: variables.NIGHTSHIFT_FREEBSD_CATALOGUE_PRINTS,
  };
}
