import type { Monitor } from "#fleet";
import { MONITOR } from "../../functions/monitor/board.ts";

/** What people call a check: its title, or its name; also of one that is no longer in the fleet. */
export function titleOf(check: string, { checks }: Pick<Monitor, "checks">): string {
  if (check === MONITOR) return "the monitor";
  return (Object.hasOwn(checks, check) ? checks[check]?.title : undefined) ?? check;
}
