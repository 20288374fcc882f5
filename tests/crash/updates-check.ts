import { join } from "node:path";
import { CONDITIONS } from "../../local/host/conditions.ts";
import { prepareHosts } from "../../local/rehearsal/prepared-hosts.ts";
import type { Process } from "./crash-harness.ts";

/** A morning with news: one host has a vulnerable package, one prints what nobody understands, and FreeBSD has a patch. */
export const UPDATES_CHECK: Process = {
  machine: "updates-check",
  input: { time: "2026-11-27T06:00:00.000Z" },
  fleetFile: join(import.meta.dirname, "../../fleet.yml"),
  prepare: async (stage) => {
    await prepareHosts(stage, { www: CONDITIONS.vulnerable, pkg: CONDITIONS.nonsense });
  },
  costFactor: 2,
};
