import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { DescribeImagesCommand, EC2Client } from "@aws-sdk/client-ec2";
import { HeadObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { afterEach, describe, expect, it } from "@jest/globals";
import { clientSettings } from "../../../layers/platform/client-settings.ts";
import { readSettings } from "../../../layers/platform/settings.ts";
import { translateTransient } from "../../../layers/platform/transient.ts";

const SETTINGS = readSettings(
  {
    AWS_REGION: "us-east-1",
    NIGHTSHIFT_STAGE: "test",
    NIGHTSHIFT_FLEET: "/fleet.json",
    NIGHTSHIFT_BUCKET: "bucket",
  },
  "nightshift-test-function",
);

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A server on loopback that answers everything like this; not at all without a status. Resolves to its URL. */
async function answering(status: number | undefined, body = "", type = "text/html"): Promise<string> {
  const made = createServer((request, response) => {
    request.resume().on("end", () => {
      if (status !== undefined) response.writeHead(status, { "content-type": type }).end(body);
    });
  });
  server = made;
  await new Promise<void>((listening) => made.listen(0, "127.0.0.1", () => listening()));
  return `http://127.0.0.1:${(made.address() as AddressInfo).port}`;
}

const options = (endpoint: string) => ({
  ...clientSettings(SETTINGS),
  endpoint,
  credentials: { accessKeyId: "id", secretAccessKey: "secret" },
});

const CALLS: Readonly<Record<string, (endpoint: string) => Promise<unknown>>> = {
  EC2: (endpoint) => new EC2Client(options(endpoint)).send(new DescribeImagesCommand({})),
  SSM: (endpoint) => new SSMClient(options(endpoint)).send(new GetParameterCommand({ Name: "name" })),
  DynamoDB: (endpoint) =>
    new DynamoDBClient(options(endpoint)).send(new GetItemCommand({ TableName: "table", Key: {} })),
  S3: (endpoint) =>
    new S3Client({ ...options(endpoint), forcePathStyle: true }).send(
      new HeadObjectCommand({ Bucket: "bucket", Key: "key" }),
    ),
};

async function failureOf(work: Promise<unknown>): Promise<Error> {
  try {
    await work;
  } catch (error) {
    return translateTransient(error as Error);
  }
  throw new Error("the call succeeded");
}

describe("an answer that is not the service's own", () => {
  const answers: [why: string, status: number, body: string, type: string, name: string | undefined][] = [
    [
      "a load balancer's page",
      503,
      "<html><h1>503 Service Unavailable</h1></html>",
      "text/html",
      "TransientError",
    ],
    ["nothing but a status", 502, "", "text/plain", "TransientError"],
    ["a proxy's line", 504, "upstream timed out", "text/plain", "TransientError"],
    ["a refusal: another try cannot help", 403, "", "text/plain", undefined],
  ];
  const rows = answers.flatMap((answer) =>
    Object.keys(CALLS).map((service) => [service, ...answer] as const),
  );
  it.each(rows)("%s: %s", async (service, _why, status, body, type, name) => {
    const failure = await failureOf(
      CALLS[service]?.(await answering(status, body, type)) ?? Promise.resolve(),
    );
    if (name === undefined) expect(failure.name).not.toBe("TransientError");
    else expect(failure.name).toBe(name);
  });
});

it("a call that is never answered ends as one that is worth another try", async () => {
  const { requestHandler } = clientSettings(SETTINGS);
  const hurried = {
    ...options(await answering(undefined)),
    requestHandler: { ...requestHandler, requestTimeout: 50 },
  };
  const failure = await failureOf(new EC2Client(hurried).send(new DescribeImagesCommand({})));
  expect(failure).toMatchObject({
    name: "TransientError",
    message: expect.stringMatching(/^TimeoutError: /),
  });
});

it("does so before Lambda ends the function", () => {
  const { connectionTimeout, requestTimeout, throwOnRequestTimeout } =
    clientSettings(SETTINGS).requestHandler;
  expect(connectionTimeout + requestTimeout).toBeLessThan(90_000 / 2);
  expect(throwOnRequestTimeout).toBe(true);
});
