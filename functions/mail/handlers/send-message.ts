import { lambda, z } from "#platform";
import { dynamoDbSendLedger } from "../adapters/dynamodb-send-ledger.ts";
import { dynamoDbSuppressions } from "../adapters/dynamodb-suppressions.ts";
import { sesMailSender } from "../adapters/ses-mail-sender.ts";
import { MessageSchema } from "../message.ts";
import { sendMessage } from "../send-message.ts";
import { raiseUnsent } from "../unsent-report.ts";

/** Sends a message, once to each recipient. Messages are reports to the owner. */
export const handler = lambda({
  input: z.object({ message: MessageSchema }),
  services: (settings) => ({
    ledger: dynamoDbSendLedger(settings),
    sender: sesMailSender(settings),
    suppressions: dynamoDbSuppressions(settings),
  }),
  run: async ({ message }, services, { clock, log, settings }) => {
    const counts = await sendMessage(settings.stage, message, clock.now(), services);
    if (counts.suppressed > 0) raiseUnsent(message.id, "suppressed", log);
    return counts;
  },
});
