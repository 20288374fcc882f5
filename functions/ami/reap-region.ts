import type { Executions } from "./ports.ts";
import { type RegionPorts, type Sweep, sweepRegion } from "./sweep.ts";
import { isExpired, TAG, type Tags } from "./tags.ts";

/**
 * Removes what dead runs left in one region: ours by tag, past its expiry, and of no execution that still runs.
 * Published images carry no expiry, so no pointer can name what goes.
 */
export async function reapRegion(
  request: { stage: string; region: string; now: Date },
  ports: RegionPorts & { executions: Executions },
): Promise<Sweep> {
  const running = rememberRunning(ports.executions);
  const mayRemove = async (tags: Tags) =>
    isExpired(request.stage, tags, request.now) && !(await running(tags[TAG.execution] ?? ""));
  const order = {
    stage: request.stage,
    region: request.region,
    tags: { [TAG.stage]: request.stage },
    mayRemove,
  };
  return sweepRegion(order, ports);
}

/** Asks about each execution once per sweep. */
function rememberRunning(executions: Executions): (arn: string) => Promise<boolean> {
  const known = new Map<string, Promise<boolean>>();
  return (arn) => {
    if (arn === "") return Promise.resolve(false);
    const answer = known.get(arn) ?? executions.isRunning(arn);
    known.set(arn, answer);
    return answer;
  };
}
