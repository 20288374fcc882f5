import { afterEach, beforeEach, describe } from "@jest/globals";
import { holds, type LaidOutMachine, layOutMachine } from "../laid-out-machine.ts";

let it: LaidOutMachine;
beforeEach(async () => {
  it = await layOutMachine();
});
afterEach(() => it.remove());

describe("sysrc(8)", () => {
  holds(
    () => it,
    [
      [
        "sets what nobody has set",
        "sysrc -R $mnt a_b=c && tail -n 1 $mnt/etc/rc.conf",
        { stdout: 'a_b:  -> c\na_b="c"\n' },
      ],
      [
        "says the default that it changes",
        "sysrc -R $mnt syslogd_flags=-ss",
        { stdout: "syslogd_flags: -s -> -ss\n" },
      ],
      [
        "replaces a line where it stands, once",
        "sysrc -R $mnt growfs_enable=NO growfs_enable=MAYBE >/dev/null; grep -n growfs $mnt/etc/rc.conf",
        { stdout: '9:growfs_enable="MAYBE"\n' },
      ],
      [
        "changes nothing the second time",
        "sysrc -R $mnt a=b >/dev/null; cksum <$mnt/etc/rc.conf >x; sysrc -R $mnt a=b; cksum <$mnt/etc/rc.conf | cmp x -",
        { stdout: "a: b -> b\n" },
      ],
      [
        "takes values with spaces and quotes",
        `sysrc -R $mnt 'a=b "c" d'; sysrc -R $mnt -n a`,
        { stdout: /\nb "c" d\n$/ },
      ],
      [
        "leaves blank lines and comments alone",
        "printf '# x\\n\\n' >$mnt/etc/rc.conf; sysrc -R $mnt a=b >/dev/null; cat $mnt/etc/rc.conf",
        { stdout: '# x\n\na="b"\n' },
      ],
      ["reads", "sysrc -R $mnt sshd_enable", { stdout: "sshd_enable: YES\n" }],
      ["reads the value alone", "sysrc -R $mnt -n sshd_enable", { stdout: "YES\n" }],
      ["reads defaults", "sysrc -R $mnt -n newsyslog_enable", { stdout: "YES\n" }],
      [
        "does not know everything",
        "sysrc -R $mnt nothing",
        { status: 1, stderr: "sysrc: unknown variable 'nothing'\n" },
      ],
      ["unless told not to mind", "sysrc -R $mnt -i nothing", {}],
      [
        "removes",
        "sysrc -R $mnt -x sshd_enable; grep -c sshd_enable $mnt/etc/rc.conf",
        { status: 1, stdout: "0\n" },
      ],
      ["adds to lists", "sysrc -R $mnt -n l=a l+=b l+=c l-=a", { stdout: "a\na b\na b c\nb c\n" }],
      ["compares", "sysrc -R $mnt -c sshd_enable=YES && sysrc -R $mnt -c sshd_enable=NO", { status: 1 }],
      [
        "is the machine's own without -R",
        "sysrc x=y && grep x= $root/etc/rc.conf",
        { stdout: 'x:  -> y\nx="y"\n' },
      ],
      ["is for root", "sysrc -R $mnt a=b", { status: 1, stderr: /Permission denied/, user: "ec2-user" }],
      ["wants something to do", "sysrc -R $mnt", { status: 1, stderr: /^usage:/ }],
    ],
  );
});
