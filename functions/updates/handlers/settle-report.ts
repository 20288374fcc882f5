import { lambda, z } from "#platform";
import { dynamoDbCheckBook } from "../adapters/dynamodb-check-book.ts";
import { settleReport } from "../settle-report.ts";

/** Records that a report was carried out. */
export const handler = lambda({
  input: z.object({ check: z.iso.datetime(), revision: z.int() }),
  services: (settings) => ({ book: dynamoDbCheckBook(settings) }),
  run: async (report, { book }) => settleReport(report, book),
});
