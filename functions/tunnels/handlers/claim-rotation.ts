import { readFleet } from "#fleet";
import { lambda, z } from "#platform";
import { dynamoDbRotationBook } from "../adapters/dynamodb-rotation-book.ts";
import { sfnExecutions } from "../adapters/sfn-executions.ts";
import { claimRotation } from "../claim-rotation.ts";

/** Makes this execution the only one that rotates a key, or the heir of one that died. */
export const handler = lambda({
  input: z.object({ pipe: z.string().min(1), executionArn: z.string() }),
  services: (settings) => ({
    fleet: readFleet(settings.fleetFile),
    book: dynamoDbRotationBook(settings),
    executions: sfnExecutions(settings),
  }),
  run: ({ pipe, executionArn }, { fleet, book, executions }, { clock }) =>
    claimRotation({ fleet, pipe, executionArn, at: clock.now() }, { book, executions }),
});
