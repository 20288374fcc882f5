import { existsSync, lstatSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { parseHostKeys } from "../../../functions/ami/host-key-block.ts";
import { BUILDER, bootedMachine, type TestMachine, testMachine } from "./test-machine.ts";

let target: string;
beforeEach(() => {
  target = mkdtempSync(join(tmpdir(), "nightshift-captured-"));
});
afterEach(() => rmSync(target, { recursive: true, force: true }));

const ROOT = "su -m root -c 'exec /bin/sh -s'";

/** Boots a builder, says something to it as root, and captures its disk. */
async function captureAfter(
  script: string,
  more: (it: TestMachine) => Promise<unknown> = async () => undefined,
) {
  const it = await bootedMachine();
  try {
    const answer = await it.ssh(ROOT, `mnt=$NIGHTSHIFT_ROOT/mnt\n${script}`);
    await more(it);
    return { answer, ...(await it.machine.captureDisk(target)) };
  } finally {
    await it.remove();
  }
}

describe("the disk, as CreateImage without reboot finds it,", () => {
  test.each([
    ["is clean once it was unmounted", "umount $mnt", []],
    ["is dirty while it is mounted", ":", [/at \/mnt was mounted/]],
    [
      "tells of each mount below",
      "mount -t devfs devfs $mnt/dev",
      [/at \/mnt was mounted/, /at \/mnt\/dev was mounted/],
    ],
    [
      "tells of what still runs",
      "umount $mnt; nohup sh -c 'while :; do sleep 0.01; done' >/dev/null 2>&1 &",
      [/a command was still running/],
    ],
  ])("%s", async (_why, script, expected) => {
    const { problems } = await captureAfter(script);
    expect(problems).toHaveLength(expected.length);
    expected.forEach((problem, index) => {
      expect(problems[index]).toMatch(problem);
    });
  });

  test("keeps modes, links and what only its owner may read", async () => {
    const { problems } = await captureAfter(`
      printf 0123456789 >$mnt/etc/key && chmod 400 $mnt/etc/key
      mkdir $mnt/etc/dnscache && chmod 1755 $mnt/etc/dnscache
      ln -s /etc/dnscache $mnt/etc/service && ln -s /nowhere $mnt/dangling
      umount $mnt`);
    expect(problems).toEqual([]);
    const mode = (path: string) => (lstatSync(join(target, path)).mode & 0o7777).toString(8);
    expect([mode("etc/key"), mode("etc/dnscache"), mode("tmp"), mode("etc/rc.d/sshd")]).toEqual([
      "400",
      "1755",
      "1777",
      "755",
    ]);
    expect(readFileSync(join(target, "etc/key"), "utf8")).toBe("0123456789");
    expect(lstatSync(join(target, "etc/service")).isSymbolicLink()).toBe(true);
    expect(lstatSync(join(target, "dangling")).isSymbolicLink()).toBe(true);
    expect(existsSync(join(target, "firstboot"))).toBe(true);
    expect(existsSync(join(target, "home/ec2-user"))).toBe(false);
  });

  test("is that of the moment: later changes do not reach the copy", async () => {
    await captureAfter("umount $mnt", (it) => it.machine.captureDisk(join(target, "first")));
    expect(existsSync(join(target, "first/etc/rc.conf"))).toBe(true);
  });

  test("is not there yet while the builder still writes it", async () => {
    const it = await testMachine();
    await it.clock.sleep(60_000);
    expect((await it.machine.captureDisk(target)).problems).toEqual([
      "the builder had not yet written the clean image onto the disk",
    ]);
    await it.remove();
  });
});

describe("a reboot", () => {
  test("boots the product from the disk, and spoils it", async () => {
    let keys: ReturnType<typeof parseHostKeys>;
    const { problems } = await captureAfter("echo x >$mnt/etc/motd", async (it) => {
      await it.machine.reboot();
      expect(it.machine.consoleOutput()).toMatch(/login: \r\nConsoles: EFI console/);
      await it.clock.sleep(600_000);
      keys = parseHostKeys(it.machine.consoleOutput());
      const { stdout } = await it.ssh("mount -p; cat etc/motd; ls -A mnt");
      expect(stdout).toBe(
        "/dev/gpt/rootfs\t\t/\t\t\tufs\trw\t\t1 1\ndevfs\t\t\t/dev\t\t\tdevfs\trw\t\t0 0\nx\n",
      );
    });
    expect(keys).toHaveLength(3);
    expect(problems).toEqual([expect.stringContaining("the product has booted from the disk")]);
    expect(existsSync(join(target, "firstboot"))).toBe(false);
    expect(existsSync(join(target, "etc/ssh/ssh_host_ed25519_key"))).toBe(true);
    expect(readFileSync(join(target, "home/ec2-user/.ssh/authorized_keys"), "utf8")).toMatch(/^ssh-ed25519 /);
  });

  test("ends what ran", async () => {
    const it = await bootedMachine();
    await it.ssh("nohup sleep 1000000 >/dev/null 2>&1 &");
    const client = await it.logIn();
    const closed = new Promise<void>((resolve) => client.on("close", () => resolve()));
    await it.machine.reboot();
    await closed;
    await expect(it.logIn()).rejects.toThrow("ECONNREFUSED");
    await it.remove();
  });

  test("of what is no builder: it has booted from its disk from the start", async () => {
    const it = await bootedMachine({ image: { ...BUILDER, flavour: "base" } });
    expect((await it.ssh("pwd")).stdout).toBe(`${join(it.folder, "disk")}\n`);
    expect((await it.machine.captureDisk(target)).problems).toHaveLength(1);
    await it.remove();
  });
});
