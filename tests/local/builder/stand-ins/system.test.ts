import { accessSync, constants, readdirSync, readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { holds, type LaidOutMachine, layOutMachine, type Row } from "../laid-out-machine.ts";

let it: LaidOutMachine;
beforeEach(async () => {
  it = await layOutMachine();
});
afterEach(() => it.remove());

describe("su(1)", () => {
  holds(
    () => it,
    [
      ["gives root without a password", 'su -m root -c "id -u"', { stdout: "0\n", user: "ec2-user" }],
      ["knows root as the default", 'su root -c "id -un"', { stdout: "root\n", user: "ec2-user" }],
      ["runs what comes in", "echo 'echo $((40 + 2))' | su -m root -c 'exec /bin/sh -s'", { stdout: "42\n" }],
      ["keeps HOME with -m", "HOME=/x su -m root -c 'echo $HOME'", { stdout: "/x\n" }],
      ["sets HOME without it", "su root -c 'echo $HOME' | sed s,$root,,", { stdout: "/root\n" }],
      ["passes the status on", 'su -m root -c "exit 3"', { status: 3 }],
      ["knows who is there", "su -m nemo -c id", { status: 1, stderr: "su: unknown login: nemo\n" }],
      ["lets nobody become another", "su toor -c id", { status: 1, stderr: "su: Sorry\n", user: "ec2-user" }],
    ],
  );
});

describe("freebsd-update(8), freebsd-version(1), uname(1)", () => {
  holds(
    () => it,
    [
      [
        "refuses to work where the base system is made of packages",
        "freebsd-update -b $mnt --not-running-from-cron fetch install",
        {
          status: 1,
          stderr:
            "freebsd-update is incompatible with the use of packaged base.  Please see\nhttps://wiki.freebsd.org/PkgBase for more information.\n",
        },
      ],
      [
        "version of the builder",
        "freebsd-version; freebsd-version -ukr; freebsd-version -x",
        { stdout: "15.1-RELEASE\n".repeat(4), stderr: /usage/, status: 1 },
      ],
      [
        "system",
        "uname; uname -r; uname -m; uname -U",
        { stdout: "FreeBSD\n15.1-RELEASE\namd64\n1501000\n" },
      ],
    ],
  );

  test("patches a disk of 14.x, not the builder", async () => {
    const older = await layOutMachine({ release: "14.3", arch: "arm64" });
    const update =
      "freebsd-update -b $mnt --currently-running 14.3-RELEASE --not-running-from-cron fetch install";
    expect(older.sh(update)).toMatchObject({ status: 0, stderr: "" });
    expect(older.sh("freebsd-version; sh $mnt/bin/freebsd-version; uname -p").stdout).toBe(
      "14.3-RELEASE\n14.3-RELEASE-p3\naarch64\n",
    );
    expect(older.sh("freebsd-update -b $root/nowhere fetch")).toMatchObject({ status: 1 });
    expect(older.sh("touch ../packages-unreachable").status).toBe(0);
    expect(older.sh(update)).toMatchObject({
      status: 1,
      stdout: expect.stringContaining("No mirrors remaining"),
    });
    older.remove();
  });
});

describe("what else there is", () => {
  holds(
    () => it,
    [
      [
        "sha256",
        "printf x | sha256",
        { stdout: "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881\n" },
      ],
      [
        "sha256 of a file",
        "printf x >f; sha256 f; sha256 -q f | cut -c1-8",
        { stdout: /^SHA256 \(f\) = 2d711642.*\n2d711642\n$/ },
      ],
      [
        "sha256 of nothing",
        "sha256 nothing",
        { status: 1, stderr: "sha256: nothing: No such file or directory\n" },
      ],
      [
        "there is no way out",
        "fetch https://example.org/",
        { status: 1, stderr: "fetch: https://example.org/: Network is unreachable\n" },
      ],
      ["rules of a devfs", "mount -t devfs devfs $mnt/dev; devfs -m $mnt/dev rule apply hide", {}],
      ["not of a folder", "devfs -m $mnt/dev rule apply hide", { status: 1, stderr: /not a devfs/ }],
      ["sync", "sync; sync", {}],
      ["a fraction of a second is a real one", "sleep 0.01", {}],
      ["nohup wants something to do", "nohup", { status: 127, stderr: /^usage/ }],
      ["nohup runs it, deaf to the hang-up", "nohup sh -c 'kill -HUP $$; echo alive'", { stdout: "alive\n" }],
      ...["reboot", "shutdown -r now", "halt", "poweroff"].map(
        (command): Row => ["a builder must not go down", command, { status: 1, stderr: /refused/ }],
      ),
    ],
  );
});

test("every stand-in can be run, and says what it stands in for", () => {
  const folder = new URL("../../../../local/builder/stand-ins/", import.meta.url);
  for (const name of readdirSync(folder).filter((file) => !file.endsWith(".sh"))) {
    accessSync(new URL(name, folder), constants.X_OK);
    expect(readFileSync(new URL(name, folder), "utf8")).toMatch(/^#!\/bin\/sh\n# \w[\w-]*\(\d\)/);
  }
});
