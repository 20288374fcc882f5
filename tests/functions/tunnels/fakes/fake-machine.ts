import type { Fleet } from "#fleet";
import {
  closeSecondDoor,
  openSecondDoor,
  pointClient,
  switchFirstDoor,
} from "../../../../functions/tunnels/change-doors.ts";
import { claimRotation } from "../../../../functions/tunnels/claim-rotation.ts";
import {
  beginSwitch,
  commitKey,
  forgetNextKey,
  makeNextKey,
  readKeyInForce,
  readNextKey,
} from "../../../../functions/tunnels/keys.ts";
import { clientEnd, type PipeEnd, serverEnd } from "../../../../functions/tunnels/pipe-ends.ts";
import { requireHosts } from "../../../../functions/tunnels/require-hosts.ts";
import type { HostOutcome } from "../../../../functions/tunnels/rotation.ts";
import { Died, type FakeWorld } from "./fake-world.ts";

const AT = new Date("2026-11-22T04:00:00Z");

/** The machine tunnels-rotate, state by state, without an engine. Rejects as it would, and with Died where it ends. */
export async function rotateOnce(
  world: FakeWorld,
  fleet: Fleet,
  pipe: string,
  executionArn: string,
  random: () => Buffer,
) {
  const { book, store, hosts } = world;
  const executions = { isRunning: async () => false };
  const claim = await claimRotation({ fleet, pipe, executionArn, at: AT }, { book, executions });
  const { rotation, servers, clients } = claim;
  const keys = await makeNextKey(rotation, { book, store, random });
  const next = () => readNextKey(rotation, keys.to, store);
  const server = (end: PipeEnd) => serverEnd(fleet, rotation.pipe, end);
  const back = (inForce: string) =>
    each(clients, async (end) =>
      pointClient(
        clientEnd(fleet, rotation.pipe, end),
        "first",
        await readKeyInForce(rotation, inForce, store),
        hosts,
      ),
    );
  const close = () => each(servers, (end) => closeSecondDoor(server(end), hosts));
  if (!keys.isForgotten) {
    try {
      requireHosts(await each(servers, async (end) => openSecondDoor(server(end), await next(), hosts)));
      requireHosts(
        await each(clients, async (end) =>
          pointClient(clientEnd(fleet, rotation.pipe, end), "second", await next(), hosts),
        ),
      );
      await beginSwitch(rotation, keys.to, { book, store });
    } catch (error) {
      if (error instanceof Died || claim.isForward) throw error;
      requireHosts(await back(keys.from));
      await close();
      await forgetNextKey(rotation, keys.from, store);
      await book.finish(rotation, "undone", AT);
      throw error;
    }
    requireHosts(await each(servers, async (end) => switchFirstDoor(server(end), await next(), hosts)));
    await commitKey(rotation, keys.to, store);
    requireHosts(await back(keys.to));
    requireHosts(await close());
  }
  await forgetNextKey(rotation, keys.to, store);
  await book.finish(rotation, "rotated", AT);
  return keys;
}

/** A Map of the machine: one host that is missed keeps no other from being done. */
async function each(ends: readonly PipeEnd[], work: (end: PipeEnd) => Promise<void>): Promise<HostOutcome[]> {
  const outcomes: HostOutcome[] = [];
  for (const end of ends) {
    try {
      await work(end);
      outcomes.push({ host: end.host });
    } catch (error) {
      if (error instanceof Died) throw error;
      const { name, message } = error as Error;
      outcomes.push({ host: end.host, missed: { Error: name, Cause: message } });
    }
  }
  return outcomes;
}
