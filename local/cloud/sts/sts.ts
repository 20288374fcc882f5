import type { Account } from "../account.ts";
import type { ServiceModel } from "../service-model.ts";

/** What it can be asked. */
export const STS_OPERATIONS: readonly string[] = ["GetCallerIdentity"];

/** STS (query): who one is. */
export function stsModel(account: Account): ServiceModel {
  return {
    service: "sts",
    protocol: "query",
    namespace: "https://sts.amazonaws.com/doc/2011-06-15/",
    operations: STS_OPERATIONS,
    resourcesOf: () => [],
    carryOut: async () => ({
      kind: "xml",
      result: {
        Arn: `arn:aws:iam::${account.accountId}:user/rehearsal`,
        UserId: "AIDAREHEARSAL0EXAMPLE",
        Account: account.accountId,
      },
    }),
  };
}
