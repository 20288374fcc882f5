import { CreateTableCommand } from "@aws-sdk/client-dynamodb";
import type { Settings } from "#platform";
import { monitorTableName } from "../../../../functions/monitor/adapters/monitor-table.ts";
import { FREEBSD_NOWHERE } from "../../../../local/rehearsal/environment.ts";
import type { RehearsedAccount } from "../../../local/cloud/rehearsed-account.ts";

let stages = 0;

/** A table of its own for a test, in the account's first region, and the settings of a function that uses it. */
export async function newMonitorTable(account: RehearsedAccount): Promise<Settings> {
  stages += 1;
  const stage = `test${stages}`;
  await account.dynamodb.send(
    new CreateTableCommand({
      TableName: monitorTableName(stage),
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: ["part", "item"].map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
      KeySchema: [
        { AttributeName: "part", KeyType: "HASH" },
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
