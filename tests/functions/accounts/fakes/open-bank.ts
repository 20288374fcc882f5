import {
  BatchWriteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { type Account, accountItem, accountOf, accountTableName, type Item } from "#ledger";
import { useLogOutput } from "#platform";
import { nameFunction } from "../../../../infra/function-name.ts";
import { STAGE } from "../../../../local/rehearsal/stage.ts";
import { openTheatre, type Theatre } from "../../../state-machines/walked-run.ts";

const TableName = accountTableName(STAGE);

/** A rehearsed account with customers in it, and somebody who reads the log. */
export interface Bank {
  readonly theatre: Theatre;
  /** Calls a function of this domain as Lambda would. */
  call(handler: string, event: object): Promise<unknown>;
  /** Puts an account into the table as it stands, over any that is there. */
  put(account: Account): Promise<void>;
  account(id: string): Promise<Account | undefined>;
  /** Who approved a deletion, which is on the item and nowhere else. */
  deletedBy(id: string): Promise<string | undefined>;
  /** Moves a balance, as an entry would that billing books. */
  pay(id: string, attodollars: bigint): Promise<void>;
  setParameter(name: string, value: string): Promise<void>;
  /** Metrics that were written so far, as `name function`. */
  metrics(): string[];
  close(): Promise<void>;
}

/** Opens one on a stage of its own. `faults` as an operator writes them. */
export async function openBank(...faults: string[]): Promise<Bank> {
  return bankOn(await openTheatre(faults));
}

/** Opens one on a stage that is set; closing it takes the stage down. */
export function bankOn(theatre: Theatre): Bank {
  const lines: Record<string, unknown>[] = [];
  const restoreLog = useLogOutput((line) => lines.push(JSON.parse(line)));
  const owner = { region: theatre.stage.fleet.regions.home, userAgentAppId: "the-owner" };
  const dynamodb = new DynamoDBClient(owner);
  const ssm = new SSMClient(owner);
  const item = async (id: string) => {
    const Key = { account: { S: id } };
    const { Item } = await dynamodb.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
    return Item;
  };
  return {
    theatre,
    call: (handler, event) => theatre.power.engine.invoke(nameFunction("accounts", handler), event),
    put: async (account) => {
      // Not by PutItem, lest a fault that is meant for a function strike here.
      const PutRequest = { Item: accountItem(account) as never };
      await dynamodb.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: [{ PutRequest }] } }));
    },
    account: async (id) => {
      const found = await item(id);
      return found === undefined ? undefined : accountOf(found as unknown as Item);
    },
    deletedBy: async (id) => (await item(id))?.deletedBy?.S,
    pay: async (id, attodollars) => {
      await dynamodb.send(
        new UpdateItemCommand({
          TableName,
          Key: { account: { S: id } },
          UpdateExpression: "SET balance = balance + :amount, rev = rev + :one",
          ExpressionAttributeValues: { ":amount": { N: String(attodollars) }, ":one": { N: "1" } },
        }),
      );
    },
    setParameter: async (Name, Value) => {
      await ssm.send(new PutParameterCommand({ Name, Value, Type: "SecureString", Overwrite: true }));
    },
    metrics: () =>
      lines.flatMap((line) => {
        const { CloudWatchMetrics: [declared] = [] } = (line._aws ?? {}) as {
          CloudWatchMetrics?: { Metrics: { Name: string }[] }[];
        };
        const names = declared?.Metrics.map(({ Name }) => Name) ?? [];
        return names.filter((name) => name !== "Duration").map((name) => `${name} ${line.function}`);
      }),
    close: async () => {
      dynamodb.destroy();
      ssm.destroy();
      restoreLog();
      await theatre.close();
    },
  };
}
