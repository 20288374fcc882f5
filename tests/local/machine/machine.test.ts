import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "@jest/globals";
import { parseHostKeys } from "../../../functions/ami/host-key-block.ts";
import { makeSshKey } from "../../../local/machine/ssh-key.ts";
import { type RentedMachine, rentMachine } from "./rented-machine.ts";

let rented: RentedMachine | undefined;

afterEach(async () => {
  await rented?.give();
  rented = undefined;
});

describe("boot", () => {
  it("shows what FreeBSD shows, as time passes, and its host keys at the end", async () => {
    rented = await rentMachine({}, 30);
    expect(rented.machine.consoleOutput()).toContain("Copying FreeBSD into memory disk...\r\n");
    expect(parseHostKeys(rented.machine.consoleOutput())).toBeUndefined();
    await rented.clock.sleep(270_000);
    expect(rented.machine.consoleOutput()).toContain("Installing base FreeBSD image...");
    expect(parseHostKeys(rented.machine.consoleOutput())?.map(({ type }) => type)).toEqual([
      "ECDSA",
      "ED25519",
    ]);
  });

  it("refuses connections before sshd is up", async () => {
    rented = await rentMachine({}, 100);
    await expect(rented.connect()).rejects.toThrow("ECONNREFUSED");
  });

  it("takes about twenty minutes when the volume is read cold", async () => {
    rented = await rentMachine({ volumeInitializationRateMibPerSecond: undefined }, 1000);
    await expect(rented.connect()).rejects.toThrow("ECONNREFUSED");
    await rented.clock.sleep(100_000);
    (await rented.connect()).end();
  });

  it("never gets to sshd when that is the fault, however long one waits", async () => {
    rented = await rentMachine({ faults: { neverBoots: true } }, 36_000);
    expect(parseHostKeys(rented.machine.consoleOutput())).toBeUndefined();
    await expect(rented.connect()).rejects.toThrow("ECONNREFUSED");
  });
});

describe("login", () => {
  it("presents the key whose fingerprint the console shows", async () => {
    rented = await rentMachine();
    expect(await presentedFingerprint(rented)).toEqual(consoleFingerprint(rented));
  });

  it("presents another key when that is the fault", async () => {
    rented = await rentMachine({ faults: { hostKeyMismatch: true } });
    expect(await presentedFingerprint(rented)).not.toEqual(consoleFingerprint(rented));
  });

  it.each([
    ["another key", { privateKey: makeSshKey("ed25519").private }],
    ["another user", { username: "root" }],
    ["a password", { privateKey: undefined, password: "" } as object],
  ])("refuses %s", async (_, options) => {
    rented = await rentMachine();
    await expect(rented.connect(options)).rejects.toThrow("All configured authentication methods failed");
  });
});

describe("commands", () => {
  it("run in a real shell, as root through su, with standard input and their own exit status", async () => {
    rented = await rentMachine();
    const answer = await rented.run("su -m root -c 'exec /bin/sh -s'", "echo out; echo err >&2; exit 7");
    expect(answer).toEqual({ status: 7, stdout: "out\n", stderr: "err\n" });
  });

  it("let a detached process go on after the session, and the time stands still while it works", async () => {
    rented = await rentMachine();
    const before = rented.clock.now().getTime();
    await rented.run('nohup sh -c "sleep 0.3; echo done >$NIGHTSHIFT_ROOT/tmp/result" >/dev/null 2>&1 &');
    await rented.clock.sleep(10_000); // cannot end before the process has
    expect((await rented.run("cat $NIGHTSHIFT_ROOT/tmp/result")).stdout).toBe("done\n");
    expect(rented.clock.now().getTime() - before).toBe(10_000);
  });

  it("may take simulated time, which passes at once", async () => {
    rented = await rentMachine();
    const before = rented.clock.now().getTime();
    await rented.run('. "$STAND_INS/lib.sh"; takes 3600');
    expect(rented.clock.now().getTime() - before).toBe(3_600_000);
  });
});

describe("the disk", () => {
  it("cannot be unmounted while something is mounted below it", async () => {
    rented = await rentMachine();
    const root = "$NIGHTSHIFT_ROOT";
    await rented.run(`mount -t devfs devfs ${root}/mnt/dev`);
    const answer = await rented.run(`umount ${root}/mnt`);
    expect(answer.status).toBe(1);
    expect(answer.stderr).toContain("/mnt failed: Device busy");
    expect((await rented.run("mount -p")).stdout.trim().split("\n")).toHaveLength(2);
  });

  it("is captured clean after an unmount, with modes and links", async () => {
    rented = await rentMachine();
    const script = `cd $NIGHTSHIFT_ROOT/mnt && ln -s /etc/rc.conf link && mkdir -m 0700 secret && cd / && umount $NIGHTSHIFT_ROOT/mnt`;
    expect((await rented.run(script)).stderr).toBe("");
    const target = join(rented.folder, "captured");
    mkdirSync(target);
    expect(await rented.machine.captureDisk(target)).toEqual({ problems: [] });
    expect(existsSync(join(target, "firstboot"))).toBe(true);
    expect(readFileSync(join(target, "etc/pkg/FreeBSD.conf"), "utf8")).toContain("FreeBSD-base");
  });

  it.each([
    ["it is still mounted", "true", ["/mnt was mounted"]],
    [
      "devices are mounted on it",
      "mount -t devfs devfs $NIGHTSHIFT_ROOT/mnt/dev",
      ["/mnt was mounted", "/mnt/dev was mounted"],
    ],
    [
      "something still runs",
      "umount $NIGHTSHIFT_ROOT/mnt; nohup sleep 5 >/dev/null 2>&1 &",
      ["something was still running on the builder"],
    ],
  ])("is captured broken when %s", async (_, command, problems) => {
    rented = await rentMachine();
    await rented.run(command);
    const target = join(rented.folder, "captured");
    mkdirSync(target);
    expect((await rented.machine.captureDisk(target)).problems).toEqual(problems);
  });

  it("has been booted, host keys and all, when the instance was rebooted", async () => {
    rented = await rentMachine();
    await rented.machine.reboot();
    const target = join(rented.folder, "captured");
    mkdirSync(target);
    expect((await rented.machine.captureDisk(target)).problems).toHaveLength(1);
    expect(existsSync(join(target, "firstboot"))).toBe(false);
    expect(existsSync(join(target, "etc/ssh/ssh_host_ed25519_key"))).toBe(true);
  });
});

function consoleFingerprint({ machine }: RentedMachine): string | undefined {
  return parseHostKeys(machine.consoleOutput())?.find(({ type }) => type === "ED25519")?.fingerprint;
}

async function presentedFingerprint(machine: RentedMachine): Promise<string> {
  const { createHash } = await import("node:crypto");
  let presented = "";
  const client = await machine.connect({
    algorithms: { serverHostKey: ["ssh-ed25519"] },
    hostVerifier: (key: Buffer) => {
      presented = `SHA256:${createHash("sha256").update(key).digest("base64").replace(/=+$/, "")}`;
      return true;
    },
  });
  client.end();
  return presented;
}
