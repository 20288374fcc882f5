import { readFleet } from "#fleet";
import { lambda, z } from "#platform";
import { dynamoDbBuildBook } from "../adapters/dynamodb-build-book.ts";
import { BuildSchema } from "../build.ts";
import { imageOfBuild } from "../fleet-images.ts";

/** Makes this execution the only one that builds the image. */
export const handler = lambda({
  input: z.object({ build: BuildSchema }),
  services: (settings) => ({ fleet: readFleet(settings.fleetFile), book: dynamoDbBuildBook(settings) }),
  run: ({ build }, { fleet, book }, { clock }) =>
    book.claim(build, clock.now(), imageOfBuild(fleet, build).spec.deadlineMinutes),
});
