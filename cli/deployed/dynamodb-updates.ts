import { dynamoDbCheckBook } from "../../functions/updates/adapters/dynamodb-check-book.ts";
import { OperatorError } from "../operator-error.ts";
import { explainAwsError } from "./aws-error.ts";
import { operatorSettings } from "./operator-settings.ts";
import type { UpdatesBook } from "./updates-book.ts";

/** The table of updates of a stage, through the functions' own adapter, with the operator's credentials. */
export function dynamoDbUpdates(region: string, stage: string): UpdatesBook {
  const book = dynamoDbCheckBook(operatorSettings(region, stage));
  async function* explained<Item>(items: AsyncIterable<Item>): AsyncIterable<Item> {
    try {
      yield* items;
    } catch (error) {
      throw explainUpdatesError(error, region, stage);
    }
  }
  return {
    told: () =>
      book.told().catch((error: unknown) => Promise.reject(explainUpdatesError(error, region, stage))),
    hosts: (check) => explained(book.hosts(check)),
    releases: (check) => explained(book.releases(check)),
  };
}

/** An error of a call about updates as the operator should read it: without its table nothing is deployed. */
export function explainUpdatesError(error: unknown, region: string, stage: string): unknown {
  if (!(error instanceof Error) || error.name !== "ResourceNotFoundException")
    return explainAwsError(error, region);
  return new OperatorError(
    `nothing that checks for updates is deployed as stage "${stage}" in ${region}`,
    `Deploy it: npm run deploy -- --stage ${stage}`,
    { cause: error },
  );
}
