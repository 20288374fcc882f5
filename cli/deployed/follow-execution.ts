import type { ExecutionEvent } from "../../local/engine/execution-event.ts";
import { OperatorError } from "../operator-error.ts";
import { HistoryTranslation, isLast } from "./history-events.ts";
import type { DeployedMachine, Machines } from "./machines.ts";

/** GetExecutionHistory may be called some times a second by everybody in an account; a person needs no more. */
const POLL_MILLISECONDS = 2000;

export interface FollowOptions {
  /** Aborted when nobody wants to see more. The execution itself goes on. */
  readonly signal: AbortSignal;
  readonly onEvent: (event: ExecutionEvent) => void;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** The deployed machine of a stage. @throws OperatorError that says which stages there are */
export async function findMachine(
  machines: Machines,
  stage: string,
  machine: string,
): Promise<DeployedMachine> {
  const all = await machines.list();
  const name = `nightshift-${stage}-${machine}`;
  const found = all.find((one) => one.name === name);
  if (found !== undefined) return found;
  const stages = all
    .flatMap((one) => /^nightshift-([a-z0-9-]+)$/.exec(one.name)?.[1] ?? [])
    .filter((rest) => rest.endsWith(`-${machine}`))
    .map((rest) => rest.slice(0, -machine.length - 1));
  throw new OperatorError(
    `${machine} is not deployed as stage "${stage}" in ${machines.region}`,
    stages.length > 0
      ? `It is deployed as: ${stages.join(", ")}. Choose with --stage.`
      : `Deploy first: npm run deploy -- --stage ${stage}. To try without deploying: nightshift rehearse ${machine}`,
  );
}

/**
 * The machine's short name from the name of a deployed one and its stage, or of an execution's ARN: "ami-build".
 * Stages may hold hyphens, so that known machines decide.
 */
export function machineOfArn(executionArn: string, known: readonly string[]): string {
  const deployed = executionArn.split(":")[6] ?? executionArn;
  return known.find((machine) => deployed.endsWith(`-${machine}`)) ?? deployed;
}

/**
 * Hands out an execution's events from its start until its end, or until the signal. Resolves to the last event, or
 * to undefined when the signal came first.
 */
export async function followExecution(
  machines: Machines,
  executionArn: string,
  machine: string,
  options: FollowOptions,
): Promise<ExecutionEvent | undefined> {
  const reader = historyReader(machines, executionArn, machine);
  while (!options.signal.aborted) {
    for (const event of await reader()) {
      options.onEvent(event);
      if (isLast(event)) return event;
    }
    await options.sleep(POLL_MILLISECONDS);
  }
  return undefined;
}

/** Everything that has happened in an execution so far. */
export function readHistory(
  machines: Machines,
  executionArn: string,
  machine: string,
): Promise<ExecutionEvent[]> {
  return historyReader(machines, executionArn, machine)();
}

/** Reads what is new since the last call. The last page is asked for again each time, since it is what grows. */
function historyReader(machines: Machines, executionArn: string, machine: string) {
  const translation = new HistoryTranslation(executionArn, machine);
  let page: string | undefined;
  let lastId = 0;
  return async (): Promise<ExecutionEvent[]> => {
    const events: ExecutionEvent[] = [];
    for (;;) {
      const { events: history, next } = await machines.history(executionArn, page);
      const fresh = history.filter(({ id = 0 }) => id > lastId);
      lastId = fresh.at(-1)?.id ?? lastId;
      events.push(...translation.take(fresh));
      if (next === undefined) return events;
      page = next;
    }
  };
}
