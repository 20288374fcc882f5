import { DynamoDBClient, GetItemCommand, PutItemCommand, paginateQuery } from "@aws-sdk/client-dynamodb";
import {
  type Account,
  accountTableName,
  type Entry,
  entryItem,
  type Item,
  monthOf,
  numberValue,
  type Statement,
  statementItem,
  statementOfItem,
  statementTableName,
  textValue,
} from "#ledger";
import { clientSettings, conditionalWrite, type Settings } from "#platform";
import type { ChargeRequest, Ledger, Marks } from "../ports.ts";
import {
  accountFrom,
  brokenAccount,
  conditionalUpdate,
  type Update,
  valuesOf,
} from "./conditional-update.ts";

const ATTRIBUTES: Readonly<Record<keyof Marks, string>> = {
  lowOn: "low",
  suspendedOn: "suspended",
  deletableFrom: "deletable",
};

/** Charges are numbers under the day of the month, so that an item stays within 1 KB (layers/ledger/item.ts). */
const CHARGE = [
  "balance = balance - :total",
  "rev = rev + :one",
  "#last = :total",
  "#part = :part",
  "rate = :storage",
] as const;
const IN_SERVICE = ["attribute_not_exists(parked)", "attribute_not_exists(deleted)"] as const;

/** The ledger in DynamoDB: tables `nightshift-STAGE-accounts` and `nightshift-STAGE-statements`. */
export function dynamoDbLedger(settings: Settings): Ledger {
  const client = new DynamoDBClient(clientSettings(settings));
  const accounts = accountTableName(settings.stage);
  const statements = statementTableName(settings.stage);
  const update = (one: Update) => conditionalUpdate(client, accounts, one);
  return {
    read: async (account) => {
      const Key = { account: { S: account } };
      const { Item } = await client.send(
        new GetItemCommand({ TableName: accounts, Key, ConsistentRead: true }),
      );
      return Item === undefined ? undefined : accountFrom(Item);
    },
    charge: (account, request) => update(chargeUpdate(account, request)),
    openMonth: (seen, request) => update(openingUpdate(seen, request)),
    cutStatement: (statement) => cutStatement(client, statements, statement),
    statements: async (account) => {
      const found: Statement[] = [];
      const pages = paginateQuery(
        { client },
        {
          TableName: statements,
          KeyConditionExpression: "account = :account",
          ExpressionAttributeValues: { ":account": { S: account } },
          ConsistentRead: true,
        },
      );
      for await (const { Items = [] } of pages)
        found.push(...Items.map((item) => statementFrom(account, item as unknown as Item)));
      return found;
    },
    addEntry: (seen, id, entry, cleared) => update(entryUpdate(seen, id, entry, cleared)),
    mark: (seen, marks) => update(markUpdate(seen, marks)),
  };
}

function statementFrom(account: string, item: Item): Statement {
  try {
    return statementOfItem(item);
  } catch (error) {
    throw brokenAccount(account, error);
  }
}

function chargeUpdate(account: string, request: ChargeRequest): Update {
  const { used, values, names, bound } = partsOf(request);
  return {
    account,
    set: [
      ...CHARGE,
      "#days.#day = :total",
      ...used.map((name) => `${name} = ${name} + ${placeholder(name)}`),
    ],
    when: ["#month = :month", "attribute_not_exists(#days.#day)", ...IN_SERVICE, ...bound],
    names: { ...names, "#day": request.day.slice(8) },
    values,
  };
}

/** On the right of a SET stand the values before it: the old balance becomes the opening one, then is charged. */
function openingUpdate(seen: Account, request: ChargeRequest): Update {
  const { used, values, names, bound } = partsOf(request);
  return {
    account: seen.account,
    set: [
      ...CHARGE,
      "opening = balance",
      "#month = :month",
      "#days = :days",
      "entries = :none",
      "closed = :closed",
      "closedOn = :day",
      ...used.map((name) => `${name} = ${placeholder(name)}`),
    ],
    when: ["rev = :seen", ...IN_SERVICE, ...bound],
    names,
    values: {
      ...values,
      ":days": { M: { [request.day.slice(8)]: numberValue(request.charge.total) } },
      ":none": { M: {} },
      ":closed": textValue(seen.month),
      ":day": textValue(request.day),
      ":seen": numberValue(seen.revision),
    },
  };
}

function partsOf({ day, part, usage, charge, leastLastCharge }: ChargeRequest) {
  const bound = leastLastCharge === undefined ? [] : ["(attribute_not_exists(#last) OR #last >= :least)"];
  return {
    used: ["#stored", "#in", "#out", "#storage"],
    bound,
    names: {
      "#days": "days",
      "#month": "month",
      "#last": "last",
      "#part": "part",
      "#in": "in",
      "#out": "out",
      "#stored": "stored",
      "#storage": "storage",
    },
    values: {
      ":one": numberValue(1n),
      ":total": numberValue(charge.total),
      ":part": numberValue(part),
      ":storage": numberValue(charge.storage),
      ":stored": numberValue(usage.storedBytes),
      ":in": numberValue(usage.bytesIn),
      ":out": numberValue(usage.bytesOut),
      ":month": textValue(monthOf(day)),
      ...(leastLastCharge === undefined ? {} : { ":least": numberValue(leastLastCharge) }),
    },
  };
}

function placeholder(name: string): string {
  return `:${name.replace("#", "")}`;
}

function entryUpdate(seen: Account, id: string, entry: Entry, cleared: readonly (keyof Marks)[]): Update {
  return {
    account: seen.account,
    set: ["balance = balance + :amount", "rev = rev + :one", "entries.#id = :entry"],
    remove: cleared.map((mark) => ATTRIBUTES[mark]),
    when: ["rev = :seen", "attribute_not_exists(entries.#id)", "attribute_not_exists(deleted)"],
    names: { "#id": id },
    values: {
      ":amount": numberValue(entry.amount),
      ":one": numberValue(1n),
      ":entry": entryItem(entry),
      ":seen": numberValue(seen.revision),
    },
  };
}

function markUpdate(seen: Account, marks: Marks): Update {
  const given = Object.entries(marks) as [keyof Marks, string][];
  return {
    account: seen.account,
    set: ["rev = rev + :one", ...given.map(([mark]) => `#${mark} = :${mark}`)],
    when: ["rev = :seen"],
    names: Object.fromEntries(given.map(([mark]) => [`#${mark}`, ATTRIBUTES[mark]])),
    values: {
      ":one": numberValue(1n),
      ":seen": numberValue(seen.revision),
      ...Object.fromEntries(given.map(([mark, day]) => [`:${mark}`, textValue(day)])),
    },
  };
}

/** A slower process may hold an older state of the month; the later revision stays. */
async function cutStatement(client: DynamoDBClient, TableName: string, statement: Statement): Promise<void> {
  await conditionalWrite(() =>
    client.send(
      new PutItemCommand({
        TableName,
        Item: valuesOf(statementItem(statement)),
        ConditionExpression: "attribute_not_exists(account) OR rev < :rev",
        ExpressionAttributeValues: valuesOf({ ":rev": numberValue(statement.revision) }),
      }),
    ),
  );
}
