import { readFleet } from "#fleet";
import { lambda } from "#platform";
import { dynamoDbRotationBook } from "../adapters/dynamodb-rotation-book.ts";
import { ssmKeyStore } from "../adapters/ssm-key-store.ts";
import { beginSwitch } from "../keys.ts";
import { requireKnownEnds } from "../plan-rotation.ts";
import { BegunRotationSchema } from "../rotation.ts";

/** Notes that from now on the rotation only goes forward: hosts are about to forget the old key. */
export const handler = lambda({
  input: BegunRotationSchema,
  services: (settings) => {
    const fleet = readFleet(settings.fleetFile);
    return { fleet, book: dynamoDbRotationBook(settings), store: ssmKeyStore(settings, fleet.regions) };
  },
  run: async ({ rotation, to, servers, clients }, { fleet, book, store }) => {
    requireKnownEnds(fleet, { pipe: rotation.pipe, ends: [...servers, ...clients] });
    await beginSwitch(rotation, to, { book, store });
    return {};
  },
});
