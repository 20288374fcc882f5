import { readFleet } from "#fleet";
import { DayText } from "#ledger";
import { lambda, z } from "#platform";
import { dynamoDbDayBook } from "../adapters/dynamodb-day-book.ts";
import { findDay } from "../find-day.ts";
import { billingTerms } from "../terms.ts";

/** The next day that is to be billed, up to the day before the run's. */
export const handler = lambda({
  input: z.object({ time: z.iso.datetime(), approve: DayText.optional() }),
  services: (settings) => ({
    terms: billingTerms(readFleet(settings.fleetFile)),
    book: dynamoDbDayBook(settings),
  }),
  run: ({ time, approve }, { terms, book }) => findDay(new Date(time), approve, terms, book),
});
