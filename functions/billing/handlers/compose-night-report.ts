import { readFleet } from "#fleet";
import { DayText } from "#ledger";
import { lambda, z } from "#platform";
import { dynamoDbDayBook } from "../adapters/dynamodb-day-book.ts";
import { composeNightReport } from "../compose-night-report.ts";

/** The morning's report about a day, for the owner. */
export const handler = lambda({
  input: z.object({ day: DayText, mail: z.record(z.string(), z.unknown()).optional() }),
  services: (settings) => ({
    owner: readFleet(settings.fleetFile).owner.mail,
    book: dynamoDbDayBook(settings),
  }),
  run: async ({ day, mail }, { owner, book }) => ({
    notice: await composeNightReport(day, owner, mail, book),
  }),
});
