import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { explainAwsError } from "../../../cli/deployed/aws-error.ts";
import { stepFunctions } from "../../../cli/deployed/step-functions.ts";

type Answer = { readonly status?: number; readonly body: object };

/** Answers in AWS JSON 1.0 (Smithy, "AWS JSON 1.0 protocol"), in order; what was asked is kept. */
const asked: { operation: string; body: object }[] = [];
let answers: Answer[] = [];
const server = createServer((request, response) => {
  let text = "";
  request.on("data", (chunk) => (text += chunk));
  request.on("end", () => {
    asked.push({
      operation: String(request.headers["x-amz-target"]).split(".")[1] ?? "",
      body: JSON.parse(text),
    });
    const { status = 200, body } = answers.shift() ?? { status: 500, body: {} };
    response.writeHead(status, { "content-type": "application/x-amz-json-1.0" }).end(JSON.stringify(body));
  });
});

const former = { ...process.env };
beforeAll(async () => {
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  process.env.AWS_ENDPOINT_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  process.env.AWS_ACCESS_KEY_ID = "TEST";
  process.env.AWS_SECRET_ACCESS_KEY = "test";
});
afterEach(() => void asked.splice(0));
afterAll(async () => {
  process.env = former;
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
});

const MACHINE = {
  name: "nightshift-prod-ami-build",
  arn: "arn:aws:states:us-east-1:1:stateMachine:nightshift-prod-ami-build",
};

describe("through the real SDK client", () => {
  test("lists machines over all pages", async () => {
    const machine = (name: string) => ({
      name,
      stateMachineArn: `arn:${name}`,
      type: "STANDARD",
      creationDate: 0,
    });
    answers = [
      { body: { stateMachines: [machine("a")], nextToken: "more" } },
      { body: { stateMachines: [machine("b")] } },
    ];
    expect(await stepFunctions("us-east-1").list()).toEqual([
      { name: "a", arn: "arn:a" },
      { name: "b", arn: "arn:b" },
    ]);
    expect(asked.map(({ body }) => body)).toEqual([{}, { nextToken: "more" }]);
  });

  test("starts with name and input", async () => {
    answers = [{ body: { executionArn: "arn:x", startDate: 0 } }];
    expect(await stepFunctions("us-east-1").start(MACHINE, "night", { image: "base" })).toBe("arn:x");
    expect(asked).toEqual([
      {
        operation: "StartExecution",
        body: { stateMachineArn: MACHINE.arn, name: "night", input: '{"image":"base"}' },
      },
    ]);
  });

  test("reads a page of a history, with instants", async () => {
    answers = [
      { body: { events: [{ id: 1, type: "ExecutionStarted", timestamp: 1_700_000_000.5 }], nextToken: "t" } },
    ];
    expect(await stepFunctions("us-east-1").history("arn:x", undefined)).toEqual({
      events: [expect.objectContaining({ id: 1, timestamp: new Date(1_700_000_000_500) })],
      next: "t",
    });
  });

  test.each([
    { type: "ExecutionAlreadyExists", message: "this run exists already", hint: "--time" },
    {
      type: "UnrecognizedClientException",
      message: "AWS does not know these credentials",
      hint: "AWS_PROFILE",
    },
    { type: "ExpiredTokenException", message: "the AWS credentials have expired", hint: "Log in again" },
    {
      type: "AccessDeniedException",
      message: "may not do this (us-east-1: User x is not authorized)",
      hint: "IAM policy",
    },
  ])("$type says what to do", async ({ type, message, hint }) => {
    answers = [
      {
        status: 400,
        body: { __type: `com.amazonaws.swf.service.v2.model#${type}`, message: "User x is not authorized" },
      },
    ];
    await expect(stepFunctions("us-east-1").start(MACHINE, "night", {})).rejects.toMatchObject({
      name: "OperatorError",
      message: expect.stringContaining(message),
      hint: expect.stringContaining(hint),
    });
  });
});

test.each([
  {
    error: Object.assign(new Error("none"), { name: "CredentialsProviderError" }),
    message: "no AWS credentials found (us-east-1: none)",
  },
  {
    error: Object.assign(new Error("getaddrinfo ENOTFOUND x"), { code: "ENOTFOUND" }),
    message: "AWS in us-east-1 cannot be reached: getaddrinfo ENOTFOUND x",
  },
])("$message", ({ error, message }) => {
  expect(explainAwsError(error, "us-east-1")).toMatchObject({ name: "OperatorError", message });
});

test("an error that nobody foresaw stays what it is", () => {
  const error = new Error("odd");
  expect(explainAwsError(error, "us-east-1")).toBe(error);
});
