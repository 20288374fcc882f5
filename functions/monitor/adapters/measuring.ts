import type { Fleet, Monitor } from "#fleet";
import type { Settings } from "#platform";
import type { Measurer } from "../ports.ts";
import { dynamoDbBeats } from "./dynamodb-beats.ts";
import { measureAll } from "./measurer.ts";
import { sfnExecutions } from "./sfn-executions.ts";
import { ssmPipeKeys } from "./ssm-pipe-keys.ts";
import { ssmMonitorUrls, ssmTwilioAccount } from "./ssm-twilio-account.ts";
import { twilioPhone } from "./twilio-phone.ts";

/** Measures the checks of a fleet over the network, with keys and records of this region. */
export function networkMeasurer(settings: Settings, { regions }: Fleet, { checks, from }: Monitor): Measurer {
  const keys = ssmPipeKeys(settings);
  const beats = dynamoDbBeats(settings);
  const executions = sfnExecutions(settings, regions.home);
  const line = {
    baseUrl: settings.twilioUrl,
    account: ssmTwilioAccount(settings),
    urls: ssmMonitorUrls(settings),
  };
  const phone = twilioPhone({ ...line, from });
  return {
    measure: (names, now) => {
      const chosen = Object.fromEntries(Object.entries(checks).filter(([name]) => names.includes(name)));
      const ofRun = { beats: (check: string) => beats.read(check, now), balance: () => phone.balance(now) };
      return measureAll(chosen, { now, ...keys, executions, ...ofRun });
    },
  };
}
