import { AttodollarText, DayText } from "#ledger";
import { lambda, z } from "#platform";
import { dynamoDbAccountRegister } from "../adapters/dynamodb-account-register.ts";
import { dynamoDbLedger } from "../adapters/dynamodb-ledger.ts";
import { creditAccounts } from "../credit-accounts.ts";

const Count = z.number().int().min(0);
const Incident = z
  .object({
    incident: z.string().regex(/^[A-Za-z0-9._-]{1,60}$/, "letters, digits, . _ -"),
    on: DayText,
    amount: AttodollarText.refine((amount) => amount > 0n, "a credit is positive").optional(),
    storageDays: z.number().int().min(1).max(365).optional(),
  })
  .refine(({ amount, storageDays }) => (amount === undefined) !== (storageDays === undefined), {
    message: "either an amount or days of storage",
  });

const Progress = z.object({
  cursor: z.string().optional(),
  credited: Count,
  already: Count,
  passed: Count,
  refused: z.array(z.string()).default([]),
});

/** Credits a segment of all accounts for an incident, as far as its time goes. */
export const handler = lambda({
  input: z.object({ incident: Incident, segment: Count, segments: Count, sofar: Progress }),
  services: (settings) => ({
    register: dynamoDbAccountRegister(settings),
    ledger: dynamoDbLedger(settings),
  }),
  run: async ({ incident, segment, segments, sofar }, services, { clock }) => {
    const progress = await creditAccounts(
      incident,
      { segment, segments },
      { ...sofar, cursor: sofar.cursor, done: false },
      { ...services, pace: clock },
    );
    return { ...progress, hasRefused: progress.refused.length > 0 };
  },
});
