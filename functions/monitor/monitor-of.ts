import type { Fleet, Monitor } from "#fleet";
import { NoMonitorError } from "./failures.ts";

/** The fleet's section `monitor`. @throws NoMonitorError */
export function monitorOf({ monitor }: Fleet): Monitor {
  if (monitor === undefined)
    throw new NoMonitorError("fleet.yml has no section monitor: say there what is watched, and deploy again");
  return monitor;
}
