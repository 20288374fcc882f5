import { lambda, z } from "#platform";
import { dynamoDbCheckBook } from "../adapters/dynamodb-check-book.ts";
import { settleReports } from "../settle-reports.ts";

const TriedReportSchema = z.object({ check: z.iso.datetime(), revision: z.int(), failure: z.string() });

/** Records which reports were carried out. */
export const handler = lambda({
  input: z.object({ reports: z.array(TriedReportSchema) }),
  services: (settings) => ({ book: dynamoDbCheckBook(settings) }),
  run: async ({ reports }, { book }) => settleReports(reports, book),
});
