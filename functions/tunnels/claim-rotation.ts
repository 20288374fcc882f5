import type { Fleet } from "#fleet";
import { RotationRunningError } from "./failures.ts";
import type { PipeEnd } from "./pipe-ends.ts";
import { planRotation } from "./plan-rotation.ts";
import type { Executions, RotationBook } from "./ports.ts";
import type { Rotation } from "./rotation.ts";

export interface ClaimedRotation {
  readonly rotation: Rotation;
  readonly servers: readonly PipeEnd[];
  readonly clients: readonly PipeEnd[];
  /** Hosts may have a key of it already, by a run that died: its keys are on record, which comes before the first host. */
  readonly isTakenOver: boolean;
  /** A dead run came so far that there is no way back: hosts may let in with the new key alone. */
  readonly isForward: boolean;
  /** This very execution has ended well before: it was started again, and there is nothing to do. */
  readonly isOver: boolean;
}

/**
 * Makes an execution the only one that rotates a key. One that died is succeeded, with its new key and from its phase.
 * @throws RotationRefusedError, RotationRunningError
 */
export async function claimRotation(
  request: { readonly fleet: Fleet; readonly pipe: string; readonly executionArn: string; readonly at: Date },
  ports: { readonly book: RotationBook; readonly executions: Executions },
): Promise<ClaimedRotation> {
  const { pipe, servers, clients } = planRotation(request.fleet, request.pipe);
  const rotation = { pipe, executionArn: request.executionArn };
  const name = ({ host, pipe }: PipeEnd) => ({ host, pipe });
  const ends = { rotation, servers: servers.map(name), clients: clients.map(name) };
  const record = await ports.book.find(pipe);
  const former = record?.executionArn ?? "";
  if (former === "" && record?.rotatedBy === request.executionArn)
    return { ...ends, isTakenOver: false, isForward: false, isOver: true };
  const isOthers = former !== "" && former !== request.executionArn;
  if (isOthers && (await ports.executions.isRunning(former)))
    throw new RotationRunningError(
      `${former} is rotating the key ${pipe}: follow that run, or wait for its end`,
    );
  await ports.book.claim(rotation, former, request.at);
  return {
    ...ends,
    isTakenOver: (record?.to ?? "") !== "",
    isForward: record?.phase === "switching",
    isOver: false,
  };
}
