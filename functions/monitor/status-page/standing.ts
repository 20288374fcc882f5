import type { CheckState } from "../board.ts";
import type { Standing } from "./status-view.ts";

/** The order in which standings matter for the whole. */
const GRAVEST_FIRST: readonly Standing[] = [
  ...(["down", "dependent", "unsteady", "planned", "doubtful"] as const),
];

/** How a check stands, to everybody. */
export function standingOf(state: CheckState | undefined): Standing {
  if (state === undefined) return "unknown";
  if (state.silence === "maintenance") return "planned";
  if (state.phase === "good") return state.isFlapping ? "unsteady" : "working";
  if (state.silence === "impaired") return "unknown";
  if (state.silence === "parent") return "dependent";
  if (state.isFlapping) return "unsteady";
  return state.phase === "alarm" ? "down" : "doubtful";
}

/** The gravest of them. A check without results says nothing, unless all are. */
export function gravestOf(standings: readonly Standing[]): Standing {
  const gravest = GRAVEST_FIRST.find((one) => standings.includes(one));
  if (gravest !== undefined) return gravest;
  return standings.includes("working") ? "working" : "unknown";
}

/** How many of each. */
export function tallyOf(standings: readonly Standing[]): Record<Standing, number> {
  const count = (standing: Standing) => standings.filter((one) => one === standing).length;
  return {
    down: count("down"),
    dependent: count("dependent"),
    unsteady: count("unsteady"),
    planned: count("planned"),
    doubtful: count("doubtful"),
    unknown: count("unknown"),
    working: count("working"),
  };
}
