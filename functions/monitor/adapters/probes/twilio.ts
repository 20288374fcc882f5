import { judgeBalance } from "../../findings/balance-finding.ts";
import type { Probe } from "./attempt.ts";

/** Twilio, by which alarms are told: that it answers, knows us, and how much is left (Twilio API, "Balance"). */
export const probeTwilio: Probe<"twilio"> = async (check, { balance }, attempt) => {
  attempt.stage = "asking Twilio for the balance";
  return judgeBalance(await balance(), check);
};
