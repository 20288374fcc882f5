import { randomBytes, randomInt } from "node:crypto";
import { mkdirSync } from "node:fs";
import type { Call, Cloud, CloudOptions, Door } from "../cloud/contract.ts";
import type { Account } from "./account.ts";
import { AwsError } from "./aws-error.ts";
import { billOf } from "./bill.ts";
import { type Answer, openDoor } from "./door.ts";
import { DynamoDb } from "./dynamodb.ts";
import { EC2_OPERATIONS, Ec2 } from "./ec2/ec2.ts";
import { type KnownOperations, takeFault } from "./fault.ts";
import { type Incoming, resourcesOf } from "./incoming.ts";
import { inventoryOf } from "./inventory.ts";
import { serviceQuotas, stepFunctions } from "./json-services.ts";
import { ec2Answer, queryAnswer } from "./query-protocol.ts";
import { cloudFormation, sts } from "./query-services.ts";
import { Ses } from "./ses/ses.ts";
import { Ssm } from "./ssm/ssm.ts";

const REGIONS = ["us-east-1", "us-east-2", "us-west-2", "eu-west-1"];

/** What a call to AWS takes, about; so much time passes on the virtual clock. */
const LATENCY_MILLISECONDS = 40;

/** Opens a whole AWS account on loopback. */
export async function startCloud(options: CloudOptions): Promise<Cloud> {
  mkdirSync(options.folder, { recursive: true });
  const calls: Call[] = [];
  const doors: Door[] = [];
  const account = accountOf(options, () => doors.at(-1), calls);
  const ec2 = new Ec2(account);
  const ssm = new Ssm(account);
  const ses = new Ses(account);
  const dynamodb = new DynamoDb();

  const carryOut = async (incoming: Incoming): Promise<Answer> => {
    const { service, region, operation, params, json, body } = incoming;
    switch (service) {
      case "ec2":
        return xml(ec2Answer(operation, "rehearsal", await ec2.call(region, operation, params)));
      case "ses":
        return xml(queryAnswer(operation, "rehearsal", ses.call(region, operation, params)));
      case "sts":
        return xml(queryAnswer(operation, "rehearsal", sts(account, operation)));
      case "cloudformation":
        return xml(queryAnswer(operation, "rehearsal", cloudFormation(operation, params)));
      case "ssm":
        return jsonAnswer(ssm.call(region, operation, json));
      case "states":
        return jsonAnswer(stepFunctions(account, operation, json));
      case "servicequotas":
        return jsonAnswer(serviceQuotas(operation, json));
      case "dynamodb":
        return dynamodb.call(region, operation, body);
    }
  };

  const serve = async (incoming: Incoming, hook: Door["onCall"]): Promise<Answer> => {
    const call = callOf(incoming, calls.length, options.clock.now());
    calls.push(call);
    await hook(call, "before");
    try {
      const answer = await options.clock.during(async () => {
        options.clock.advance(LATENCY_MILLISECONDS);
        const fault = takeFault(options.faults ?? [], call);
        if (fault !== undefined) throw fault;
        return carryOut(incoming);
      });
      await hook(call, "after");
      return answer;
    } catch (error) {
      call.error = error instanceof AwsError ? error.code : "InternalFailure";
      await hook(call, "after");
      throw error;
    }
  };

  return {
    accountId: account.accountId,
    sshPort: account.sshPort,
    folder: options.folder,
    openDoor: async (port = 0) => {
      const door = await openDoor(serve, port);
      doors.push(door);
      return door;
    },
    calls: () => calls,
    inventory: () => inventoryOf(account, ec2, ssm, dynamodb),
    mails: () => ses.mails,
    imageTree: (imageId) =>
      ec2
        .regions()
        .map((region) => region.images.get(imageId)?.tree)
        .find((tree) => tree !== undefined),
    bill: () => billOf(account, ec2, calls, ses.mails.length),
    verifyIdentity: (identity) => ses.verify(identity),
    close: async () => {
      for (const region of ec2.regions()) {
        for (const instance of region.instances.values()) await instance.machine?.stop();
      }
      for (const door of doors) await door.close();
      await dynamodb.close();
    },
  };
}

/** Operations that faults may name. */
export const KNOWN_OPERATIONS: KnownOperations = {
  ec2: EC2_OPERATIONS,
  ssm: [
    "GetParameter",
    "GetParameters",
    "GetParametersByPath",
    "PutParameter",
    "DeleteParameter",
    "AddTagsToResource",
    "ListTagsForResource",
  ],
  ses: ["SendRawEmail", "GetSendQuota"],
  dynamodb: ["GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query", "Scan"],
  servicequotas: ["GetServiceQuota"],
  states: ["DescribeExecution"],
};

function accountOf(options: CloudOptions, door: () => Door | undefined, calls: readonly Call[]): Account {
  return {
    accountId: "123456789012",
    clock: options.clock,
    folder: options.folder,
    regions: options.regions ?? REGIONS,
    sshPort: randomInt(20_000, 30_000),
    startMachine: options.startMachine,
    lagMilliseconds: (options.consistencyLagSeconds ?? 2) * 1000,
    situations: new Set(options.situations ?? []),
    executions: options.executions ?? (() => []),
    onCommand: async (phase) => {
      const call: Call = {
        index: calls.length,
        at: options.clock.now(),
        service: "ec2",
        operation: "(SSH command)",
        region: "",
        caller: "",
        resources: [],
      };
      await door()?.onCall(call, phase);
    },
    newId: (prefix) => `${prefix}-0${randomBytes(8).toString("hex")}`,
  };
}

function callOf(incoming: Incoming, index: number, at: Date): Call {
  const { service, operation, region, caller } = incoming;
  return { index, at, service, operation, region, caller, resources: resourcesOf(incoming) };
}

function xml(body: string): Answer {
  return { status: 200, contentType: "text/xml;charset=UTF-8", body };
}

function jsonAnswer(value: unknown): Answer {
  return { status: 200, contentType: "application/x-amz-json-1.1", body: JSON.stringify(value) };
}
