import { lambda, z } from "#platform";
import { dynamoDbBuildBook } from "../adapters/dynamodb-build-book.ts";
import { BuildSchema } from "../build.ts";

const Published = z.object({ region: z.string(), imageId: z.string() });

/** Puts on record where the image is current. Returns every region with its image, home first. */
export const handler = lambda({
  input: z.object({ build: BuildSchema, home: Published, copies: z.array(Published) }),
  services: (settings) => ({ book: dynamoDbBuildBook(settings) }),
  run: async ({ build, home, copies }, { book }, { clock }) => {
    const published = [home, ...copies];
    const images = Object.fromEntries(published.map(({ region, imageId }) => [region, imageId]));
    await book.recordPublished(build, images, clock.now());
    return { published, images };
  },
});
