import { DayText } from "#ledger";
import { lambda, z } from "#platform";
import { AccountId } from "../account-id.ts";
import { dynamoDbAccountBook } from "../adapters/dynamodb-account-book.ts";
import { parkAccount } from "../park-account.ts";

/** Parks an account, or takes it back into service. */
export const handler = lambda({
  input: z.object({ account: AccountId, parked: z.boolean(), day: DayText }),
  services: (settings) => ({ book: dynamoDbAccountBook(settings) }),
  run: (request, { book }) => parkAccount(request, book),
});
