import { type Monitor, parseFleet } from "#fleet";
import { SHIPPED } from "../../../layers/fleet/fleet-text.ts";

/** The shipped fleet with a section `monitor` of the test's own, given as YAML without indentation. */
export function monitorWith(checks: string, rest = ""): Monitor {
  const indent = (text: string, by: string) => text.trim().replaceAll(/^/gm, by);
  const section = `
monitor:
  from: "+12065550100"
  contacts: { colin: { phone: "+16045550101" }, deputy: { phone: "+16045550102" } }
${rest === "" ? "" : indent(rest, "  ")}
  checks:
${indent(checks, "    ")}
`;
  const withoutMonitor = SHIPPED.replace(/^monitor:\n( .*\n|\n|#.*\n)*/m, "");
  const { monitor } = parseFleet(`${withoutMonitor}${section}`, "fleet.yml");
  if (monitor === undefined) throw new Error("no monitor");
  return monitor;
}
