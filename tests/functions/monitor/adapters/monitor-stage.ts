import { CreateTableCommand, DynamoDBClient, waitUntilTableExists } from "@aws-sdk/client-dynamodb";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { monitorTableName } from "../../../../functions/monitor/adapters/monitor-table.ts";
import { type OpenStage, openStage } from "../../ami/fakes/open-stage.ts";

/** A rehearsed account with the monitor's table in it. */
export interface MonitorStage extends OpenStage {
  readonly dynamodb: DynamoDBClient;
  readonly table: string;
  putParameter(name: string, value: string): Promise<void>;
}

export async function openMonitorStage(...faults: string[]): Promise<MonitorStage> {
  const open = await openStage(...faults);
  const owner = { region: open.settings().region, userAgentAppId: "the-owner" };
  const dynamodb = new DynamoDBClient(owner);
  const ssm = new SSMClient(owner);
  const table = monitorTableName(open.settings().stage);
  await createTable(dynamodb, table);
  return {
    ...open,
    dynamodb,
    table,
    putParameter: async (Name, Value) => {
      await ssm.send(new PutParameterCommand({ Name, Value, Type: "SecureString", Overwrite: true }));
    },
  };
}

async function createTable(client: DynamoDBClient, TableName: string): Promise<void> {
  const keys = ["part", "item"] as const;
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: keys.map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
      KeySchema: keys.map((AttributeName, at) => ({ AttributeName, KeyType: at === 0 ? "HASH" : "RANGE" })),
    }),
  );
  await waitUntilTableExists({ client, maxWaitTime: 60, minDelay: 0.01, maxDelay: 1 }, { TableName });
}
