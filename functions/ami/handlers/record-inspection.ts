import { lambda, z } from "#platform";
import { dynamoDbBuildBook } from "../adapters/dynamodb-build-book.ts";
import { BuildSchema } from "../build.ts";

const Package = z.object({ name: z.string(), version: z.string() });

/** Puts the packages on record before the image exists, so that a finished image can be taken up after a crash. */
export const handler = lambda({
  input: z.object({ build: BuildSchema, packages: z.array(Package) }),
  services: (settings) => ({ book: dynamoDbBuildBook(settings) }),
  run: async ({ build, packages }, { book }) => {
    await book.recordInspection(build, packages);
    return {};
  },
});
