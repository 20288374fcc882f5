import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "@jest/globals";
import { type RentedMachine, rentMachine } from "./rented-machine.ts";

let rented: RentedMachine | undefined;

afterEach(async () => {
  await rented?.give();
  rented = undefined;
});

const MNT = "$NIGHTSHIFT_ROOT/mnt";
const REPOSITORY = `mkdir -p ${MNT}/usr/local/etc/pkg/repos; printf 'own: {\\n  enabled: yes\\n}\\n' >${MNT}/usr/local/etc/pkg/repos/own.conf`;
const DEVICES = `mount -t devfs devfs ${MNT}/dev`;

/** What the real program would say, with its exit status. */
const ANSWERS: [what: string, command: string, status: number, says: RegExp][] = [
  [
    "sysrc sets a value and says what it was",
    `sysrc -R ${MNT} sshd_enable=NO`,
    0,
    /^sshd_enable: YES -> NO\n$/,
  ],
  ["sysrc -n prints the bare value", `sysrc -R ${MNT} a=1 a=2 >/dev/null; sysrc -R ${MNT} -n a`, 0, /^2\n$/],
  ["sysrc does not know every variable", `sysrc -R ${MNT} -n nope`, 1, /sysrc: unknown variable 'nope'/],
  [
    "sysrc keeps one line per variable",
    `sysrc -R ${MNT} b=1 b=2 >/dev/null; grep -c '^b=' ${MNT}/etc/rc.conf`,
    0,
    /^1\n$/,
  ],
  [
    "pw adds a group and a user",
    `pw -R ${MNT} groupadd -n log -g 99 && pw -R ${MNT} useradd -n log -u 99 -g log && pw -R ${MNT} usershow -n log`,
    0,
    /^log:\*:99:99:/,
  ],
  ["pw does not add twice", `pw -R ${MNT} groupadd -n wheel`, 65, /pw: group name `wheel' already exists/],
  ["pw misses a user", `pw -R ${MNT} usershow -n nobody2`, 67, /pw: no such user `nobody2'/],
  [
    "pw wants the user's group",
    `pw -R ${MNT} useradd -n x -u 9 -g none`,
    67,
    /pw: group `none' does not exist/,
  ],
  [
    "chown wants the owner to exist",
    `touch ${MNT}/f; chown ghost:wheel ${MNT}/f`,
    1,
    /chown: ghost: illegal user name/,
  ],
  ["chown wants the file to exist", `chown root:wheel ${MNT}/nothing`, 1, /No such file or directory/],
  ["chown takes numbers", `touch ${MNT}/f; chown 8053:8054 ${MNT}/f`, 0, /^$/],
  [
    "pkg needs a repository",
    `pkg -c ${MNT} install -y spiped`,
    1,
    /pkg: No active remote repositories configured/,
  ],
  [
    "pkg needs devices for post-install scripts",
    `${REPOSITORY}; pkg -c ${MNT} install -y spiped`,
    1,
    /POST-INSTALL script of spiped failed/,
  ],
  [
    "pkg does not have everything",
    `${REPOSITORY}; ${DEVICES}; pkg -c ${MNT} install -y emacs`,
    1,
    /No packages available to install matching 'emacs'/,
  ],
  [
    "pkg installs what a package needs",
    `${REPOSITORY}; ${DEVICES}; pkg -c ${MNT} install -y djbdns >/dev/null && pkg -c ${MNT} query '%n %v'`,
    0,
    /daemontools 0\.76_18\ndjbdns 1\.05_28,1\n[\s\S]*ucspi-tcp/,
  ],
  [
    "pkg brings the daemon's user",
    `${REPOSITORY}; ${DEVICES}; pkg -c ${MNT} install -y spiped >/dev/null; grep -c ^spiped: ${MNT}/etc/passwd`,
    0,
    /^1\n$/,
  ],
  [
    "pkg check misses files",
    `${REPOSITORY}; ${DEVICES}; pkg -c ${MNT} install -y spiped >/dev/null; rm ${MNT}/usr/local/bin/spiped; pkg -c ${MNT} check -da`,
    1,
    /missing file/,
  ],
  ["pkg info -e asks quietly", `pkg -c ${MNT} info -e spiped`, 1, /^$/],
  [
    "pkg upgrade patches the base system",
    `pkg -c ${MNT} upgrade -y -r FreeBSD-base >/dev/null; pkg -c ${MNT} query '%n %v'`,
    0,
    /FreeBSD-runtime 15\.1p2/,
  ],
  [
    "freebsd-update refuses packaged base",
    `freebsd-update -b ${MNT} fetch install`,
    1,
    /incompatible with the use of packaged base/,
  ],
  ["freebsd-version names the builder's release", "freebsd-version", 0, /^15\.1-RELEASE\n$/],
  ["umount wants a mount point", `umount ${MNT}/etc`, 1, /not a file system root directory/],
  [
    "umount is refused to who works inside",
    `cd ${MNT}/etc && umount ${MNT}`,
    process.platform === "linux" ? 1 : 0,
    /Device busy|^$/,
  ],
  ["a builder does not reboot itself", "shutdown -r now", 1, /refused on a builder/],
];

describe("stand-ins for FreeBSD's programs", () => {
  it.each(ANSWERS)("%s", async (_what, command, status, says) => {
    rented = await rentMachine();
    const answer = await rented.run(command);
    expect(answer.stdout + answer.stderr).toMatch(says);
    expect(answer.status).toBe(status);
  });

  it("pkg fails as without a network when that is the fault", async () => {
    rented = await rentMachine({ faults: { packagesUnreachable: true } });
    const answer = await rented.run(`${REPOSITORY}; ${DEVICES}; pkg -c ${MNT} install -y spiped`);
    expect(answer).toMatchObject({ status: 1, stderr: expect.stringContaining("Could not resolve host") });
  });

  it("chown remembers whose what is", async () => {
    rented = await rentMachine();
    await rented.run(`touch ${MNT}/f; chown root:wheel ${MNT}/f`);
    expect(readFileSync(join(rented.folder, "owners"), "utf8")).toBe("root:wheel /mnt/f\n");
  });

  it("freebsd-update patches a release that is not made of packages", async () => {
    const image = { release: "14.3", arch: "amd64", flavour: "builder", filesystem: "ufs" } as const;
    rented = await rentMachine({ image });
    expect((await rented.run(`freebsd-update -b ${MNT} fetch install`)).stdout).toContain(
      "Installing updates... done.",
    );
    expect((await rented.run(`cat ${MNT}/etc/freebsd-version`)).stdout).toBe("14.3-RELEASE-p2\n");
  });
});
