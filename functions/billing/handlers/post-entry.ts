import { AttodollarText, DayText, ENTRY_KINDS } from "#ledger";
import { lambda, z } from "#platform";
import { dynamoDbLedger } from "../adapters/dynamodb-ledger.ts";
import { paymentNotice } from "../notices.ts";
import { postEntry } from "../post-entry.ts";

const Entry = z.object({
  id: z.string().regex(/^[\x21-\x7e]{1,100}$/, "up to 100 printable characters without spaces"),
  kind: z.enum(ENTRY_KINDS),
  on: DayText,
  amount: AttodollarText.optional(),
  reverses: z.string().min(1).max(100).optional(),
});

/** Books an entry once, and composes the mail that follows from a payment. */
export const handler = lambda({
  input: z.object({ account: z.string().min(1), entry: Entry }),
  services: (settings) => ({ ledger: dynamoDbLedger(settings) }),
  run: async ({ account: name, entry: posting }, { ledger }) => {
    const { account, entry, already } = await postEntry(ledger, name, posting);
    const isPayment = entry.kind === "payment";
    return {
      already,
      amount: String(entry.amount),
      balance: String(account.balance),
      mail: isPayment,
      ...(isPayment ? { notice: paymentNotice(account, posting.id, entry) } : {}),
    };
  },
});
