import { CreateKeyPairCommand, DescribeImagesCommand, DescribeRegionsCommand } from "@aws-sdk/client-ec2";
import { GetParameterCommand } from "@aws-sdk/client-ssm";
import { describe, expect, test } from "@jest/globals";
import { KNOWN_OPERATIONS } from "../../../local/cloud/cloud.ts";
import { parseFault, parseSituation } from "../../../local/cloud/fault.ts";
import { failure, makeClients, openRehearsedAccount } from "./rehearsed-account.ts";

const read = (text: string) => parseFault(text, KNOWN_OPERATIONS);

describe("reading a fault", () => {
  const once = {
    service: "ec2",
    operation: "CreateImage",
    code: "InternalError",
    region: undefined,
    remaining: 1,
  };
  test.each([
    ["the shortest form happens once", "ec2:CreateImage:InternalError", once],
    ["a count", "ec2:CreateImage:InternalError:3", { ...once, remaining: 3 }],
    ["every time", "ec2:CreateImage:InternalError:*", { ...once, remaining: Number.POSITIVE_INFINITY }],
    ["one region", "ec2:CreateImage:InternalError@us-west-2", { ...once, region: "us-west-2" }],
    ["both", "ec2:CreateImage:InternalError:2@us-west-2", { ...once, remaining: 2, region: "us-west-2" }],
    [
      "capacity",
      "ec2:RunInstances:InsufficientInstanceCapacity",
      { ...once, operation: "RunInstances", code: "InsufficientInstanceCapacity" },
    ],
  ])("%s", (_why, text, fault) => {
    expect(read(text)).toEqual(fault);
  });

  test.each([
    ["no form at all", "broken", /expected service:Operation:ErrorCode.*image-failed,.* copy-failed@REGION/],
    [
      "an unknown service lists the known",
      "sqs:SendMessage:X",
      /unknown service "sqs"; known are ec2, ssm, ses/,
    ],
    [
      "an unknown operation lists the known",
      "ec2:StopInstances:X",
      /unknown operation "StopInstances" of ec2; known are DescribeRegions/,
    ],
    ["a count of nothing", "ec2:CreateImage:X:0", /count must be a whole number from 1, or \*/],
    ["no code", "ec2:CreateImage:5", /"5" is no error code/],
  ])("refused: %s", (_why, text, message) => {
    expect(() => read(text)).toThrow(
      expect.objectContaining({ name: "UnknownFaultError", message: expect.stringMatching(message) }),
    );
  });

  test("situations", () => {
    expect(parseSituation("builder-never-boots")).toBe("builder-never-boots");
    expect(parseSituation("copy-failed@us-west-2")).toBe("copy-failed@us-west-2");
    expect(parseSituation("copy-failed")).toBeUndefined();
    expect(parseSituation("ec2:CreateImage:InternalError")).toBeUndefined();
  });
});

describe("a fault as the SDK sees it", () => {
  test.each([
    [
      "EC2, server error",
      "ec2:DescribeImages:InternalError",
      500,
      "InternalError: An internal error has occurred",
    ],
    [
      "EC2, throttling",
      "ec2:DescribeImages:RequestLimitExceeded",
      503,
      "RequestLimitExceeded: Request limit exceeded.",
    ],
    [
      "EC2, refusal",
      "ec2:DescribeImages:UnauthorizedOperation",
      403,
      "UnauthorizedOperation: You are not authorized to perform this operation.",
    ],
    ["JSON, throttling", "ssm:GetParameter:ThrottlingException", 400, "ThrottlingException: Rate exceeded"],
    ["JSON, server error", "ssm:GetParameter:InternalServerError", 500, "InternalServerError: "],
  ])("%s", async (_why, text, status, message) => {
    const account = await openRehearsedAccount({ faults: [read(text)] });
    const { ec2, ssm } = account;
    const call = text.startsWith("ec2")
      ? ec2.send(new DescribeImagesCommand({ Owners: ["self"] }))
      : ssm.send(new GetParameterCommand({ Name: "/x" }));
    const error: unknown = await call.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({ $metadata: { httpStatusCode: status } });
    expect(String(error)).toContain(message);
    await account.close();
  });

  test("happens before anything is carried out, so often, there only; the SDK's own retries get through", async () => {
    const account = await openRehearsedAccount({
      consistencyLagSeconds: 0,
      faults: [
        read("ec2:CreateKeyPair:RequestLimitExceeded"),
        read("ec2:DescribeRegions:InternalError:*@us-west-2"),
      ],
    });
    const patient = makeClients("us-east-1", account.door.url, 3);
    await patient.ec2.send(new CreateKeyPairCommand({ KeyName: "k", KeyType: "ed25519" }));
    const calls = account.cloud.calls().map(({ operation, error }) => `${operation} ${error}`);
    expect(calls).toEqual(["CreateKeyPair RequestLimitExceeded", "CreateKeyPair undefined"]);
    await account.ec2.send(new DescribeRegionsCommand({}));
    for (const _time of [1, 2]) {
      const west = account.in("us-west-2").ec2.send(new DescribeRegionsCommand({}));
      expect(await failure(west)).toMatch(/^InternalError/);
    }
    await account.close();
  });
});
