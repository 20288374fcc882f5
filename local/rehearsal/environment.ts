/** The variables that a function reads, and those by which the AWS SDK finds the rehearsal cloud. */
export interface FunctionEnvironment {
  readonly stage: string;
  readonly region: string;
  readonly fleetFile: string;
  /** The stage's bucket. */
  readonly bucket: string;
  readonly sshPort?: number;
  /** Absent on real AWS. */
  readonly endpoint?: string;
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

/** Name of a stage's bucket (infra/billing.yml): all of AWS shares one space of names, so it holds the account. */
export function bucketName(stage: string, accountId: string): string {
  return `nightshift-${stage}-${accountId}`;
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
