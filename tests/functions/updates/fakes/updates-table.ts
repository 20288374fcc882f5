import { CreateTableCommand } from "@aws-sdk/client-dynamodb";
import type { Settings } from "#platform";
import { updatesTableName } from "../../../../functions/updates/adapters/updates-table.ts";
import { FREEBSD_NOWHERE } from "../../../../local/rehearsal/environment.ts";
import type { RehearsedAccount } from "../../../local/cloud/rehearsed-account.ts";

let stages = 0;

/** A table of its own for a test, in the account's first region, and the settings of a function that uses it. */
export async function newUpdatesTable(account: RehearsedAccount): Promise<Settings> {
  stages += 1;
  const stage = `test${stages}`;
  await account.dynamodb.send(
    new CreateTableCommand({
      TableName: updatesTableName(stage),
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: ["check", "item"].map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
      KeySchema: [
        { AttributeName: "check", KeyType: "HASH" },
        { AttributeName: "item", KeyType: "RANGE" },
      ],
    }),
  );
  return {
    ...{ stage, region: "us-east-1", functionName: "the-test", fleetFile: "", sshPort: 22, bucket: "" },
    twilioUrl: "http://127.0.0.1:9",
    ...FREEBSD_NOWHERE,
  };
}
