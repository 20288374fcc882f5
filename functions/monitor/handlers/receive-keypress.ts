import { readFleet } from "#fleet";
import { lambda } from "#platform";
import { dynamoDbIncidents } from "../adapters/dynamodb-incidents.ts";
import { ssmMonitorUrls, ssmTwilioAccount } from "../adapters/ssm-twilio-account.ts";
import { monitorOf } from "../monitor-of.ts";
import { contactsOf } from "../telling/contacts.ts";
import { receiveKeypress } from "../telling/receive-keypress.ts";
import { WebhookRequestSchema } from "../telling/webhook-request.ts";

/** Takes keys that are pressed during calls of ours. The action of their Gather, behind a function URL. */
export const handler = lambda({
  input: WebhookRequestSchema,
  services: (settings) => {
    const monitor = monitorOf(readFleet(settings.fleetFile));
    return {
      account: ssmTwilioAccount(settings),
      urls: ssmMonitorUrls(settings),
      contacts: contactsOf(monitor),
      desk: dynamoDbIncidents(settings),
      acknowledgedMinutes: monitor.acknowledgedHours * 60,
    };
  },
  run: (request, services, { clock, log }) =>
    receiveKeypress(request, { ...services, now: clock.now(), log }),
});
