import { readFleet } from "#fleet";
import { lambda, z } from "#platform";
import { dynamoDbSendLedger } from "../adapters/dynamodb-send-ledger.ts";
import { dynamoDbSuppressions } from "../adapters/dynamodb-suppressions.ts";
import { s3NoticeShelf } from "../adapters/s3-notice-shelf.ts";
import { sesMailQuota } from "../adapters/ses-mail-quota.ts";
import { sesMailSender } from "../adapters/ses-mail-sender.ts";
import { sendersOf } from "../notice-message.ts";
import { ProgressSchema } from "../notices-progress.ts";
import { sendNotices } from "../send-notices.ts";

/** Sends the notices that a night left in the bucket, as far as time and SES's quota go. */
export const handler = lambda({
  input: z.object({
    prefix: z.string().regex(/^nights\//, "a place below nights/"),
    sofar: ProgressSchema.optional(),
  }),
  services: (settings) => ({
    stage: settings.stage,
    senders: sendersOf(readFleet(settings.fleetFile)),
    quota: sesMailQuota(settings),
    shelf: s3NoticeShelf(settings),
    ports: {
      ledger: dynamoDbSendLedger(settings),
      sender: sesMailSender(settings),
      suppressions: dynamoDbSuppressions(settings),
    },
  }),
  run: ({ prefix, sofar }, desk, { clock }) => sendNotices(prefix, sofar, desk, clock),
});
