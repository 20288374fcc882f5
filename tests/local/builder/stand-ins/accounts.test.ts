import { afterEach, beforeEach, describe } from "@jest/globals";
import { holds, type LaidOutMachine, layOutMachine } from "../laid-out-machine.ts";

let it: LaidOutMachine;
beforeEach(async () => {
  it = await layOutMachine();
});
afterEach(() => it.remove());

describe("pw(8)", () => {
  holds(
    () => it,
    [
      ["a group", "pw -R $mnt groupadd -n g -g 8053 && pw -R $mnt groupshow -n g", { stdout: "g:*:8053:\n" }],
      [
        "a user, in both lists",
        "pw -R $mnt groupadd g -g 8053; pw -R $mnt useradd -n u -u 8053 -g g -c 'a daemon' -d /nonexistent -s /usr/sbin/nologin; grep -h ^u: $mnt/etc/passwd $mnt/etc/master.passwd",
        {
          stdout:
            "u:*:8053:8053:a daemon:/nonexistent:/usr/sbin/nologin\nu:*:8053:8053::0:0:a daemon:/nonexistent:/usr/sbin/nologin\n",
        },
      ],
      [
        "a user without a group gets one",
        "pw -R $mnt useradd u && grep -h ^u: $mnt/etc/group",
        { stdout: "u:*:1001:\n" },
      ],
      [
        "numbers are not given twice",
        "pw -R $mnt useradd a; pw -R $mnt useradd b; grep -h ^b: $mnt/etc/passwd",
        { stdout: "b:*:1002:1002:User &:/home/b:/bin/sh\n" },
      ],
      ["a home is made with -m", "pw -R $mnt useradd u -m && ls $mnt/home", { stdout: "u\n" }],
      [
        "further groups",
        "pw -R $mnt useradd u -G wheel,mail && grep -E '^(wheel|mail):' $mnt/etc/group",
        { stdout: "wheel:*:0:root,u\nmail:*:6:u\n" },
      ],
      [
        "on the disk, not on the builder",
        "pw -R $mnt useradd u; grep -c ^u: $root/etc/passwd",
        { status: 1, stdout: "0\n" },
      ],
      ["the builder's own list without -R", "pw usershow ec2-user", { stdout: /^ec2-user:/ }],
      ["no such user", "pw -R $mnt usershow -n nemo", { status: 67, stderr: "pw: no such user `nemo'\n" }],
      ["no such group", "pw -R $mnt groupshow nemo", { status: 65, stderr: "pw: unknown group `nemo'\n" }],
      [
        "a group that is there",
        "pw -R $mnt groupadd wheel",
        { status: 65, stderr: "pw: group name `wheel' already exists\n" },
      ],
      [
        "a number that is taken",
        "pw -R $mnt groupadd g -g 22",
        { status: 65, stderr: "pw: gid `22' has already been allocated\n" },
      ],
      [
        "a user that is there",
        "pw -R $mnt useradd sshd",
        { status: 65, stderr: "pw: login name `sshd' already exists\n" },
      ],
      [
        "a user of a group that is not",
        "pw -R $mnt useradd u -g nemo",
        { status: 67, stderr: "pw: group `nemo' is not defined\n" },
      ],
      [
        "a user of a group by number",
        "pw -R $mnt useradd u -g 22 && grep -h ^u: $mnt/etc/passwd",
        { stdout: /^u:\*:1001:22:/ },
      ],
      [
        "another shell",
        "pw -R $mnt usermod root -s /bin/csh && grep ^root $mnt/etc/passwd",
        { stdout: "root:*:0:0:Charlie &:/root:/bin/csh\n" },
      ],
      [
        "away with it",
        "pw -R $mnt userdel ntpd && pw -R $mnt usershow ntpd",
        { status: 67, stderr: /no such user/ },
      ],
      ["is for root", "pw -R $mnt groupadd g", { status: 77, stderr: /must be root/, user: "ec2-user" }],
      ["knows its words", "pw -R $mnt frobnicate", { status: 64, stderr: /^usage:/ }],
    ],
  );
});

describe("chown(8), chgrp(1)", () => {
  holds(
    () => it,
    [
      [
        "remembers",
        "chown root:wheel $mnt/etc/rc.conf && tail -n 1 ../owners",
        { stdout: "root:wheel /mnt/etc/rc.conf\n" },
      ],
      [
        "takes numbers that nobody has",
        "chown 8053:8053 $mnt/etc/rc.conf && tail -n 1 ../owners",
        { stdout: "8053:8053 /mnt/etc/rc.conf\n" },
      ],
      ["recurses", "chown -R root $mnt/etc && tail -n 1 ../owners", { stdout: "root: /mnt/etc/...\n" }],
      ["groups alone", "chgrp mail $mnt/etc && tail -n 1 ../owners", { stdout: ":mail /mnt/etc\n" }],
      [
        "knows the names of the builder, not those of the disk",
        "pw -R $mnt useradd u; chown u $mnt/etc",
        { status: 1, stderr: "chown: u: illegal user name\n" },
      ],
      [
        "nor groups that are not",
        "chown root:nemo $mnt/etc",
        { status: 1, stderr: "chown: nemo: illegal group name\n" },
      ],
      [
        "nor files that are not",
        "chown root $mnt/x $mnt/etc; tail -n 1 ../owners",
        { stdout: "root: /mnt/etc\n", stderr: /x: No such file or directory/ },
      ],
      [
        "is for root",
        "chown root $mnt/etc",
        { status: 1, stderr: /Operation not permitted/, user: "ec2-user" },
      ],
    ],
  );
});
