import { lambda } from "#platform";
import { dynamoDbIncidents } from "../adapters/dynamodb-incidents.ts";
import { dynamoDbOutbox } from "../adapters/dynamodb-outbox.ts";
import { ssmMonitorUrls, ssmTwilioAccount } from "../adapters/ssm-twilio-account.ts";
import { receiveDelivery } from "../telling/receive-delivery.ts";
import { WebhookRequestSchema } from "../telling/webhook-request.ts";

/** Takes what Twilio says of messages and calls of ours. Their StatusCallback, behind a function URL. */
export const handler = lambda({
  input: WebhookRequestSchema,
  services: (settings) => ({
    account: ssmTwilioAccount(settings),
    urls: ssmMonitorUrls(settings),
    outbox: dynamoDbOutbox(settings),
    desk: dynamoDbIncidents(settings),
  }),
  run: (request, services, { clock, log }) =>
    receiveDelivery(request, { ...services, now: clock.now(), log }),
});
