import { lambda, z } from "#platform";
import { dynamoDbSendLedger } from "../adapters/dynamodb-send-ledger.ts";
import { dynamoDbSuppressions } from "../adapters/dynamodb-suppressions.ts";
import { sesMailSender } from "../adapters/ses-mail-sender.ts";
import { MessageSchema } from "../message.ts";
import { sendMessage } from "../send-message.ts";

/** Sends a message, once to each recipient. */
export const handler = lambda({
  input: z.object({ message: MessageSchema }),
  services: (settings) => ({
    ledger: dynamoDbSendLedger(settings),
    sender: sesMailSender(settings),
    suppressions: dynamoDbSuppressions(settings),
  }),
  run: ({ message }, services, { clock, settings }) =>
    sendMessage(settings.stage, message, clock.now(), services),
});
