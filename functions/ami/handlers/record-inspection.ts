import { lambda, z } from "#platform";
import { dynamoDbBuildBook } from "../adapters/dynamodb-build-book.ts";
import { BuildSchema } from "../build.ts";

const Package = z.object({ name: z.string(), version: z.string() });

/** Puts the inspection on record before the disk is unmounted, so that a run can be taken up after a crash. */
export const handler = lambda({
  input: z.object({ build: BuildSchema, instanceId: z.string(), packages: z.array(Package) }),
  services: (settings) => ({ book: dynamoDbBuildBook(settings) }),
  run: async ({ build, instanceId, packages }, { book }) => {
    await book.recordInspection(build, instanceId, packages);
    return {};
  },
});
