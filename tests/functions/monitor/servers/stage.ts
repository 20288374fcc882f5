import { randomBytes } from "node:crypto";
import type { Check } from "#fleet";
import { readKey } from "#spiped";
import { measure } from "../../../../functions/monitor/adapters/probes/measure.ts";
import type { CheckResult } from "../../../../functions/monitor/check-result.ts";
import type { Surroundings } from "../../../../functions/monitor/ports.ts";
import { CheckSchema } from "../../../../layers/fleet/checks.ts";

/** The key that both ends have, unless a test says otherwise; and another one. */
export const KEY = readKey(randomBytes(32));
export const OTHER_KEY = readKey(randomBytes(32));

/** A check as the fleet would give it, with all defaults. */
export function checkOf(check: Readonly<Record<string, unknown>>): Check {
  return CheckSchema.parse(check);
}

/** Surroundings in which everything is there that the tests did not take away. */
export function surroundingsWith(change: Partial<Surroundings> = {}): Surroundings {
  return {
    now: new Date(),
    key: async (parameter) => (parameter.endsWith("/OTHER") ? OTHER_KEY : KEY),
    otherKeys: async () => [],
    sshKey: async () => "",
    beats: async () => ({ watchedSince: new Date() }),
    executions: async () => ({}),
    balance: async () => ({ amount: "20.00", currency: "USD" }),
    ...change,
  };
}

/** Measures one check. */
export function measured(
  check: Readonly<Record<string, unknown>>,
  change: Partial<Surroundings> = {},
): Promise<CheckResult> {
  return measure("the-check", checkOf(check), surroundingsWith(change));
}
