import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { holds, type LaidOutMachine, layOutMachine } from "../laid-out-machine.ts";

let it: LaidOutMachine;
beforeEach(async () => {
  it = await layOutMachine();
});
afterEach(() => it.remove());

describe("mount(8), umount(8)", () => {
  const table = "/dev/md0p4\t\t/\t\t\tufs\trw\t\t1 1\ndevfs\t\t\t/dev\t\t\tdevfs\trw\t\t0 0\n";
  const disk = "/dev/nda0p4\t\t/mnt\t\t\tufs\trw\t\t2 2\n";
  holds(
    () => it,
    [
      ["-p lists in the form of fstab(5)", "mount -p", { stdout: table + disk }],
      [
        "lists for people",
        "mount | tail -n 1",
        { stdout: "/dev/nda0p4 on /mnt (ufs, local, soft-updates)\n" },
      ],
      [
        "devices can be mounted, by whatever name the folder goes",
        'mount -t devfs devfs "$mnt/dev" && mount -p | tail -n 1',
        { stdout: "devfs\t\t\t/mnt/dev\t\tdevfs\trw\t\t0 0\n" },
      ],
      [
        "not where there is nothing",
        "mount -t devfs devfs $mnt/nowhere",
        { status: 1, stderr: "mount: /mnt/nowhere: No such file or directory\n" },
      ],
      [
        "not by everybody",
        "mount -t devfs devfs $mnt/dev",
        { status: 1, stderr: "mount: devfs: Operation not permitted\n", user: "ec2-user" },
      ],
      ["a clean umount leaves an empty folder", "umount $mnt && ls -A $mnt && mount -p", { stdout: table }],
      [
        "what is mounted below keeps the disk busy",
        "mount -t devfs devfs $mnt/dev; umount $mnt",
        { status: 1, stderr: "umount: unmount of /mnt failed: Device busy\n" },
      ],
      [
        "and until it is unmounted",
        "mount -t devfs devfs $mnt/dev; umount $mnt/dev && umount /mnt && mount -p",
        { stdout: table },
      ],
      [
        "what is not mounted cannot be unmounted",
        "umount $mnt && umount $mnt",
        { status: 1, stderr: "umount: /mnt: not a file system root directory\n" },
      ],
      [
        "nor what is not there",
        "umount /nowhere",
        { status: 1, stderr: "umount: /nowhere: unknown file system\n" },
      ],
      ["nor by everybody", "umount $mnt", { status: 1, stderr: /Operation not permitted/, user: "ec2-user" }],
      ["nor nothing", "umount", { status: 1, stderr: /^usage:/ }],
      [
        "the disk can be mounted again, with what was on it",
        "umount $mnt; mount /dev/nda0p4 $mnt && ls $mnt/firstboot | sed s,$root,, && mount -p",
        { stdout: `/mnt/firstboot\n${table}${disk}` },
      ],
      ["but not twice", "mount /dev/nda0p4 $mnt", { status: 1, stderr: "mount: /dev/nda0p4: Device busy\n" }],
    ],
  );

  (process.platform === "linux" ? test : test.skip)(
    "a process that stands inside keeps the disk busy",
    () => {
      const answer = it.sh("cd $mnt/etc; umount $mnt; cd /; umount $mnt && echo gone");
      expect(answer.stderr).toBe("umount: unmount of /mnt failed: Device busy\n");
      expect(answer.stdout).toBe("gone\n");
    },
  );
});

describe("zfs(8), zpool(8) of a builder of ZFS images", () => {
  test("the root has to be named, and comes last", async () => {
    const zfs = await layOutMachine({ filesystem: "zfs" });
    expect(zfs.sh("zfs umount zroot/ROOT/default")).toMatchObject({
      status: 1,
      stderr: "cannot unmount '/mnt': pool or dataset is busy\n",
    });
    expect(zfs.sh("zfs umount -a && mount -p | grep -c /mnt")).toMatchObject({ stdout: "1\n" });
    expect(zfs.sh("zfs umount zroot/ROOT/default; mount -p | grep -c /mnt")).toMatchObject({ stdout: "0\n" });
    expect(zfs.exists("mnt/etc")).toBe(false);
    zfs.remove();
  });

  holds(
    () => it,
    [
      ["a UFS builder has no pool", "zpool list", { stdout: "no pools available\n" }],
      [
        "nor can it import one",
        "zpool import -aNR /mnt",
        { status: 1, stderr: "no pools available to import\n" },
      ],
      ["nor unmount a dataset", "zfs umount zroot/home", { status: 1, stderr: /dataset does not exist/ }],
      [
        "what it does not know, it says",
        "zfs snapshot x",
        { status: 2, stderr: "unrecognized command 'snapshot'\n" },
      ],
    ],
  );
});
