import { AttodollarText } from "#ledger";
import { lambda, z } from "#platform";
import { dynamoDbAccountRegister } from "../adapters/dynamodb-account-register.ts";
import { dynamoDbLedger } from "../adapters/dynamodb-ledger.ts";
import { auditAccounts } from "../audit-accounts.ts";

const Count = z.number().int().min(0);
const Progress = z.object({
  cursor: z.string().optional(),
  accounts: Count,
  balance: AttodollarText,
  wrong: z.array(z.string()),
});

/** Checks the books of a segment of all accounts, as far as its time goes. */
export const handler = lambda({
  input: z.object({ segment: Count, segments: Count, sofar: Progress }),
  services: (settings) => ({
    register: dynamoDbAccountRegister(settings),
    ledger: dynamoDbLedger(settings),
  }),
  run: async ({ segment, segments, sofar }, services, { clock }) => {
    const before = { ...sofar, cursor: sofar.cursor, done: false };
    const { balance, ...rest } = await auditAccounts({ segment, segments }, before, {
      ...services,
      pace: clock,
    });
    return { ...rest, balance: String(balance) };
  },
});
