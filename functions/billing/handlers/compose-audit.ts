import { AttodollarText, sum } from "#ledger";
import { lambda, z } from "#platform";

const Segment = z.object({
  accounts: z.number().int().min(0),
  balance: AttodollarText,
  wrong: z.array(z.string()),
});

/** The whole of an audit, of its segments. */
export const handler = lambda({
  input: z.object({ segments: z.array(Segment) }),
  services: () => ({}),
  run: async ({ segments }) => {
    const wrong = segments.flatMap((one) => one.wrong);
    return {
      accounts: segments.reduce((count, { accounts }) => count + accounts, 0),
      balance: String(sum(segments.map(({ balance }) => balance))),
      inOrder: wrong.length === 0,
      reason: wrong.slice(0, 20).join("; "),
    };
  },
});
