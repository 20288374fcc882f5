import { script } from "./shell-text.ts";
import { workFolder } from "./start-script.ts";

/** Lines of the log that travel with a failure. */
const LOG_LINES = 20;

/** How far provisioning is. `step` is the last one it announced. */
export type ProvisioningStatus =
  | { readonly state: "absent" }
  | { readonly state: "running"; readonly step: string }
  | {
      readonly state: "finished";
      /** Negative when the process died without telling, or found no room for its status. */
      readonly exitStatus: number;
      readonly step: string;
      readonly logTail: string;
    };

/** The script that asks how far provisioning is. */
export function statusScript(buildId: string): string {
  return script("-u", `work=${workFolder(buildId)}`, [
    `if ! [ -e "$work/pid" ]; then`,
    "  echo state absent",
    "  return 0",
    "fi",
    "# In this order: a process that ends between the two looks has left its status by the second.",
    `if kill -0 "$(cat "$work/pid")" 2>/dev/null && ! [ -e "$work/status" ]; then`,
    "  echo state running",
    `elif [ -e "$work/status" ]; then`,
    `  echo "state finished $(cat "$work/status")"`,
    "else",
    "  echo state finished -1",
    "fi",
    `echo "step $(sed -n 's/^==> //p' "$work/log" 2>/dev/null | tail -n 1)"`,
    "echo log",
    `tail -n ${LOG_LINES} "$work/log" 2>/dev/null || :`,
  ]);
}

/** Reads what statusScript printed. @throws RangeError when it is something else. */
export function parseStatus(stdout: string): ProvisioningStatus {
  const found =
    /^state (absent|running|finished)(?: (-?\d+)?)?\r?\n(?:step ?(.*?)\r?\nlog\r?\n([\s\S]*))?$/.exec(stdout);
  const [, state, exitStatus, step = "", logTail = ""] = found ?? [];
  if (state === "absent") return { state };
  if (state === "running") return { state, step };
  if (state === "finished") return { state, exitStatus: Number(exitStatus ?? -1), step, logTail };
  throw new RangeError(
    `not an answer to the question for the status: ${JSON.stringify(stdout.slice(0, 200))}`,
  );
}
