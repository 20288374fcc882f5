import { readFleet } from "#fleet";
import { lambda } from "#platform";
import { dynamoDbInbox } from "../adapters/dynamodb-inbox.ts";
import { dynamoDbIncidents } from "../adapters/dynamodb-incidents.ts";
import { ssmMonitorUrls, ssmTwilioAccount } from "../adapters/ssm-twilio-account.ts";
import { monitorOf } from "../monitor-of.ts";
import { contactsOf } from "../telling/contacts.ts";
import { receiveSms } from "../telling/receive-sms.ts";
import { WebhookRequestSchema } from "../telling/webhook-request.ts";

/** Takes texts that are sent to our number. Twilio's webhook for incoming messages, behind a function URL. */
export const handler = lambda({
  input: WebhookRequestSchema,
  services: (settings) => {
    const monitor = monitorOf(readFleet(settings.fleetFile));
    return {
      account: ssmTwilioAccount(settings),
      urls: ssmMonitorUrls(settings),
      contacts: contactsOf(monitor),
      desk: dynamoDbIncidents(settings),
      inbox: dynamoDbInbox(settings),
      acknowledgedMinutes: monitor.acknowledgedHours * 60,
    };
  },
  run: (request, services, { clock, log }) => receiveSms(request, { ...services, now: clock.now(), log }),
});
