import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type HostAccess, isHostFailure, runOnHost } from "#hosts";
import { readKey } from "#spiped";
import { makeSshKey } from "../../../local/builder/ssh-key.ts";
import { errandKeyOf, pipeKeyOf } from "../../../local/rehearsal/host-keys-of-fleet.ts";
import { type HostsScene, hostsScene } from "../../../local/rehearsal/hosts-scene.ts";
import { leftoversOf } from "../../../local/rehearsal/leftovers.ts";
import { accessOf, runAsRoot } from "../host/on-host.ts";

const ROOT = join(import.meta.dirname, "../../..");
const TIME = new Date("2026-11-27T05:00:00.000Z");

const LIMITS = { command: "", timeoutSeconds: 20, outputLimitBytes: 1_000_000 };

let scene: HostsScene;
beforeAll(async () => {
  scene = await hostsScene({
    ...{ root: ROOT, fleetFile: join(ROOT, "fleet.yml"), time: TIME, faults: [] },
    folder: mkdtempSync(join(tmpdir(), "nightshift-hosts-")),
  });
});
afterAll(() => scene.close());

function access(name: string, changes: Partial<HostAccess> = {}): HostAccess {
  return { ...accessOf(scene.fleet, name, "updates"), ...changes };
}

function run(name: string, changes: Partial<HostAccess> = {}, command = "anything at all") {
  return runOnHost(access(name, changes), { ...LIMITS, command });
}

describe("hosts of the shipped fleet", () => {
  it("begin at the instant that was asked for", () => {
    expect(scene.stage.clock.now()).toEqual(TIME);
  });

  it("run the program of an errand, whatever is asked for", async () => {
    const { stdout, exitStatus } = await run("www", {}, "id; echo and more");
    expect({ exitStatus, first: stdout.split("\n")[0] }).toEqual({
      exitStatus: 0,
      first: "nightshift-updates 1",
    });
    expect(stdout).toMatch(/\nend\n$/);
  });

  it("each have an address and a host key of their own", () => {
    const { hosts } = scene.fleet;
    expect(new Set(Object.values(hosts).map(({ address }) => address)).size).toBe(3);
    expect(new Set(Object.values(hosts).map(({ hostKey }) => hostKey)).size).toBe(3);
  });

  it("show one failure each when something is wrong", async () => {
    const error = await run("www", { hostKey: access("mail").hostKey }).catch((thrown: Error) => thrown);
    expect(isHostFailure(error)).toBe(true);
    expect(error).toMatchObject({ name: "HostKeyChangedError" });
  });

  it("are found by keys that lie where functions look for them", async () => {
    const { cloud, fleet } = scene.stage;
    const door = await cloud.openDoor();
    const read = async (region: string, Name: string) => {
      const credentials = { accessKeyId: "OWNER", secretAccessKey: "owner" };
      const ssm = new SSMClient({ region, endpoint: door.url, credentials });
      const { Parameter } = await ssm.send(new GetParameterCommand({ Name, WithDecryption: true }));
      return Parameter?.Value;
    };
    const { home, watch } = fleet.regions;
    const pipe = pipeKeyOf("/nightshift/pipes/SSH");
    expect([await read(home, "/nightshift/pipes/SSH"), await read(watch, "/nightshift/pipes/SSH")]).toEqual([
      pipe,
      pipe,
    ]);
    expect(await read(home, "/nightshift/ssh/updates")).toBe(errandKeyOf("updates").private);
    await expect(read(watch, "/nightshift/ssh/updates")).rejects.toThrow();
    expect(await read(home, "/nightshift/rehearsal/images/base")).toMatch(/^ami-/);
  });

  it("are not what a rehearsal left behind", async () => {
    expect(leftoversOf(await scene.stage.cloud.inventory())).toEqual([]);
  });

  it("are counted by crash tests: each command is a step, before and after", async () => {
    const { cloud } = scene.stage;
    const door = await cloud.openDoor();
    const seen: string[] = [];
    door.onCall = async ({ operation, resources }, phase) => {
      seen.push(`${phase} ${operation} ${resources}`);
    };
    await run("www", {}, "look");
    await door.close();
    expect(seen).toEqual(["before (SSH command) look", "after (SSH command) look"]);
  });

  it("let nobody in without the errand's key, and root's key belongs to root alone", async () => {
    const stranger = makeSshKey("ed25519").private;
    await expect(run("www", { privateKey: stranger })).rejects.toMatchObject({ name: "LoginRefusedError" });
    await expect(run("www", { user: "ec2-user" })).rejects.toMatchObject({ name: "LoginRefusedError" });
    const other = [readKey(Buffer.alloc(32, 1))];
    await expect(run("www", { pipeKeys: other })).rejects.toMatchObject({ name: "PipeRefusedError" });
  });
});

describe("what --fault makes of hosts", () => {
  it("the first has another key, the last is dark, and all have updates", async () => {
    const troubled = await hostsScene({
      ...{ root: ROOT, fleetFile: join(ROOT, "fleet.yml"), time: TIME },
      faults: ["host-key-changed", "host-dark", "updates-pending"],
      folder: mkdtempSync(join(tmpdir(), "nightshift-troubled-")),
    });
    const names = Object.keys(troubled.fleet.hosts);
    const seen = await Promise.all(
      names.map((name) =>
        runOnHost(accessOf(troubled.fleet, name, "updates"), LIMITS).then(
          () => "ran",
          (error: Error) => error.name,
        ),
      ),
    );
    expect(seen).toEqual(["HostKeyChangedError", "ran", "HostUnreachableError"]);
    const { stdout } = await runAsRoot(troubled, names[1] ?? "", "pkg upgrade -qn -r FreeBSD-base");
    expect(stdout).toContain("FreeBSD-runtime: 15.1 -> 15.1p3");
    expect(troubled.stage.unstruckFaults()).toEqual([]);
    await troubled.close();
  });
});
