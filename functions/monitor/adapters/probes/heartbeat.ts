import { judgeBeats } from "../../findings/heartbeat-finding.ts";
import type { Probe } from "./attempt.ts";

/** A job or host that reports in by itself: what was heard is on record, and is only judged. */
export const probeHeartbeat: Probe<"heartbeat"> = async (check, { beats, now }, attempt) => {
  attempt.stage = "reading what was heard";
  return judgeBeats(await beats(attempt.name), check, now);
};
