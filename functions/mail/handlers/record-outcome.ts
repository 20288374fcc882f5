import { lambda } from "#platform";
import { dynamoDbSendLedger } from "../adapters/dynamodb-send-ledger.ts";
import { recordOutcome, SendEventSchema } from "../record-outcome.ts";

/** Notes that SES accepted a mail, from SES's own event. */
export const handler = lambda({
  input: SendEventSchema,
  services: (settings) => ({ ledger: dynamoDbSendLedger(settings) }),
  run: (event, { ledger }) => recordOutcome(event, ledger),
});
