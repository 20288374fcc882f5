import middy from "@middy/core";
import type { Context } from "aws-lambda";
import { z } from "zod";
import { type Clock, clock } from "./clock.ts";
import { InvalidInputError } from "./failures.ts";
import { type Log, type LogFields, logWith } from "./log.ts";
import { readSettings, type Settings } from "./settings.ts";
import { translateTransient } from "./transient.ts";

/** What a running function may use besides its services. */
export interface Run {
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: Settings;
}

/** The three parts of a function: what it accepts, what it stands on, what it does. */
export interface Parts<Input, Services, Output> {
  /** Shape of the event. Unknown members are dropped, a mismatch is an InvalidInputError. */
  readonly input: z.ZodType<Input>;
  /** Called on a cold start only: reads the fleet, makes the AWS clients. */
  readonly services: (settings: Settings) => Services;
  /** Called for every event. */
  readonly run: (input: Input, services: Services, run: Run) => Promise<Output>;
}

let generation = 0;

/** Makes every function start cold at its next event. For engines, which change the environment between runs. */
export function startCold(): void {
  generation += 1;
}

/** Wraps a function's parts into the handler that Lambda (or the embedded engine) calls. */
export function lambda<Input, Services, Output>(parts: Parts<Input, Services, Output>) {
  let warm: { readonly generation: number; readonly services: Services } | undefined;

  const servicesFor = (settings: Settings): Services => {
    if (warm?.generation !== generation) warm = { generation, services: parts.services(settings) };
    return warm.services;
  };

  const handler = async (event: unknown, context: Context): Promise<Output> => {
    const settings = readSettings(process.env, context.functionName);
    const log = logWith({
      function: context.functionName,
      requestId: context.awsRequestId,
      ...origin(event),
    });
    const input = parse(parts.input, event);
    return parts.run(input, servicesFor(settings), { clock, log, settings });
  };

  return middy(handler).use(observed());
}

/**
 * Logs how each call went, and how long it took: as a field, since Lambda has the duration as a metric by itself, and a
 * metric of ours has a price. Errors go on to the state machine, which decides.
 */
function observed(): middy.MiddlewareObj {
  const started = new WeakMap<object, number>();
  const finish = (request: middy.Request, failure: Error | undefined) => {
    const log = logWith({ function: request.context.functionName, ...origin(request.event) });
    const durationMilliseconds = clock.now().getTime() - (started.get(request) ?? 0);
    if (failure === undefined) log.info("done", { durationMilliseconds });
    else log.error(failure.message, { error: failure.name, durationMilliseconds });
  };
  return {
    before: (request) => {
      started.set(request, clock.now().getTime());
    },
    after: (request) => finish(request, undefined),
    onError: (request) => {
      const failure = request.error ?? new Error("unknown");
      finish(request, failure);
      throw translateTransient(failure);
    },
  };
}

function parse<Input>(schema: z.ZodType<Input>, event: unknown): Input {
  const parsed = schema.safeParse(event);
  if (!parsed.success) throw new InvalidInputError(inOneLine(parsed.error));
  return parsed.data;
}

/** Each problem and where it is: a reason has one line in a terminal, in a log and in a mail. */
function inOneLine({ issues }: z.ZodError): string {
  const where = (path: PropertyKey[]) => (path.length === 0 ? "" : ` → at ${z.core.toDotPath(path)}`);
  return issues.map(({ message, path }) => `${message}${where(path)}`).join("; ");
}

/** The execution and build that an event belongs to, for the log. */
function origin(event: unknown): LogFields {
  const seen = z
    .object({
      executionArn: z.string().optional(),
      build: z.object({ id: z.string(), executionArn: z.string().optional() }).optional(),
    })
    .safeParse(event);
  if (!seen.success) return {};
  const { executionArn, build } = seen.data;
  return { execution: executionArn ?? build?.executionArn, build: build?.id };
}
