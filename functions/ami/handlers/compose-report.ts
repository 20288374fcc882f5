import { readFleet } from "#fleet";
import { lambda, z } from "#platform";
import { dynamoDbBuildBook } from "../adapters/dynamodb-build-book.ts";
import { BuildSchema } from "../build.ts";
import { composeReport } from "../compose-report.ts";

/** Writes the mail about a finished build. */
export const handler = lambda({
  input: z.object({ build: BuildSchema, retired: z.array(z.object({ retired: z.array(z.string()) })) }),
  services: (settings) => ({ fleet: readFleet(settings.fleetFile), book: dynamoDbBuildBook(settings) }),
  run: ({ build, retired }, { fleet, book }) =>
    composeReport(
      build,
      retired.flatMap((region) => region.retired),
      fleet.owner,
      book,
    ),
});
