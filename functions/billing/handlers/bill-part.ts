import { readFleet } from "#fleet";
import { DayText } from "#ledger";
import { lambda, z } from "#platform";
import { dynamoDbLedger } from "../adapters/dynamodb-ledger.ts";
import { s3NightShelf } from "../adapters/s3-night-shelf.ts";
import { s3UsageShelf } from "../adapters/s3-usage-shelf.ts";
import { billPart } from "../bill-part.ts";
import { billingTerms } from "../terms.ts";

const Task = z.object({
  day: DayText,
  time: z.iso.datetime().transform((text) => new Date(text)),
  part: z.number().int().min(0),
  manifest: z.string(),
  chargesApproved: z.boolean(),
});

/** Bills a part of a day as far as its time goes. */
export const handler = lambda({
  input: z.object({ task: Task }),
  services: (settings) => ({
    terms: billingTerms(readFleet(settings.fleetFile)),
    usage: s3UsageShelf(settings),
    ledger: dynamoDbLedger(settings),
    shelf: s3NightShelf(settings),
  }),
  run: async ({ task }, { terms, ...ports }, { clock }) => ({
    done: await billPart(task, terms, { ...ports, pace: clock }),
  }),
});
