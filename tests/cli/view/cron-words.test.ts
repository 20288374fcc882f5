import { expect, test } from "@jest/globals";
import { cronInWords } from "../../../cli/view/cron-words.ts";

test.each([
  { cron: "0 4 ? * SUN *", words: "every Sunday at 04:00 UTC", why: "weekly" },
  {
    cron: "0 4 ? * 1 *",
    words: "every Sunday at 04:00 UTC",
    why: "EventBridge counts weekdays from Sunday = 1",
  },
  { cron: "0 0 * * ? *", words: "every day at 00:00 UTC", why: "midnight" },
  { cron: "5 6,18 * * ? *", words: "every day at 06:05 and 18:05 UTC", why: "two hours" },
  { cron: "17 * * * ? *", words: "every hour at minute 17", why: "hourly; a zone would say nothing" },
  { cron: "0/15 * * * ? *", words: "every 15 minutes", why: "a step" },
  { cron: "2/5 * * * ? *", words: "every 5 minutes", why: "a step that does not begin at the full hour" },
  { cron: "* * * * ? *", words: "every minute", why: "the watch" },
  { cron: "30 2 1 * ? *", words: "on day 1 of every month at 02:30 UTC", why: "monthly" },
  { cron: "30 2 L * ? *", words: "on the last day of every month at 02:30 UTC", why: "L" },
  { cron: "0 9 1 1,7 ? *", words: "on day 1 of January and July at 09:00 UTC", why: "two months" },
  { cron: "0 8 ? * MON-FRI *", words: "every Monday to Friday at 08:00 UTC", why: "a range" },
  { cron: "0 8 ? * TUE#2 *", words: undefined, why: "the second Tuesday is better read as it stands" },
  { cron: "0 8 ? * 8 *", words: undefined, why: "there is no eighth weekday" },
  { cron: "0 8 * * ? 2027", words: undefined, why: "a year" },
  { cron: "0 8 * *", words: undefined, why: "too few fields" },
  { cron: "0-30 8 * * ? *", words: undefined, why: "a range of minutes" },
])("$cron: $why", ({ cron, words }) => {
  expect(cronInWords(cron, "UTC")).toBe(words);
});
