import { GetSendQuotaCommand, SESClient } from "@aws-sdk/client-ses";
import { clientSettings, type Settings } from "#platform";
import type { MailQuota } from "../ports.ts";

/** What SES v1 `GetSendQuota` says. It may be asked once a second (SES quotas, API actions). */
export function sesMailQuota(settings: Settings): MailQuota {
  const client = new SESClient(clientSettings(settings));
  return {
    allowance: async () => {
      const {
        Max24HourSend = 0,
        MaxSendRate = 0,
        SentLast24Hours = 0,
      } = await client.send(new GetSendQuotaCommand({}));
      // -1: without a bound (SES API, GetSendQuota). An account whose sending is paused has a rate of 0.
      const left = Max24HourSend === -1 ? Number.POSITIVE_INFINITY : Max24HourSend - SentLast24Hours;
      return { perSecond: MaxSendRate, left: MaxSendRate > 0 ? Math.max(0, left) : 0 };
    },
  };
}
