import { lambda } from "#platform";
import { dynamoDbSendLedger } from "../adapters/dynamodb-send-ledger.ts";
import { dynamoDbSuppressions } from "../adapters/dynamodb-suppressions.ts";
import { recordOutcome } from "../record-outcome.ts";
import { SesEventSchema } from "../ses-event.ts";

/** Notes that SES accepted a mail, and what became of it, from SES's own events. */
export const handler = lambda({
  input: SesEventSchema,
  services: (settings) => ({
    ledger: dynamoDbSendLedger(settings),
    suppressions: dynamoDbSuppressions(settings),
  }),
  run: (event, services, { settings }) => recordOutcome(settings.stage, event, services),
});
