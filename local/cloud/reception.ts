import type { Account } from "./account.ts";
import { writeError, writeOutcome } from "./answer.ts";
import { AwsError } from "./aws-error.ts";
import type { Call, Door, Fault, Service } from "./contract.ts";
import { takeFault } from "./fault.ts";
import { type Incoming, recognise, type WireRequest } from "./incoming.ts";
import type { RawAnswer, ServiceModel } from "./service-model.ts";

/** How long a call takes on the virtual clock. Nobody sleeps through it; it only keeps simulated time honest. */
const LATENCY_MILLISECONDS = 40;

/** Whether a door still works, and a promise for the moment at which it stops. */
export interface Power {
  isOn(): boolean;
  readonly failed: Promise<void>;
}

/** Takes requests from every door, records them, and has the services carry them out. */
export class Reception {
  readonly calls: Call[] = [];
  readonly #account: Account;
  readonly #models: ReadonlyMap<Service, ServiceModel>;
  readonly #faults: readonly Fault[];

  constructor(account: Account, models: readonly ServiceModel[], faults: readonly Fault[]) {
    this.#account = account;
    this.#models = new Map(models.map((model) => [model.service, model]));
    this.#faults = faults;
  }

  /** Answers a request, or with undefined when the door froze first: then nobody shall answer. */
  receive(door: Door, power: Power, wire: WireRequest, requestId: string): Promise<RawAnswer | undefined> {
    // A request under way is work: the time must not leap while it lasts.
    return this.#account.clock.during(async () => {
      if (!power.isOn()) return undefined;
      this.#account.clock.advance(LATENCY_MILLISECONDS);
      try {
        const request = recognise(wire);
        return await this.#carryOut(door, power, request, requestId);
      } catch (error) {
        const protocol = wire.headers["x-amz-target"] === undefined ? "query" : "json-1.1";
        return writeError(protocol, "", asAwsError(error), requestId);
      }
    });
  }

  async #carryOut(
    door: Door,
    power: Power,
    request: Incoming,
    requestId: string,
  ): Promise<RawAnswer | undefined> {
    const model = this.#models.get(request.service);
    if (model === undefined) throw new AwsError("UnknownService", request.service, 501);
    const call = this.#record(model, request);
    // Whoever freezes the door in a hook may never return from it; then the request must still let go of the clock.
    await Promise.race([door.onCall(call, "before"), power.failed]);
    if (!power.isOn()) return undefined;
    const answer = await this.#answer(model, request, requestId);
    call.error = answer.error;
    if (!power.isOn()) return undefined;
    await Promise.race([door.onCall(call, "after"), power.failed]);
    return power.isOn() ? answer : undefined;
  }

  async #answer(model: ServiceModel, request: Incoming, requestId: string): Promise<RawAnswer> {
    try {
      this.#requireOperation(model, request);
      this.#requireRegion(model, request);
      // What the owner prepares for a rehearsal must not fail in place of what is rehearsed.
      const fault = isOwners(request) ? undefined : takeFault(this.#faults, request);
      if (fault !== undefined) throw fault;
      return writeOutcome(model, request, await model.carryOut(request), requestId);
    } catch (error) {
      return writeError(model.protocol, model.namespace, asAwsError(error), requestId);
    }
  }

  #record(model: ServiceModel, request: Incoming): Call {
    const call: Call = {
      index: this.calls.length,
      at: this.#account.clock.now(),
      service: request.service,
      operation: request.operation,
      region: request.region,
      caller: request.caller,
      resources: model.resourcesOf(request),
    };
    this.calls.push(call);
    return call;
  }

  #requireOperation(model: ServiceModel, { operation }: Incoming): void {
    if (model.operations.includes(operation)) return;
    if (model.protocol.startsWith("json"))
      throw new AwsError("UnknownOperationException", `Unknown operation ${operation}`);
    if (model.protocol === "rest-xml")
      throw new AwsError("NotImplemented", `The rehearsal cloud's S3 does not know ${operation}.`);
    throw new AwsError("InvalidAction", `The action ${operation} is not valid for this web service.`);
  }

  /** A region that the account has not enabled knows none of its keys. */
  #requireRegion(model: ServiceModel, { region }: Incoming): void {
    if (this.#account.regions.includes(region)) return;
    if (model.protocol === "ec2") {
      throw new AwsError("AuthFailure", "AWS was not able to validate the provided access credentials");
    }
    const code = model.protocol === "query" ? "InvalidClientTokenId" : "UnrecognizedClientException";
    throw new AwsError(code, "The security token included in the request is invalid.");
  }
}

/** By the access key with which a rehearsal does what the owner and the deployment do. */
function isOwners({ headers }: Incoming): boolean {
  return headers.authorization?.includes("Credential=OWNER/") === true;
}

// What is not an AwsError is a mistake in the model; the caller sees what AWS shows when it breaks, and why.
function asAwsError(error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new AwsError("InternalError", `the rehearsal cloud failed: ${text}`);
}
