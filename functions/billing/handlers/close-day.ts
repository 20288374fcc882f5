import { DayText } from "#ledger";
import { lambda, z } from "#platform";
import { dynamoDbDayBook } from "../adapters/dynamodb-day-book.ts";
import { DayNotSettledError } from "../failures.ts";

/** Closes a settled day, for good: the last thing that a night does. */
export const handler = lambda({
  input: z.object({ day: DayText }),
  services: (settings) => ({ book: dynamoDbDayBook(settings) }),
  run: async ({ day }, { book }) => {
    if (!(await book.close(day))) throw new DayNotSettledError(`${day} is not settled any more`);
    return { day };
  },
});
