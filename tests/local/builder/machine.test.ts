import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import ssh2 from "ssh2";
import { parseHostKeys } from "../../../functions/ami/host-key-block.ts";
import type { MachineSpec } from "../../../local/builder/contract.ts";
import { makeSshKey } from "../../../local/builder/ssh-key.ts";
import {
  type Answer,
  bootedMachine,
  execute,
  LAUNCHED_AT,
  type TestMachine,
  testMachine,
} from "./test-machine.ts";

let it: TestMachine;
beforeAll(async () => {
  it = await bootedMachine();
});
afterAll(() => it.remove());

/** Waits for something real, with the clock running. */
async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries += 1) {
    if (tries > 1000) throw new Error("waited in vain");
    await new Promise((wake) => setTimeout(wake, 5));
  }
}

describe("logging in", () => {
  test("sshd presents the ED25519 key that the console shows", async () => {
    const shown = parseHostKeys(it.machine.consoleOutput());
    expect(shown?.map(({ type }) => type)).toEqual(["ECDSA", "ED25519", "RSA"]);
    expect(await it.presentedKey()).toBe(shown?.[1]?.fingerprint);
  });

  test.each([
    [{ privateKey: makeSshKey("ed25519").private }, "another key than the key pair's"],
    [{ privateKey: makeSshKey("ecdsa").private }, "a key of another type"],
    [{ username: "root" }, "root, whom sshd does not let in"],
    [{ username: "freebsd" }, "a user that there is not"],
  ])("is refused %#", async (login, _why) => {
    await expect(it.logIn(login)).rejects.toThrow("All configured authentication methods failed");
  });

  test("is refused to who names the right key and signs with another", async () => {
    const stolen = ssh2.utils.parseKey(it.key.public);
    const own = ssh2.utils.parseKey(makeSshKey("ed25519").private);
    if (stolen instanceof Error || own instanceof Error) throw new Error("no keys");
    own.getPublicSSH = () => stolen.getPublicSSH();
    const client = new ssh2.Client();
    const refusal = new Promise((resolve, reject) => {
      client.on("ready", () => reject(new Error("logged in")));
      client.on("error", (error) => resolve(error.message));
    });
    client.connect({
      host: it.machine.address,
      port: it.spec.sshPort,
      username: "ec2-user",
      authHandler: (methods, _partial, next) => {
        if (methods === null) next({ type: "publickey", username: "ec2-user", key: own });
        else client.emit("error", new Error("refused"));
      },
    });
    expect(await refusal).toBe("refused");
    client.destroy();
  });

  test("is refused to everybody without a key pair", async () => {
    const keyless = await bootedMachine({ authorizedKey: undefined });
    await expect(keyless.logIn()).rejects.toThrow("All configured authentication methods failed");
    await keyless.remove();
  });

  test("meets another key when somebody sits in the middle", async () => {
    const machine = await bootedMachine({ faults: { hostKeyMismatch: true } });
    const shown = parseHostKeys(machine.machine.consoleOutput())?.map((key) => key.fingerprint);
    expect(shown).toHaveLength(3);
    expect(shown).not.toContain(await machine.presentedKey());
    await machine.remove();
  });
});

describe("booting", () => {
  test("sshd refuses connections until the console says that it has started", async () => {
    const machine = await testMachine();
    await expect(machine.logIn()).rejects.toThrow("ECONNREFUSED");
    while (!machine.machine.consoleOutput().includes("Starting sshd.")) {
      await expect(machine.logIn()).rejects.toThrow("ECONNREFUSED");
      await machine.clock.sleep(30_000);
    }
    (await machine.logIn()).end();
    expect(machine.clock.now().getTime() - LAUNCHED_AT.getTime()).toBeGreaterThan(180_000);
    await machine.remove();
  });

  test("a clock that was moved by hand does not put the console ahead of sshd", async () => {
    const machine = await testMachine();
    const release = machine.clock.hold();
    machine.clock.advance(3600_000);
    expect(machine.machine.consoleOutput()).not.toContain("Starting sshd.");
    release();
    await machine.clock.sleep(0);
    await until(() => machine.machine.consoleOutput().includes("Starting sshd."));
    await machine.remove();
  });

  test("a machine that never boots stops in the middle of its console", async () => {
    const machine = await bootedMachine({ faults: { neverBoots: true } });
    expect(machine.machine.consoleOutput()).toMatch(/Installing base FreeBSD image\.\.\.\r\n$/);
    await expect(machine.logIn()).rejects.toThrow("ECONNREFUSED");
    await machine.remove();
  });

  test("a machine that was stopped before its time does not start to listen", async () => {
    const machine = await testMachine();
    await machine.machine.stop();
    await machine.clock.sleep(3600_000);
    await expect(machine.logIn()).rejects.toThrow("ECONNREFUSED");
    await machine.remove();
  });

  test("machines have addresses of their own and one port", async () => {
    const other = await bootedMachine();
    expect(other.machine.address).not.toBe(it.machine.address);
    expect((await other.ssh("pwd")).stdout).toBe(`${join(other.folder, "root")}\n`);
    await other.remove();
  });
});

describe("a command", () => {
  test.each<[string, string, Partial<Answer>, string]>([
    ["echo out; echo err >&2", "", { status: 0, stdout: "out\n", stderr: "err\n" }, "both outputs"],
    ["exit 7", "", { status: 7, stdout: "", stderr: "" }, "exit status"],
    ["cat", "x".repeat(300_000), { status: 0, stdout: "x".repeat(300_000), stderr: "" }, "streams input"],
    ["true", "y".repeat(300_000), { status: 0, stdout: "", stderr: "" }, "input that nobody reads"],
    ["kill -9 $$", "", { status: undefined, signal: "SIGKILL", stdout: "", stderr: "" }, "signal"],
    ["no-such-program 2>/dev/null", "", { status: 127, stdout: "", stderr: "" }, "not found"],
    ['echo "$HOME" | sed "s,$NIGHTSHIFT_ROOT,,"', "", { stdout: "/home/ec2-user\n" }, "home"],
    ['id -un; su -m root -c "id -un"', "", { stdout: "ec2-user\nroot\n" }, "root by su, as on FreeBSD"],
    ["echo $EDITOR-$JEST_WORKER_ID-$npm_execpath", "", { stdout: "--\n" }, "nothing of our environment"],
  ])("%j: %#", async (command, stdin, expected) => {
    expect(await it.ssh(command, stdin)).toMatchObject(expected);
  });

  test("is announced before and after it ran", async () => {
    const events: string[] = [];
    const onCommand: MachineSpec["onCommand"] = async (phase, command) => {
      events.push(`${phase} ${command} ${existsSync(join(machine.folder, "root/tmp/made"))}`);
    };
    const machine: TestMachine = await bootedMachine({ onCommand });
    await machine.ssh("touch tmp/made");
    expect(events).toEqual(["before touch tmp/made false", "after touch tmp/made true"]);
    await machine.remove();
  });

  test("whose announcement fails breaks off without an exit status", async () => {
    const onCommand = () => Promise.reject(new Error("the power failed"));
    const machine = await bootedMachine({ onCommand });
    expect(await machine.ssh("touch tmp/made")).toMatchObject({ status: undefined, signal: undefined });
    expect(existsSync(join(machine.folder, "root/tmp/made"))).toBe(false);
    await machine.remove();
  });

  test("is hung up on when its connection breaks, but not what runs under nohup", async () => {
    const machine = await bootedMachine();
    const path = (name: string) => join(machine.folder, "root/tmp", name);
    const client = await machine.logIn();
    const loop = (name: string) => `touch ${name}-on; while [ ! -e go ]; do sleep 0.01; done; touch ${name}`;
    const command = `cd tmp; nohup sh -c '${loop("kept")}' >/dev/null 2>&1 & ${loop("lost")}`;
    void execute(client, command).catch(() => undefined);
    await until(() => existsSync(path("kept-on")) && existsSync(path("lost-on")));
    client.destroy();
    await new Promise((wake) => setTimeout(wake, 100));
    await machine.ssh("touch tmp/go");
    await until(() => existsSync(path("kept")));
    expect(existsSync(path("lost"))).toBe(false);
    await machine.remove();
  });

  test("is ended by stop(), as is what it left in the background", async () => {
    const machine = await bootedMachine();
    await machine.ssh("nohup sh -c 'while :; do touch tmp/alive; sleep 0.01; done' >/dev/null 2>&1 &");
    await until(() => existsSync(join(machine.folder, "root/tmp/alive")));
    await machine.machine.stop();
    await new Promise((wake) => setTimeout(wake, 50));
    await machine.remove(); // a process that still ran would make the folder anew
    await new Promise((wake) => setTimeout(wake, 50));
    expect(existsSync(machine.folder)).toBe(false);
  });
});

describe("time", () => {
  test("stands still while a detached process works, and passes while it sleeps", async () => {
    const machine = await bootedMachine();
    const before = machine.clock.now().getTime();
    const answer = await machine.ssh(
      "nohup sh -c 'sleep 0.1; sleep 600; touch tmp/done' >/dev/null 2>&1 & echo started",
    );
    expect(answer.stdout).toBe("started\n");
    await machine.clock.sleep(599_000);
    expect(existsSync(join(machine.folder, "root/tmp/done"))).toBe(false);
    await machine.clock.sleep(2_000);
    // Nobody may leap over the work that the process does between its sleep and its end.
    expect(machine.clock.now().getTime() - before).toBe(601_000);
    expect(existsSync(join(machine.folder, "root/tmp/done"))).toBe(true);
    await machine.remove();
  });

  test("that a command takes is a latency of the call, though the caller holds the clock", async () => {
    const before = it.clock.now().getTime();
    expect(await it.ssh("sleep 20; echo slept")).toMatchObject({ stdout: "slept\n" });
    expect(it.clock.now().getTime() - before).toBe(20_000);
  });

  test("goes on after a process was ended while it slept", async () => {
    const machine = await bootedMachine();
    await machine.ssh("nohup sleep 100000 >/dev/null 2>&1 &");
    await machine.machine.stop();
    await machine.clock.sleep(200_000_000);
    await machine.remove();
  });
});
