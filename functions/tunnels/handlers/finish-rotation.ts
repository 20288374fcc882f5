import { lambda, z } from "#platform";
import { dynamoDbRotationBook } from "../adapters/dynamodb-rotation-book.ts";
import { RotationSchema } from "../rotation.ts";

/** Gives the claim back, and notes how the rotation ended. After the mail that says so. */
export const handler = lambda({
  input: z.object({ rotation: RotationSchema, outcome: z.enum(["rotated", "undone"]) }),
  services: (settings) => ({ book: dynamoDbRotationBook(settings) }),
  run: async ({ rotation, outcome }, { book }, { clock }) => {
    await book.finish(rotation, outcome, clock.now());
    return {};
  },
});
