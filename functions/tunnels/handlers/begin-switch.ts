import { lambda, z } from "#platform";
import { dynamoDbRotationBook } from "../adapters/dynamodb-rotation-book.ts";
import { RotationSchema } from "../rotation.ts";

/** Notes that from now on the rotation only goes forward: hosts are about to forget the old key. */
export const handler = lambda({
  input: z.object({ rotation: RotationSchema }),
  services: (settings) => ({ book: dynamoDbRotationBook(settings) }),
  run: async ({ rotation }, { book }) => {
    await book.recordSwitching(rotation);
    return {};
  },
});
