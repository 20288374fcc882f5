import { readFleet } from "#fleet";
import { DayText } from "#ledger";
import { lambda, z } from "#platform";
import { dynamoDbDayBook } from "../adapters/dynamodb-day-book.ts";
import { s3UsageShelf } from "../adapters/s3-usage-shelf.ts";
import { planDay } from "../plan-day.ts";
import { billingTerms } from "../terms.ts";

/** Judges a day by its manifest, before anybody is charged. */
export const handler = lambda({
  input: z.object({ day: DayText, time: z.iso.datetime() }),
  services: (settings) => ({
    terms: billingTerms(readFleet(settings.fleetFile)),
    usage: s3UsageShelf(settings),
    book: dynamoDbDayBook(settings),
  }),
  run: ({ day, time }, { terms, ...ports }) => planDay(day, new Date(time), terms, ports),
});
