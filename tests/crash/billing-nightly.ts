import { join } from "node:path";
import { setNightScene } from "../../local/rehearsal/night-scene.ts";
import type { Process } from "./crash-harness.ts";

const TIME = "2026-12-02T00:30:00.000Z";

/**
 * The night after the first of a month: every account's month is closed, some run out of money, and customers are
 * written to. A night costs so little that a second look at its papers shows; nothing in it is paid for twice.
 */
export const BILLING_NIGHTLY: Process = {
  machine: "billing-nightly",
  input: { time: TIME },
  fleetFile: join(import.meta.dirname, "../../fleet.yml"),
  ses: { sandbox: false, mailsPerDay: 50_000, mailsPerSecond: 14 },
  prepare: (stage) => setNightScene(stage, new Date(TIME), 10),
  costFactor: 2,
};

/** A payment of a suspended customer, who is thanked for it. */
export const BILLING_ENTRY: Process = {
  ...BILLING_NIGHTLY,
  machine: "billing-entry",
  input: {
    account: "c004",
    entry: { id: "pi_1", kind: "payment", amount: "5000000000000000000", on: "2026-12-02" },
    time: TIME,
  },
};

/** Two days of storage for everybody. */
export const BILLING_CREDIT: Process = {
  ...BILLING_NIGHTLY,
  machine: "billing-credit",
  input: { incident: { incident: "outage", on: "2026-12-02", storageDays: 2 }, time: TIME },
};
