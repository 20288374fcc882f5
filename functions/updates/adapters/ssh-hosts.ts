import type { UpdatesCheck } from "#fleet";
import { runOnHost, ssmKeys } from "#hosts";
import type { Settings } from "#platform";
import { REPORT_LIMIT_BYTES } from "../parsing/read-report.ts";
import type { Hosts } from "../ports.ts";

/**
 * From the connection to the end of the report. The host's program gives itself 240 s
 * (functions/ami/recipe/updates-command.ts), and the function has 300 (functions.yml).
 */
const TIMEOUT_SECONDS = 270;

/** Hosts over SSH through their pipes, with the key that may run the program `updates` and nothing else. */
export function sshHosts(settings: Settings, updates: Pick<UpdatesCheck, "sshKeyParameter">): Hosts {
  const keys = ssmKeys(settings);
  return {
    ask: async ({ address, hostKey, keyParameter }) => {
      const [pipeKeys, privateKey] = await Promise.all([
        keys.pipeKeys(keyParameter),
        keys.privateKey(updates.sshKeyParameter),
      ]);
      const access = { address, hostKey, pipeKeys, user: "root", privateKey };
      const command = {
        command: "updates", // sshd runs the key's own command, whatever is asked for
        timeoutSeconds: TIMEOUT_SECONDS,
        outputLimitBytes: REPORT_LIMIT_BYTES,
      };
      return (await runOnHost(access, command)).stdout;
    },
  };
}
