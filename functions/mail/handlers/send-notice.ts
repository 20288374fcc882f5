import { readFleet } from "#fleet";
import { lambda, z } from "#platform";
import { dynamoDbSendLedger } from "../adapters/dynamodb-send-ledger.ts";
import { dynamoDbSuppressions } from "../adapters/dynamodb-suppressions.ts";
import { sesMailSender } from "../adapters/ses-mail-sender.ts";
import { NoticeSchema } from "../notice.ts";
import { sendersOf } from "../notice-message.ts";
import { counted, NOTHING_SENT } from "../notices-progress.ts";
import { sendNotice } from "../send-notice.ts";
import { raiseUnsent } from "../unsent-report.ts";

/** Writes a notice and sends it, once. */
export const handler = lambda({
  input: z.object({ notice: NoticeSchema }),
  services: (settings) => ({
    stage: settings.stage,
    senders: sendersOf(readFleet(settings.fleetFile)),
    ports: {
      ledger: dynamoDbSendLedger(settings),
      sender: sesMailSender(settings),
      suppressions: dynamoDbSuppressions(settings),
    },
  }),
  run: async ({ notice }, desk, { clock, log }) => {
    const { sent, already, suppressed, refused } = counted(
      NOTHING_SENT,
      await sendNotice(notice, clock.now(), desk),
    );
    if (notice.template === "night-report" && sent + already === 0)
      raiseUnsent(notice.id, suppressed > 0 ? "suppressed" : "refused", log);
    return { sent, already, suppressed, refused };
  },
});
