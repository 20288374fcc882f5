import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { Context } from "aws-lambda";
import { Failure, lambda, type Run, startCold, TransientFailure, z } from "#platform";
import { type CapturedLog, captureLog } from "./captured-log.ts";

const CONTEXT = { functionName: "nightshift-test-ami-try", awsRequestId: "request-1" } as Context;
const ENVIRONMENT = {
  AWS_REGION: "us-east-1",
  NIGHTSHIFT_STAGE: "test",
  NIGHTSHIFT_FLEET: "fleet.json",
  NIGHTSHIFT_BUCKET: "bucket",
};

let log: CapturedLog;
let former: NodeJS.ProcessEnv;
beforeEach(() => {
  log = captureLog();
  former = process.env;
  process.env = { ...former, ...ENVIRONMENT };
});
afterEach(() => {
  log.restore();
  process.env = former;
});

/** A function that runs `run`, and counts how often it started cold. */
function functionThat<Output>(run: (input: { image: string }, run: Run) => Promise<Output>) {
  const starts: string[] = [];
  const handler = lambda({
    input: z.object({ image: z.string().min(1) }),
    services: (settings) => {
      starts.push(settings.region);
      return { region: settings.region };
    },
    run: (input, _services, context) => run(input, context),
  });
  return { starts, call: (event: unknown) => handler(event, CONTEXT) };
}

describe("an event", () => {
  test("reaches the function parsed, without what it does not know", async () => {
    const { call } = functionThat(async (input) => input);
    expect(await call({ image: "base", extra: 1 })).toEqual({ image: "base" });
  });

  const wrong: [why: string, event: unknown, message: RegExp][] = [
    ["a member is missing", {}, /image/],
    [
      "a member is of another type",
      { image: 7 },
      /^Invalid input: expected string, received number → at image$/,
    ],
    ["a member is empty", { image: "" }, /image/],
    ["a text instead of an object", "base", /expected object/],
    ["nothing", null, /expected object/],
  ];
  test.each(wrong)(
    "is refused, with the field named, before anything starts: %s",
    async (_why, event, message) => {
      const { starts, call } = functionThat(async (input) => input);
      await expect(call(event)).rejects.toMatchObject({
        name: "InvalidInputError",
        message: expect.stringMatching(message),
      });
      expect(starts).toEqual([]);
    },
  );
});

describe("services", () => {
  test("are made once, at the first event", async () => {
    const { starts, call } = functionThat(async () => "done");
    expect(starts).toEqual([]);
    await call({ image: "a" });
    await call({ image: "b" });
    expect(starts).toEqual(["us-east-1"]);
  });

  test("are made anew after startCold, for an environment that changed", async () => {
    const { starts, call } = functionThat(async () => "done");
    await call({ image: "a" });
    process.env.AWS_REGION = "eu-west-1";
    startCold();
    await call({ image: "a" });
    await call({ image: "a" });
    expect(starts).toEqual(["us-east-1", "eu-west-1"]);
  });

  test("that cannot be made are tried again at the next event", async () => {
    let broken = true;
    const handler = lambda({
      input: z.object({}),
      services: () => {
        if (broken) throw new Error("no such file");
        return "services";
      },
      run: async (_, services) => services,
    });
    await expect(handler({}, CONTEXT)).rejects.toThrow("no such file");
    broken = false;
    expect(await handler({}, CONTEXT)).toBe("services");
  });

  test("a missing setting is named", async () => {
    const { call } = functionThat(async () => "done");
    delete process.env.NIGHTSHIFT_STAGE;
    await expect(call({ image: "a" })).rejects.toMatchObject({
      name: "InvalidSettingsError",
      message: expect.stringContaining("NIGHTSHIFT_STAGE"),
    });
  });
});

class Refused extends Failure {
  override readonly name = "Refused";
}
class Unreachable extends TransientFailure {
  override readonly name = "Unreachable";
}

describe("an error on its way to the state machine", () => {
  const aws = (name: string, message = "slow down") => Object.assign(new Error(message), { name });
  const rows: [why: string, thrown: Error, name: string, message: string][] = [
    ["a failure of ours keeps its name", new Refused("no"), "Refused", "no"],
    [
      "a bug keeps its name, matches no Retry and reaches the alarm",
      new TypeError("x is not a function"),
      "TypeError",
      "x is not a function",
    ],
    [
      "an error of AWS that another try cannot help",
      aws("AccessDeniedException", "no"),
      "AccessDeniedException",
      "no",
    ],
    ["ours that is worth another try", new Unreachable("refused"), "TransientError", "Unreachable: refused"],
    ["EC2's throttling", aws("RequestLimitExceeded"), "TransientError", "RequestLimitExceeded: slow down"],
    ["SSM's throttling", aws("ThrottlingException"), "TransientError", "ThrottlingException: slow down"],
    ["SES's throttling", aws("Throttling"), "TransientError", "Throttling: slow down"],
    [
      "DynamoDB's",
      aws("ProvisionedThroughputExceededException"),
      "TransientError",
      "ProvisionedThroughputExceededException: slow down",
    ],
    ["EC2's own trouble", aws("InternalError"), "TransientError", "InternalError: slow down"],
    ["SES's own trouble", aws("InternalFailure"), "TransientError", "InternalFailure: slow down"],
    ["Service Quotas' own trouble", aws("ServiceException"), "TransientError", "ServiceException: slow down"],
    [
      "SSM, where another update of the parameter is under way",
      aws("TooManyUpdates"),
      "TransientError",
      "TooManyUpdates: slow down",
    ],
    ["a connection that broke", aws("TimeoutError"), "TransientError", "TimeoutError: slow down"],
  ];
  test.each(rows)("%s", async (_why, thrown, name, message) => {
    const { call } = functionThat(() => Promise.reject(thrown));
    await expect(call({ image: "a" })).rejects.toMatchObject({ name, message });
  });

  test("keeps what it was as its cause", async () => {
    const thrown = aws("Throttling");
    const { call } = functionThat(() => Promise.reject(thrown));
    await expect(call({ image: "a" })).rejects.toMatchObject({ cause: thrown });
  });
});

describe("every call is logged", () => {
  test("with its duration, its execution and its build", async () => {
    const { call } = functionThat(async (_, { clock }) => clock.sleep(250));
    await call({ image: "a", executionArn: "arn:one", build: { id: "base-1" } });
    expect(log.lines()).toMatchObject([
      { function: CONTEXT.functionName, execution: "arn:one", build: "base-1", durationMilliseconds: 250 },
    ]);
  });

  test("with the build's execution, where only the build tells", async () => {
    const { call } = functionThat(async () => "done");
    await call({ image: "a", build: { id: "base-1", executionArn: "arn:one" } });
    expect(log.lines()).toMatchObject([{ execution: "arn:one", build: "base-1" }]);
  });

  test("and the error under its own name, not the translated one", async () => {
    const { call } = functionThat(() => Promise.reject(new Unreachable("refused")));
    await expect(call({ image: "a" })).rejects.toThrow();
    expect(log.lines()).toMatchObject([
      { level: "error", message: "refused", error: "Unreachable", durationMilliseconds: 0 },
    ]);
  });

  test("a refused event as well, whatever it was", async () => {
    const { call } = functionThat(async () => "done");
    await expect(call([1, { build: 2 }])).rejects.toThrow();
    expect(log.lines()).toMatchObject([{ error: "InvalidInputError" }]);
  });

  test("lines of the function itself carry the request", async () => {
    const { call } = functionThat(async ({ image }, run) => run.log.info("looking", { image }));
    await call({ image: "a" });
    expect(log.lines()[0]).toMatchObject({
      level: "info",
      message: "looking",
      image: "a",
      requestId: "request-1",
    });
  });
});
