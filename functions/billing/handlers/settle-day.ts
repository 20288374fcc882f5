import { readFleet } from "#fleet";
import { DayText } from "#ledger";
import { lambda, z } from "#platform";
import { dynamoDbDayBook } from "../adapters/dynamodb-day-book.ts";
import { s3NightShelf } from "../adapters/s3-night-shelf.ts";
import { s3UsageShelf } from "../adapters/s3-usage-shelf.ts";
import { settleDay } from "../settle-day.ts";
import { billingTerms } from "../terms.ts";

const Input = z.object({
  day: DayText,
  time: z.iso.datetime().transform((text) => new Date(text)),
  manifest: z.string(),
  parts: z.array(z.object({ part: z.number(), error: z.string() })),
});

/** Adds up a day that was billed, or says why it stays open. */
export const handler = lambda({
  input: Input,
  services: (settings) => ({
    terms: billingTerms(readFleet(settings.fleetFile)),
    usage: s3UsageShelf(settings),
    shelf: s3NightShelf(settings),
    book: dynamoDbDayBook(settings),
  }),
  run: async (input, { terms, ...ports }) => {
    const { state, reasons } = await settleDay(input, terms, ports);
    return { state, reason: reasons.join("; "), notices: `nights/${input.day}/notices/` };
  },
});
