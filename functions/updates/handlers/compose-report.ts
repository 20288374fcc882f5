import { readFleet } from "#fleet";
import { lambda, z } from "#platform";
import { dynamoDbCheckBook } from "../adapters/dynamodb-check-book.ts";
import { composeReport } from "../compose-report.ts";

/** Decides what is new in a check, and answers the reports that are to be carried out. */
export const handler = lambda({
  input: z.object({ check: z.iso.datetime() }),
  services: (settings) => ({ fleet: readFleet(settings.fleetFile), book: dynamoDbCheckBook(settings) }),
  run: async ({ check }, { fleet, book }, { settings }) => {
    const { reports, trouble } = await composeReport(check, fleet, book, settings.stage);
    return {
      hasReports: reports.length > 0,
      trouble: trouble ?? { error: "", cause: "" },
      reports: reports.map((one) => ({
        ...one,
        hasMessage: one.message !== null,
        hasBuilds: one.builds.length > 0,
      })),
    };
  },
});
