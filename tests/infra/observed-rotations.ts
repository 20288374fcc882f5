import type { Call } from "../../local/cloud/contract.ts";
import { STAGE } from "../../local/rehearsal/stage.ts";
import { rotationScene, TIME } from "../state-machines/rotation-scene.ts";
import { walk } from "../state-machines/walked-run.ts";

const CALLER = `nightshift-${STAGE}-tunnels-`;

/**
 * Rehearses rotations that bring the functions of tunnels to every call: of a pipe with clients; one that a host keeps from
 * being ended, and that another run takes over; and one of which the last answer is lost.
 */
export async function observeRotations(): Promise<Call[]> {
  const observed: Call[] = [];
  const theatre = await rotationScene();
  let isLost = false;
  theatre.power.door.onCall = async (call, phase) => {
    if (phase === "before" && call.caller.startsWith(CALLER)) observed.push(call);
    if (phase === "before" || isLost || call.caller !== `${CALLER}finish-rotation`) return;
    isLost = true;
    throw new Error("the answer was lost");
  };
  try {
    await walk(theatre, "tunnels-rotate", { pipe: "MAIL", time: TIME }, "with clients");
    await theatre.scene.host("pkg").setCondition({ misbehaves: "dark" });
    await walk(theatre, "tunnels-rotate", { pipe: "MAIL", time: TIME }, "client down");
    await theatre.scene.host("pkg").setCondition({});
    await walk(theatre, "tunnels-rotate", { pipe: "MAIL", time: TIME }, "taken over");
  } finally {
    await theatre.close();
  }
  return observed;
}
