import { lambda, z } from "#platform";
import { AccountId } from "../account-id.ts";
import { dynamoDbAccountBook } from "../adapters/dynamodb-account-book.ts";
import { ssmDeletionSwitch } from "../adapters/ssm-parameters.ts";
import { deleteAccount } from "../delete-account.ts";

/** Marks an account as deleted, if nothing speaks against it at this moment. */
export const handler = lambda({
  input: z.object({
    account: AccountId,
    approvedBy: z.string().regex(/^\S[^\r\n]{0,99}$/, "who approved it, on one line"),
    time: z.iso.datetime({ offset: true }),
  }),
  services: (settings) => ({
    book: dynamoDbAccountBook(settings),
    deletions: ssmDeletionSwitch(settings),
  }),
  run: ({ time, ...deletion }, ports, { clock }) =>
    deleteAccount({ ...deletion, time: new Date(time) }, clock.now(), ports),
});
