import { readFleet } from "#fleet";
import { lambda, z } from "#platform";
import { dynamoDbRotationBook } from "../adapters/dynamodb-rotation-book.ts";
import { randomKey } from "../adapters/random-key.ts";
import { ssmKeyStore } from "../adapters/ssm-key-store.ts";
import { makeNextKey } from "../keys.ts";
import { RotationSchema } from "../rotation.ts";

/** The key that is to come, beside the one in force. Answers fingerprints. */
export const handler = lambda({
  input: z.object({ rotation: RotationSchema }),
  services: (settings) => ({
    book: dynamoDbRotationBook(settings),
    store: ssmKeyStore(settings, readFleet(settings.fleetFile).regions),
    random: randomKey,
  }),
  run: ({ rotation }, services) => makeNextKey(rotation, services),
});
