import { CreateTableCommand } from "@aws-sdk/client-dynamodb";
import { PutParameterCommand } from "@aws-sdk/client-ssm";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { dynamoDbMonitor } from "../../../cli/deployed/dynamodb-monitor.ts";
import { explainWatchError } from "../../../cli/deployed/explain-watch-error.ts";
import { operatorSettings } from "../../../cli/deployed/operator-settings.ts";
import { ssmParameters } from "../../../cli/deployed/ssm-parameters.ts";
import { dynamoDbBoard } from "../../../functions/monitor/adapters/dynamodb-board.ts";
import { dynamoDbIncidents } from "../../../functions/monitor/adapters/dynamodb-incidents.ts";
import { EMPTY_BOARD } from "../../../functions/monitor/board.ts";
import { inRehearsal } from "../../functions/monitor/fakes/in-rehearsal.ts";
import { openRehearsedAccount, type RehearsedAccount } from "../../local/cloud/rehearsed-account.ts";

const REGION = "us-west-2";

let account: RehearsedAccount;
let leave: () => void;
beforeAll(async () => {
  account = await openRehearsedAccount();
  leave = inRehearsal(account);
  await account.in(REGION).dynamodb.send(
    new CreateTableCommand({
      TableName: "nightshift-prod-monitor",
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: ["part", "item"].map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
      KeySchema: [
        { AttributeName: "part", KeyType: "HASH" },
        { AttributeName: "item", KeyType: "RANGE" },
      ],
    }),
  );
});
afterAll(async () => {
  leave();
  await account.close();
});

describe("the monitor's table", () => {
  test("is read as the monitor's functions wrote it", async () => {
    const settings = operatorSettings(REGION, "prod");
    await dynamoDbBoard(settings).replace({ ...EMPTY_BOARD, revision: 1, slot: "2026-11-22T04:00:00.000Z" });
    const written = dynamoDbIncidents(settings);
    const openedAt = new Date("2026-11-22T03:48:00Z");
    await written.open({
      number: 1,
      check: "mail",
      cause: "failing",
      openedAt,
      since: openedAt,
      reason: "refused",
      isCritical: true,
    });
    await written.note(1, { key: "k", at: openedAt, what: "a note" });
    const { board, incidents, history } = dynamoDbMonitor(REGION, "prod");
    expect(await board.read()).toMatchObject({ revision: 1, slot: "2026-11-22T04:00:00.000Z" });
    expect(await incidents.read(1)).toMatchObject({ check: "mail", openedAt });
    expect(await incidents.notes(1)).toEqual([{ at: openedAt, what: "a note" }]);
    expect(await incidents.newest(20)).toHaveLength(1);
    expect(await history.hours("2026-11-22T02", "2026-11-22T03")).toEqual([]);
  });

  test.each([
    ["test", REGION, "another stage"],
    ["prod", "us-east-1", "another region"],
  ])("of %s in %s is not there, and it is said what makes it", async (stage, region) => {
    const { board, incidents, history } = dynamoDbMonitor(region, stage);
    const reads = [
      () => board.read(),
      () => incidents.read(1),
      () => incidents.notes(1),
      () => incidents.newest(1),
      () => history.hours("2026-11-22T02", "2026-11-22T03"),
    ];
    for (const read of reads)
      await expect(read()).rejects.toMatchObject({
        name: "OperatorError",
        message: `the monitor is not deployed as stage "${stage}" in ${region}`,
        hint: `Deploy it: npm run deploy -- --stage ${stage} --only watch`,
      });
  });

  test.each([
    ["CredentialsProviderError", /^no AWS credentials found \(us-west-2: /, "nobody is logged in"],
    ["AccessDeniedException", /^these AWS credentials may not do this/, "somebody who may not"],
    ["TypeError", /^what$/, "what nobody foresaw stays what it is"],
  ])("%s in words", (name, words) => {
    const explained = explainWatchError(Object.assign(new Error("what"), { name }), REGION, "prod");
    expect((explained as Error).message).toMatch(words);
  });
});

describe("Parameter Store", () => {
  const NAME = "/nightshift/prod/monitor/heartbeat-secret";

  test("gives values, decrypted, and undefined for none", async () => {
    const { ssm } = account.in(REGION);
    await ssm.send(new PutParameterCommand({ Name: "/nightshift/x", Value: "y", Type: "SecureString" }));
    const parameters = ssmParameters(REGION);
    expect(await parameters.read("/nightshift/x")).toBe("y");
    expect(await parameters.read("/nightshift/none")).toBeUndefined();
    expect(await ssmParameters("us-east-1").read("/nightshift/x")).toBeUndefined();
  });

  test("takes a secret once: of many at once one is kept, and nobody is told that theirs was", async () => {
    const parameters = ssmParameters(REGION);
    const values = ["a", "b", "c", "d"];
    const made = await Promise.all(values.map((value) => parameters.putSecret(NAME, value, "a test")));
    expect(made.filter(Boolean)).toHaveLength(1);
    expect(await parameters.read(NAME)).toBe(values[made.indexOf(true)]);
    expect(await parameters.putSecret(NAME, "later", "a test")).toBe(false);
    expect(await parameters.read(NAME)).toBe(values[made.indexOf(true)]);
  });
});
