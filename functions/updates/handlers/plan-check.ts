import { readFleet } from "#fleet";
import { lambda, z } from "#platform";
import { dynamoDbCheckBook } from "../adapters/dynamodb-check-book.ts";
import { planCheck } from "../plan-check.ts";

/** Decides what the check of this instant is about. */
export const handler = lambda({
  input: z.object({ time: z.iso.datetime({ offset: true }) }),
  services: (settings) => ({ fleet: readFleet(settings.fleetFile), book: dynamoDbCheckBook(settings) }),
  run: ({ time }, { fleet, book }, { clock }) => planCheck(new Date(time), fleet, book, clock.now()),
});
