import { readFleet } from "#fleet";
import { lambda } from "#platform";
import { dynamoDbBeats } from "../adapters/dynamodb-beats.ts";
import { ssmHeartbeatSecret } from "../adapters/ssm-heartbeat-secret.ts";
import { HeartbeatRequestSchema, receiveHeartbeat } from "../heartbeats/receive-heartbeat.ts";
import { monitorOf } from "../monitor-of.ts";

/** Takes what jobs and hosts report, behind a function URL. */
export const handler = lambda({
  input: HeartbeatRequestSchema,
  services: (settings) => ({
    monitor: monitorOf(readFleet(settings.fleetFile)),
    beats: dynamoDbBeats(settings),
    secret: ssmHeartbeatSecret(settings),
  }),
  run: (request, services, { clock, log }) =>
    receiveHeartbeat(request, { ...services, now: clock.now(), log }),
});
