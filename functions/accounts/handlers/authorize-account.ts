import { lambda, z } from "#platform";
import { AccountId } from "../account-id.ts";
import { dynamoDbAccountBook } from "../adapters/dynamodb-account-book.ts";
import { authorizeAccount } from "../authorize-account.ts";

/** Tells the backup service what an account may do. Called by it directly. */
export const handler = lambda({
  input: z.object({ account: AccountId }),
  services: (settings) => ({ book: dynamoDbAccountBook(settings) }),
  run: ({ account }, { book }, { log }) => authorizeAccount(account, { book, log }),
});
