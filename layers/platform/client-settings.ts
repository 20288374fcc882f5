import type { Settings } from "./settings.ts";

/** The options that every AWS client of ours is made with. Accepted by any AWS SDK v3 client. */
export interface ClientSettings {
  readonly region: string;
  readonly maxAttempts: number;
  readonly userAgentAppId: string;
  /** Milliseconds, as the SDK's HTTP handler takes them. */
  readonly requestHandler: {
    readonly connectionTimeout: number;
    readonly requestTimeout: number;
    readonly throwOnRequestTimeout: true;
  };
}

/**
 * By default the SDK waits for ever (SDK guide, "Configure HTTP requests"), and Lambda would end the function after 90
 * seconds, by an error that no Task retries. So a call that is not answered ends in time to be one that is: as TimeoutError.
 */
const REQUEST_HANDLER = {
  connectionTimeout: 5_000,
  requestTimeout: 30_000,
  throwOnRequestTimeout: true, // else the SDK only warns
} as const;

/**
 * Client options for one region. Endpoint and credentials are left to the SDK's own standard settings
 * (`AWS_ENDPOINT_URL`, the credential chain), which is how the same handler runs on AWS, on a laptop and in a
 * rehearsal. The function's name travels as the application id, so that CloudTrail, and the permissions test,
 * can tell who made a call (at most 50 characters: SDK reference, "Application ID").
 *
 * One attempt: the SDK's own retries would hide from the execution's history, and repeat calls that are not safe to
 * repeat one by one. A Task is safe to repeat as a whole, and its Retry says how often.
 */
export function clientSettings(settings: Settings, region: string = settings.region): ClientSettings {
  return {
    region,
    maxAttempts: 1,
    userAgentAppId: settings.functionName.slice(0, 50),
    requestHandler: REQUEST_HANDLER,
  };
}

/** Makes one client per region on first use, and the same one afterwards. */
export function perRegion<Client>(
  settings: Settings,
  make: (options: ClientSettings) => Client,
): (region: string) => Client {
  const clients = new Map<string, Client>();
  return (region) => {
    const known = clients.get(region);
    if (known !== undefined) return known;
    const made = make(clientSettings(settings, region));
    clients.set(region, made);
    return made;
  };
}
