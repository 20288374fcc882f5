import { describe, expect, test } from "@jest/globals";
import { PipeRefusedError } from "#hosts";
import {
  closeSecondDoor,
  openSecondDoor,
  pointClient,
  switchFirstDoor,
} from "../../../functions/tunnels/change-doors.ts";
import { fingerprintOf } from "../../../functions/tunnels/fingerprint.ts";
import type { Door, HostReport } from "../../../functions/tunnels/host-report.ts";
import { clientEnd, serverEnd } from "../../../functions/tunnels/pipe-ends.ts";
import type { Hosts } from "../../../functions/tunnels/ports.ts";
import { BOTH_ENDS } from "./fakes/fleets.ts";

const PIPE = "/nightshift/pipes/SSH";
const SERVER = serverEnd(BOTH_ENDS, PIPE, { host: "www", pipe: "SSH" });
const CLIENT = clientEnd(BOTH_ENDS, PIPE, { host: "pkg", pipe: "TO_WWW" });
const [OLD, NEW] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
const runs = (key: Buffer): Door => ({ fingerprint: fingerprintOf(key), isRunning: true });
const stopped = (key: Buffer): Door => ({ fingerprint: fingerprintOf(key), isRunning: false });
const GONE: Door = { fingerprint: undefined, isRunning: false };

/** A host that says what it is told to say, and lets in at some addresses. Remembers what it was asked, and by which way. */
function hostThatSays(first: Door, second: Door, ...open: string[]) {
  const asked: string[] = [];
  const hosts: Hosts = {
    ask: async (host, pipe, verb, way): Promise<HostReport> => {
      asked.push([host, pipe, verb.verb, "port" in verb ? verb.port : "", way].join(" "));
      return { first, second };
    },
    shakeHands: async (address, key) => {
      if (!open.includes(`${address} ${fingerprintOf(key)}`))
        throw new PipeRefusedError(`${address} refuses`);
    },
  };
  return { hosts, asked };
}
const at = (port: number, key: Buffer) => `www.example.org:${port} ${fingerprintOf(key)}`;
const NOT_OPEN = { name: "DoorNotOpenError" };
const REFUSED = { name: "PipeRefusedError" };

describe("a step counts when the host says so, and it is seen from outside", () => {
  test("add comes in by the first door, and the second is tried with the new key", async () => {
    const { hosts, asked } = hostThatSays(runs(OLD), runs(NEW), at(9022, NEW));
    await openSecondDoor(SERVER, NEW, hosts);
    expect(asked).toEqual(["www SSH add 9022 first"]);
  });

  test.each([
    ["the port is not let in by a security group", runs(OLD), runs(NEW), [], REFUSED],
    ["another key is there", runs(OLD), runs(OLD), [at(9022, NEW)], NOT_OPEN],
    ["no key is there", runs(OLD), { fingerprint: undefined, isRunning: true }, [at(9022, NEW)], NOT_OPEN],
    ["its spiped does not run", runs(OLD), stopped(NEW), [at(9022, NEW)], NOT_OPEN],
    ["the first spiped has ended", stopped(OLD), runs(NEW), [at(9022, NEW)], NOT_OPEN],
  ] as const)("not opened: %s", async (_why, first, second, open, error) => {
    await expect(
      openSecondDoor(SERVER, NEW, hostThatSays(first, second, ...open).hosts),
    ).rejects.toMatchObject(error);
  });

  test("promote comes in by the second door, and the first is tried with the new key", async () => {
    const { hosts, asked } = hostThatSays(runs(NEW), runs(NEW), at(8022, NEW));
    await switchFirstDoor(SERVER, NEW, hosts);
    expect(asked).toEqual(["www SSH promote  second"]);
  });

  test.each([
    ["it takes the old key still", runs(NEW), [at(8022, OLD)], REFUSED],
    ["its key file is the old one", runs(OLD), [at(8022, NEW)], NOT_OPEN],
    ["its spiped does not run", stopped(NEW), [at(8022, NEW)], NOT_OPEN],
  ] as const)("not switched: %s", async (_why, first, open, error) => {
    await expect(
      switchFirstDoor(SERVER, NEW, hostThatSays(first, runs(NEW), ...open).hosts),
    ).rejects.toMatchObject(error);
  });

  test("drop comes in by the first door", async () => {
    const { hosts, asked } = hostThatSays(runs(NEW), GONE);
    await closeSecondDoor(SERVER, hosts);
    expect(asked).toEqual(["www SSH drop  first"]);
  });

  test.each([
    ["it runs still", runs(NEW), runs(NEW)],
    ["its key file is there still", runs(NEW), stopped(NEW)],
    ["the first does not run", stopped(NEW), GONE],
  ])("not closed: %s", async (_why, first, second) => {
    await expect(closeSecondDoor(SERVER, hostThatSays(first, second).hosts)).rejects.toMatchObject(NOT_OPEN);
  });

  test("a pipe that nobody sees from outside is believed", async () => {
    const inside = { ...SERVER, firstAddress: undefined, secondAddress: undefined };
    await openSecondDoor(inside, NEW, hostThatSays(runs(OLD), runs(NEW)).hosts);
    await switchFirstDoor(inside, NEW, hostThatSays(runs(NEW), runs(NEW)).hosts);
  });

  test.each([
    ["second", 9022, NEW, GONE, runs(NEW)],
    ["first", 8022, NEW, runs(NEW), GONE],
    ["first", 8022, OLD, runs(OLD), GONE],
  ] as const)("a client is pointed to the %s port, %d", async (door, port, key, first, second) => {
    const { hosts, asked } = hostThatSays(first, second);
    await pointClient(CLIENT, door, key, hosts);
    expect(asked).toEqual([`pkg TO_WWW point ${port} first`]);
    await expect(pointClient(CLIENT, door, Buffer.alloc(32, 9), hosts)).rejects.toMatchObject(NOT_OPEN);
  });
});
