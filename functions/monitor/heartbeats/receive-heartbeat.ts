import type { Monitor } from "#fleet";
import { type Log, z } from "#platform";
import type { BeatBook, HeartbeatSecret } from "../ports.ts";
import { readHeartbeatPath } from "./heartbeat-url.ts";

/** A request as a Lambda function URL hands it over (Lambda guide, payload format 2.0). Its body is not looked at. */
export const HeartbeatRequestSchema = z.object({
  rawPath: z.string().default("/"),
  requestContext: z.object({ http: z.object({ method: z.string() }) }).optional(),
});

export type HeartbeatRequest = z.infer<typeof HeartbeatRequestSchema>;

interface Reception {
  readonly monitor: Monitor;
  readonly beats: BeatBook;
  readonly secret: HeartbeatSecret;
  readonly now: Date;
  readonly log: Log;
}

/**
 * Takes a job's report. `curl -m 10 --retry 5` tries again upon the 503 by which a failure of ours is answered; whoever
 * has no valid address is told no more than that there is nothing.
 */
export async function receiveHeartbeat({ rawPath }: HeartbeatRequest, reception: Reception) {
  const { monitor, beats, secret, now, log } = reception;
  try {
    const read = readHeartbeatPath(rawPath, await secret.read());
    if (read === undefined) return answer(404, "no such heartbeat\n");
    if (monitor.checks[read.check]?.kind !== "heartbeat")
      return answer(404, `no heartbeat check ${read.check} in the fleet\n`);
    await beats.beat(read.check, read.beat, now);
    return answer(200, "OK\n");
  } catch (error) {
    const failure = error instanceof Error ? error : new Error(String(error));
    log.error(`a heartbeat could not be kept: ${failure.message}`, { error: failure.name });
    log.metric("HeartbeatDeferred", 1, "Count");
    return answer(503, "not now\n", { "retry-after": "10" });
  }
}

function answer(statusCode: number, body: string, headers: Record<string, string> = {}) {
  return {
    statusCode,
    headers: { "content-type": "text/plain", "cache-control": "no-store", ...headers },
    body,
  };
}
