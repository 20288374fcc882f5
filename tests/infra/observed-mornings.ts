import type { Call } from "../../local/cloud/contract.ts";
import { CONDITIONS } from "../../local/host/conditions.ts";
import { STAGE } from "../../local/rehearsal/stage.ts";
import { openMornings } from "../state-machines/checked-morning.ts";

/**
 * Mornings on which hosts are checked: a quiet one, and one whose news start a build. Answers the calls of the functions
 * that look after hosts; the build's own are observed elsewhere.
 */
export async function observeMornings(): Promise<Call[]> {
  const mornings = await openMornings();
  try {
    await mornings.changeFleet((fleet) => ({
      ...fleet,
      updates: fleet.updates === undefined ? undefined : { ...fleet.updates, startBuild: true },
    }));
    await mornings.check();
    await mornings.become({ www: CONDITIONS["packages-pending"] });
    await mornings.check(1);
    await mornings.scene.stage.started();
    const ours = `nightshift-${STAGE}-updates-`;
    return mornings.scene.stage.cloud.calls().filter(({ caller }) => caller.startsWith(ours));
  } finally {
    await mornings.close();
  }
}
