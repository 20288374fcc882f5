import { readFleet } from "#fleet";
import { DayText } from "#ledger";
import { lambda, z } from "#platform";
import { dynamoDbDayBook } from "../adapters/dynamodb-day-book.ts";
import { findDay } from "../find-day.ts";

/** The next day that is to be billed, up to the day before the run's. */
export const handler = lambda({
  input: z.object({ time: z.iso.datetime(), approve: DayText.optional() }),
  services: (settings) => ({
    terms: readFleet(settings.fleetFile).billing,
    book: dynamoDbDayBook(settings),
  }),
  run: ({ time, approve }, { terms, book }) => findDay(new Date(time), approve, terms, book),
});
