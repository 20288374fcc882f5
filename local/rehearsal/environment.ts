import type { Settings } from "#platform";
import type { Place } from "../../infra/place.ts";

/** Where functions find FreeBSD's servers, and whose signatures they take. */
export type FreebsdSettings = Pick<
  Settings,
  "freebsdUpdateUrl" | "freebsdPackagesUrl" | "freebsdKeyPrint" | "freebsdCataloguePrints"
>;

/** For functions that have nothing to do with FreeBSD's servers. */
export const FREEBSD_NOWHERE: FreebsdSettings = {
  freebsdUpdateUrl: "http://freebsd.invalid",
  freebsdPackagesUrl: "https://freebsd.invalid",
  freebsdKeyPrint: "0".repeat(64),
  freebsdCataloguePrints: [],
};

/** The variables that a function reads, and those by which the AWS SDK finds the rehearsal cloud. */
export interface FunctionEnvironment {
  readonly stage: string;
  readonly region: string;
  readonly fleetFile: string;
  /** The bucket of the stage's stack in that region. */
  readonly bucket: string;
  readonly sshPort?: number;
  /** Absent on real AWS. */
  readonly endpoint?: string;
  /** Where Twilio is. Absent: the real one. */
  readonly twilioUrl?: string | undefined;
  /** FreeBSD's servers. Absent: the real ones. */
  readonly freebsd?: FreebsdSettings | undefined;
}

/**
 * Puts the environment of functions in place, as Lambda would. Returns a function that puts the former one back.
 * A rehearsal's credentials open nothing: they only make the SDK sign.
 */
export function enterEnvironment(environment: FunctionEnvironment): () => void {
  const variables: Record<string, string> = {
    AWS_REGION: environment.region,
    NIGHTSHIFT_STAGE: environment.stage,
    NIGHTSHIFT_FLEET: environment.fleetFile,
    NIGHTSHIFT_BUCKET: environment.bucket,
    ...(environment.sshPort === undefined ? {} : { NIGHTSHIFT_SSH_PORT: String(environment.sshPort) }),
    ...(environment.endpoint === undefined ? {} : rehearsalVariables(environment.endpoint)),
    ...(environment.twilioUrl === undefined ? {} : { NIGHTSHIFT_TWILIO_URL: environment.twilioUrl }),
    ...(environment.freebsd === undefined ? {} : freebsdVariables(environment.freebsd)),
  };
  const former = Object.fromEntries(Object.keys(variables).map((name) => [name, process.env[name]]));
  Object.assign(process.env, variables);
  return () => {
    for (const [name, value] of Object.entries(former)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
}

/**
 * Name of a stage's bucket: usage and papers at home (infra/billing.yml), the status page in the watch region
 * (infra/watch.yml). All of AWS shares one space of names, so it holds the account.
 */
export function bucketName(stage: string, accountId: string, place: Place = "home"): string {
  return `nightshift-${stage}-${accountId}${place === "watch" ? "-status" : ""}`;
}

function freebsdVariables(freebsd: FreebsdSettings): Record<string, string> {
  return {
    NIGHTSHIFT_FREEBSD_UPDATE_URL: freebsd.freebsdUpdateUrl,
    NIGHTSHIFT_FREEBSD_PACKAGES_URL: freebsd.freebsdPackagesUrl,
    NIGHTSHIFT_FREEBSD_KEY_PRINT: freebsd.freebsdKeyPrint,
    NIGHTSHIFT_FREEBSD_CATALOGUE_PRINTS: freebsd.freebsdCataloguePrints.join(","),
  };
}

function rehearsalVariables(endpoint: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: "REHEARSAL",
    AWS_SECRET_ACCESS_KEY: "rehearsal",
    AWS_SESSION_TOKEN: "",
    AWS_EC2_METADATA_DISABLED: "true",
    // A stranger's ~/.aws must neither be read nor needed.
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
  };
}
