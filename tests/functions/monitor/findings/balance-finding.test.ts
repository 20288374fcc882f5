import { expect, it } from "@jest/globals";
import { judgeBalance } from "../../../../functions/monitor/findings/balance-finding.ts";

it.each([
  ["20.10", 5, "GOOD", "20.10 USD left with Twilio"],
  ["5", 5, "GOOD", "5.00 USD left with Twilio"],
  ["4.999", 5, "FAILED", "4.99 USD left with Twilio, expected 5.00 or more"],
  ["-0.5", 0, "FAILED", "-0.50 USD left with Twilio, expected 0.00 or more"],
  ["many", 5, "FAILED", 'Twilio names a balance that is no number: "many"'],
])("%s, of which %d must be left: %s", (amount, minimumDollars, verdict, reason) => {
  expect(judgeBalance({ amount, currency: "USD" }, { minimumDollars })).toEqual({ verdict, reason });
});
