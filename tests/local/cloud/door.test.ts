import { CreateSecurityGroupCommand, DescribeRegionsCommand } from "@aws-sdk/client-ec2";
import { GetParameterCommand, PutParameterCommand } from "@aws-sdk/client-ssm";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Call, Door } from "../../../local/cloud/contract.ts";
import { failure, makeClients, openRehearsedAccount, type RehearsedAccount } from "./rehearsed-account.ts";

let account: RehearsedAccount;
beforeAll(async () => {
  account = await openRehearsedAccount({ consistencyLagSeconds: 0 });
});
afterAll(() => account.close());

/** Resolves to "answered" or, when some turns of the event loop bring nothing, to "silence". */
async function outcomeOf(call: Promise<unknown>): Promise<string> {
  const patience = new Promise<string>((resolve) => setTimeout(() => resolve("silence"), 150));
  return await Promise.race([call.then(() => "answered"), patience]);
}

test("a request is recorded with its caller, its region and what it names", async () => {
  const before = account.cloud.calls().length;
  await account.in("us-west-2").ssm.send(new PutParameterCommand({ Name: "/p", Value: "v", Type: "String" }));
  const { ssm } = account.in("us-west-2");
  expect(await failure(ssm.send(new GetParameterCommand({ Name: "/none" })))).toMatch(/^ParameterNotFound/);
  const common = { service: "ssm", region: "us-west-2", caller: "the-test" };
  expect(account.cloud.calls().slice(before)).toMatchObject([
    { ...common, index: before, operation: "PutParameter", resources: ["/p"], error: undefined },
    {
      ...common,
      index: before + 1,
      operation: "GetParameter",
      resources: ["/none"],
      error: "ParameterNotFound",
    },
  ]);
});

test("a call takes a little virtual time, and no more", async () => {
  const before = account.clock.now().getTime();
  await account.ec2.send(new DescribeRegionsCommand({}));
  expect(account.clock.now().getTime() - before).toBe(40);
});

test("the clock stands still while a request is under way", async () => {
  const door = await account.cloud.openDoor();
  const woken: number[] = [];
  const start = account.clock.now().getTime();
  door.onCall = async (_call, phase) => {
    if (phase === "after") return;
    void account.clock.sleep(1000).then(() => woken.push(account.clock.now().getTime() - start));
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(woken).toEqual([]);
  };
  await makeClients("us-east-1", door.url).ec2.send(new DescribeRegionsCommand({}));
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(woken).toEqual([1040]);
  await door.close();
});

describe("hooks are awaited, and freezing in one is a power failure", () => {
  const createIn = (door: Door, GroupName: string) =>
    makeClients("us-east-1", door.url).ec2.send(
      new CreateSecurityGroupCommand({ GroupName, Description: "x" }),
    );
  const exists = async (name: string) => (await account.cloud.inventory()).some((one) => one.name === name);
  const rows: [when: "before" | "after", carriedOut: boolean, hook: string][] = [
    ["before", false, "returns"],
    ["after", true, "returns"],
    ["before", false, "never returns"],
    ["after", true, "never returns"],
  ];
  test.each(rows)("frozen %s the call: carried out is %s (the hook %s)", async (when, carriedOut, hook) => {
    const door = await account.cloud.openDoor();
    const seen: string[] = [];
    door.onCall = async (call: Call, phase) => {
      seen.push(`${call.operation} ${phase}`);
      if (phase !== when) return;
      door.freeze();
      if (hook === "never returns") await new Promise(() => undefined);
    };
    const name = `frozen ${when} ${hook}`;
    expect(await outcomeOf(createIn(door, name))).toBe("silence");
    expect(await outcomeOf(createIn(door, `later ${name}`))).toBe("silence"); // nobody hears of it any more
    expect(seen).toEqual(
      when === "before"
        ? ["CreateSecurityGroup before"]
        : ["CreateSecurityGroup before", "CreateSecurityGroup after"],
    );
    expect(await exists(name)).toBe(carriedOut);
    expect(await exists(`later ${name}`)).toBe(false);
    // A dead engine must not stop the time for the next one.
    expect(await outcomeOf(account.clock.sleep(1000))).toBe("answered");
    // The account lives on behind another door.
    expect(await outcomeOf(account.ec2.send(new DescribeRegionsCommand({})))).toBe("answered");
    await door.close();
  });
});

test("closing a door breaks the connections of those who wait", async () => {
  const door = await account.cloud.openDoor();
  door.freeze();
  const waiting = failure(makeClients("us-east-1", door.url).ec2.send(new DescribeRegionsCommand({})));
  await new Promise((resolve) => setTimeout(resolve, 50));
  await door.close();
  expect(await waiting).toMatch(/socket hang up|ECONNRESET|TimeoutError/);
});

test("an occupied port says so", async () => {
  const port = Number(new URL(account.door.url).port);
  await expect(account.cloud.openDoor(port)).rejects.toMatchObject({ code: "EADDRINUSE" });
});

describe("who may ask", () => {
  test("a request without a signature", async () => {
    const answer = await fetch(account.door.url, { method: "POST", body: "Action=DescribeRegions" });
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain("<Code>MissingAuthenticationToken</Code>");
  });

  test("a region that is not enabled", async () => {
    const { ec2, ssm, sts } = account.in("ap-east-1");
    expect(await failure(ec2.send(new DescribeRegionsCommand({})))).toBe(
      "AuthFailure: AWS was not able to validate the provided access credentials",
    );
    expect(await failure(ssm.send(new GetParameterCommand({ Name: "/p" })))).toMatch(
      /^UnrecognizedClientException/,
    );
    const { GetCallerIdentityCommand } = await import("@aws-sdk/client-sts");
    expect(await failure(sts.send(new GetCallerIdentityCommand({})))).toMatch(/^InvalidClientTokenId/);
  });

  test("an operation that is not there, as either protocol says it", async () => {
    const ask = (service: string, headers: Record<string, string>, body: string) =>
      fetch(account.door.url, {
        method: "POST",
        headers: {
          authorization: `AWS4-HMAC-SHA256 Credential=k/20261120/us-east-1/${service}/aws4_request`,
          ...headers,
        },
        body,
      }).then((answer) => answer.text());
    expect(await ask("ec2", {}, "Action=StartVpcParade&Version=2016-11-15")).toContain(
      "<Code>InvalidAction</Code>",
    );
    expect(await ask("ssm", { "x-amz-target": "AmazonSSM.SendFlowers" }, "{}")).toContain(
      "UnknownOperationException",
    );
    expect(await ask("ssm", { "x-amz-target": "AmazonSSM.GetParameter" }, "{")).toContain(
      "SerializationException",
    );
    expect(await ask("sqs", {}, "Action=X")).toContain("The rehearsal cloud has no service sqs");
  });
});
