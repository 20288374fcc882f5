import { lambda, z } from "#platform";
import { dynamoDbAccountBook } from "../adapters/dynamodb-account-book.ts";
import { OpeningSchema } from "../new-account.ts";
import { openAccount } from "../open-account.ts";

/** Opens an account, and composes the notice by which its customer confirms the address. */
export const handler = lambda({
  input: z.object({ opening: OpeningSchema }),
  services: (settings) => ({ book: dynamoDbAccountBook(settings) }),
  run: ({ opening }, { book }) => openAccount(opening, book),
});
