import { readFleet } from "#fleet";
import { lambda, z } from "#platform";
import { dynamoDbBudget } from "../adapters/dynamodb-budget.ts";
import { dynamoDbIncidents } from "../adapters/dynamodb-incidents.ts";
import { dynamoDbOutbox } from "../adapters/dynamodb-outbox.ts";
import { ssmMonitorUrls, ssmTwilioAccount } from "../adapters/ssm-twilio-account.ts";
import { twilioPhone } from "../adapters/twilio-phone.ts";
import { TellStepSchema } from "../escalating/next-step.ts";
import { tellContact } from "../escalating/tell-contact.ts";
import { monitorOf } from "../monitor-of.ts";

/** Sends an SMS or places a call about an incident, once. */
export const handler = lambda({
  input: z.object({ incident: z.int().min(1), next: TellStepSchema }),
  services: (settings) => {
    const monitor = monitorOf(readFleet(settings.fleetFile));
    const account = ssmTwilioAccount(settings);
    const urls = ssmMonitorUrls(settings);
    return {
      monitor,
      incidents: dynamoDbIncidents(settings),
      outbox: dynamoDbOutbox(settings),
      budget: dynamoDbBudget(settings),
      phone: twilioPhone({ baseUrl: settings.twilioUrl, from: monitor.from, account, urls }),
      messagesPerHour: monitor.messagesPerHour,
    };
  },
  /** `seconds` is how long the machine waits before it decides again. */
  run: async ({ incident, next }, desk, { clock }) => ({
    seconds: 1,
    ...(await tellContact(incident, next, clock.now(), desk)),
  }),
});
