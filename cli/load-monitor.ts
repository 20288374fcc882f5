import { resolve } from "node:path";
import type { Monitor } from "#fleet";
import { regionOf } from "../infra/place.ts";
import type { Deps } from "./deps.ts";
import { loadFleet } from "./load-fleet.ts";
import { nearPath } from "./near-path.ts";
import { OperatorError } from "./operator-error.ts";

/** Options that the commands about the monitor share. */
export interface MonitorOptions {
  readonly stage: string;
  readonly fleet?: string;
  readonly json?: true;
}

/** The fleet's section monitor, and the region that it runs in. */
export interface WatchedFleet {
  readonly monitor: Monitor;
  readonly region: string;
}

/** @throws FleetError; OperatorError when nothing is watched */
export async function loadWatchedFleet(deps: Deps, { fleet }: MonitorOptions): Promise<WatchedFleet> {
  const file = resolve(fleet ?? deps.workspace.fleetFile);
  const { monitor, regions } = await loadFleet(file);
  if (monitor === undefined)
    throw new OperatorError(
      `${nearPath(file)} has no section monitor, so nothing is watched`,
      "Add one (nightshift's own fleet.yml has an example), or name another file with --fleet.",
    );
  return { monitor, region: regionOf("watch", regions) };
}
