import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { fingerprintOf } from "../../functions/tunnels/fingerprint.ts";
import {
  doorOf,
  MAIL,
  type RotationScene,
  rcConfOf,
  rotationScene,
  SECOND,
  SSH,
  TIME,
} from "./rotation-scene.ts";
import { mailsOf, type Walk, walk } from "./walked-run.ts";

const HOSTS = ["www", "mail", "pkg"];
let theatre: RotationScene;
beforeEach(async () => {
  theatre = await rotationScene();
});
afterEach(() => theatre.close());

function rotate(pipe: string, name = "rotate", onEvent?: Parameters<typeof walk>[4]): Promise<Walk> {
  return walk(theatre, "tunnels-rotate", { pipe, time: TIME }, name, onEvent);
}

const mails = () => mailsOf({ stage: theatre.scene.stage } as Parameters<typeof mailsOf>[0]);

/** That nothing of a rotation is left anywhere, and one key is in force everywhere. */
async function expectAtRest(pipe: string, key: string | undefined): Promise<void> {
  for (const place of ["home", "watch"] as const) {
    expect([place, await theatre.key(place, pipe)]).toEqual([place, key]);
    expect([place, await theatre.key(place, `${pipe}.next`)]).toEqual([place, undefined]);
  }
  for (const host of HOSTS)
    expect([host, rcConfOf(theatre, host)]).toEqual([host, expect.not.stringContaining("_next")]);
  const { executionArn, phase, fromKey, toKey } = await theatre.record(pipe);
  expect({ executionArn, phase, fromKey, toKey }).toEqual({});
}

const ends = (parameter: string, hosts: string[]) =>
  hosts.map((host) => ({ host, pipe: parameter.replace("/nightshift/pipes/", "") }));
const fingerprint = (key: string | undefined) => fingerprintOf(Buffer.from(key ?? "", "base64"));

describe("tunnels-rotate", () => {
  it("the pipe that is the way in: another key on every host, and one mail", async () => {
    const old = await theatre.key("home", SSH);
    const run = await rotate("SSH");
    const key = await theatre.key("home", SSH);
    expect(run.outcome).toEqual({
      status: "SUCCEEDED",
      output: {
        pipe: SSH,
        from: fingerprint(old),
        to: fingerprint(key),
        servers: ends(SSH, HOSTS),
        clients: [],
      },
    });
    expect(key).not.toBe(old);
    await expectAtRest(SSH, key);
    for (const host of HOSTS) {
      expect([host, await theatre.takes(doorOf(theatre, host), key)]).toEqual([host, true]);
      expect([host, await theatre.takes(doorOf(theatre, host), old)]).toEqual([host, false]);
      expect([host, await theatre.takes(doorOf(theatre, host, SECOND), key)]).toEqual([host, false]);
    }
    const [mail, ...more] = mails();
    expect(more).toEqual([]);
    expect(mail?.subject).toBe("Key SSH: changed");
    expect(mail?.text).toContain("nightshift run ami-build --image base");
    expect(JSON.stringify([run, mails(), await theatre.record(SSH)])).not.toContain(key?.slice(0, 20));
  });

  it("a pipe with clients: they lead to the second port, and back to the first with the new key", async () => {
    const old = await theatre.key("home", MAIL);
    const run = await rotate("MAIL");
    const key = await theatre.key("home", MAIL);
    expect(run.outcome).toMatchObject({
      status: "SUCCEEDED",
      output: { servers: ends(MAIL, ["mail"]), clients: ends(MAIL, ["www", "pkg"]) },
    });
    await expectAtRest(MAIL, key);
    const server = doorOf(theatre, "mail", 0, 8025);
    expect([await theatre.takes(server, key), await theatre.takes(server, old)]).toEqual([true, false]);
    expect(run.entered).toContain("PointClientToFirstDoor");
    expect(rcConfOf(theatre, "www")).toMatch(/^spiped_pipes="[^"]*\bMAIL\b/m);
  });

  it("a host is down: nothing has changed, and the mail says so", async () => {
    const old = await theatre.key("home", SSH);
    await theatre.scene.host("mail").setCondition({ misbehaves: "dark" });
    const run = await rotate("SSH");
    expect(run.outcome).toMatchObject({
      status: "FAILED",
      error: "HostsMissedError",
      cause: expect.stringMatching(/^mail: HostUnreachableError: /),
    });
    expect(run.entered).not.toContain("SwitchFirstDoors");
    await theatre.scene.host("mail").setCondition({});
    await expectAtRest(SSH, old);
    for (const host of HOSTS)
      expect([host, await theatre.takes(doorOf(theatre, host), old)]).toEqual([host, true]);
    const [mail] = mails();
    expect(mail?.subject).toBe("Key SSH: NOT changed");
    expect(mail?.text).toContain("everything is as it was before");
  });

  it("a host goes down before it is switched: both keys work, and the next run goes on with the same key", async () => {
    const old = await theatre.key("home", SSH);
    onCallOf("begin-switch", "after", () => theatre.scene.host("pkg").setCondition({ misbehaves: "dark" }));
    const first = await rotate("SSH", "first");
    expect(first.outcome).toMatchObject({ status: "FAILED", error: "HostsMissedError" });
    const next = await theatre.key("home", `${SSH}.next`);
    expect(await theatre.key("home", SSH)).toBe(old);
    expect(await theatre.takes(doorOf(theatre, "www"), next)).toBe(true);
    await theatre.scene.host("pkg").setCondition({});
    expect(await theatre.takes(doorOf(theatre, "pkg"), old)).toBe(true);
    expect(mails().at(-1)?.subject).toBe("Key SSH: changed in part");

    const run = await rotate("SSH", "second");
    expect(run.outcome).toMatchObject({
      status: "SUCCEEDED",
      output: { from: fingerprint(old), to: fingerprint(next) },
    });
    await expectAtRest(SSH, next);
  });
  it("there is no key: nothing was begun, and nor was it when one tries again", async () => {
    await theatre.putKey("home", SSH, undefined);
    for (const name of ["first", "second"]) {
      const { outcome } = await rotate("SSH", name);
      expect(outcome).toMatchObject({ status: "FAILED", error: "KeyLostError" });
    }
    expect(mails().map(({ subject }) => subject)).toEqual(["Key SSH: NOT changed", "Key SSH: NOT changed"]);
  });

  it("a host comes into the fleet meanwhile: all is undone, and the next run changes its key too", async () => {
    const old = await theatre.key("home", SSH);
    const { stage } = theatre.scene;
    const { monitor: _checks, ...whole } = stage.fleet;
    const { pkg: _later, ...hosts } = whole.hosts;
    stage.changeFleet({ ...whole, hosts });
    onCallOf("open-second-door", "after", async () => stage.changeFleet(whole));
    const first = await rotate("SSH", "first");
    expect(first.outcome).toMatchObject({
      status: "FAILED",
      error: "FleetChangedError",
      cause: expect.stringContaining("pipe SSH of pkg"),
    });
    await expectAtRest(SSH, old);
    expect(mails().at(-1)?.subject).toBe("Key SSH: NOT changed");

    theatre = await theatre.powerUp(); // functions read the fleet when they start
    expect((await rotate("SSH", "second")).outcome).toMatchObject({ status: "SUCCEEDED" });
    await expectAtRest(SSH, await theatre.key("home", SSH));
    expect(await theatre.takes(doorOf(theatre, "pkg"), await theatre.key("home", SSH))).toBe(true);
  });

  it("the next key is deleted before hosts are switched to it: there is a way back", async () => {
    const old = await theatre.key("home", SSH);
    onCallOf("begin-switch", "before", () => theatre.putKey("home", `${SSH}.next`, undefined));
    const first = await rotate("SSH", "first");
    expect(first.outcome).toMatchObject({ status: "FAILED", error: "KeyLostError" });
    await expectAtRest(SSH, old);
    expect((await rotate("SSH", "second")).outcome).toMatchObject({ status: "SUCCEEDED" });
  });
});

/** Does something before a function's first call, or when it has had the answer to it. */
function onCallOf(handler: string, phase: "before" | "after", work: () => Promise<void>): void {
  let isDone = false;
  theatre.power.door.onCall = async ({ caller }, itsPhase) => {
    if (isDone || itsPhase !== phase || caller !== `nightshift-rehearsal-tunnels-${handler}`) return;
    isDone = true;
    await work();
  };
}
