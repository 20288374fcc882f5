import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type LaidOutMachine, layOutMachine } from "../laid-out-machine.ts";

let it: LaidOutMachine;
beforeEach(async () => {
  it = await layOutMachine();
});
afterEach(() => it.remove());

/** What a provisioning script does first: names can be resolved in the chroot, and there are devices. */
const READY = "cp $root/etc/resolv.conf $mnt/etc/; mount -t devfs devfs $mnt/dev;";

const OWN = `own: {\n  url: "https://pkg.example.org/\${ABI}",\n  mirror_type: "none",\n  signature_type: "none",\n  enabled: yes\n}\n`;

describe("pkg install", () => {
  test("puts files, accounts and dependencies on the disk and nowhere else", () => {
    const answer = it.sh(`${READY} pkg -c $mnt install -y qmail`);
    expect(answer).toMatchObject({ status: 0, stderr: "" });
    expect(answer.stdout).toContain("[qmail] Installing qmail-1.03_12... done\n");
    expect(it.sh("pkg -c $mnt info -e qmail daemontools ucspi-tcp").status).toBe(0);
    expect(it.sh("pkg info -e qmail").status).toBe(1);
    expect(it.read("mnt/etc/passwd")).toContain("qmaild:*:82:81:QMail user:/var/qmail:/usr/sbin/nologin\n");
    expect(
      it.sh("test -x $mnt/var/qmail/bin/sendmail && test -x $mnt/usr/local/etc/rc.d/svscan").status,
    ).toBe(0);
    expect(it.exists("usr/local/etc/rc.d/svscan")).toBe(false);
    expect(it.sh("ls $mnt/var/cache/pkg").stdout).toBe(
      "daemontools-0.76_18.pkg\nqmail-1.03_12.pkg\nucspi-tcp-0.88_3.pkg\n",
    );
  });

  test("does nothing the second time", () => {
    expect(it.sh(`${READY} pkg -c $mnt install -y spiped`).status).toBe(0);
    expect(it.sh("pkg -c $mnt install -y spiped")).toMatchObject({
      status: 0,
      stdout: expect.stringContaining("The most recent versions of packages are already installed"),
    });
  });

  test.each([
    [
      "an unknown name, before anything is installed",
      "pkg -c $mnt install -y spiped nemo",
      /^pkg: No packages available to install matching 'nemo' have been found in the repositories\n$/,
    ],
    ["nobody who says yes", "pkg -c $mnt install spiped </dev/null", /^$/],
    ["an unprivileged user", "USER=ec2-user pkg -c $mnt install -y spiped", /Insufficient privileges/],
    [
      "no repository by that name",
      "pkg -c $mnt install -y -r nemo spiped",
      /^pkg: No repositories are enabled\.\n$/,
    ],
    ["a disabled repository", "pkg -c $mnt install -y -r FreeBSD-base spiped", /No repositories are enabled/],
    [
      "no repository at all",
      "pkg -o REPOS_DIR=/nonexistent -c $mnt install -y spiped",
      /^No active remote repositories configured\.\n$/,
    ],
    [
      "no resolver in the chroot",
      "rm $mnt/etc/resolv.conf; pkg -c $mnt install -y spiped",
      /Could not resolve hostname\nUnable to update repository FreeBSD-ports\nError updating repositories!\n$/,
    ],
    [
      "no devices in the chroot",
      "umount $mnt/dev; pkg -c $mnt install -y spiped",
      /PRE-INSTALL script failed/,
    ],
    [
      "no network",
      "touch ../packages-unreachable; pkg -c $mnt install -y spiped",
      /Could not connect to server/,
    ],
    ["a folder that is not there", "pkg -c $root/nowhere install -y spiped", /No such file or directory/],
    ["an unknown option", "pkg -c $mnt install -Z spiped", /illegal option -- Z/],
    ["no command", "pkg -c $mnt", /^usage: pkg/],
    ["a command that there is not", "pkg frobnicate", /unknown command: frobnicate/],
  ])("fails with %s", (_why, command, stderr) => {
    const answer = it.sh(`${READY} ${command}`);
    expect(answer.status).toBe(1);
    expect(answer.stderr).toMatch(stderr);
    expect(it.exists("mnt/var/db/pkg/spiped")).toBe(false);
  });

  test("with -r needs no devices on the disk, since nothing is chrooted", () => {
    expect(it.sh("pkg -r $mnt install -y spiped")).toMatchObject({ status: 0, stderr: "" });
    expect(it.exists("mnt/usr/local/bin/spiped")).toBe(true);
  });
});

describe("pkg's repositories", () => {
  test.each([
    ["two of FreeBSD's on 15.x", "15.1", {}, ["FreeBSD-ports", "FreeBSD-ports-kmods"]],
    ["two others on 14.x", "14.3", {}, ["FreeBSD", "FreeBSD-kmods"]],
    ["one's own beside them", "15.1", { own: OWN }, ["FreeBSD-ports", "FreeBSD-ports-kmods", "own"]],
    [
      "a later file overrides a member of an earlier one",
      "15.1",
      { own: OWN, FreeBSD: "FreeBSD-ports: { enabled: no }\nFreeBSD-ports-kmods: { enabled: no }\n" },
      ["own"],
    ],
    [
      "the old name switches nothing off on 15.x",
      "15.1",
      { own: OWN, FreeBSD: "FreeBSD: { enabled: no }\n" },
      ["FreeBSD-ports", "FreeBSD-ports-kmods", "own"],
    ],
    [
      "FreeBSD-base when asked for",
      "15.1",
      { FreeBSD: "FreeBSD-base: { enabled: yes }\n" },
      ["FreeBSD-ports", "FreeBSD-ports-kmods", "FreeBSD-base"],
    ],
  ])("are %s", async (_why, release, files: Record<string, string>, expected) => {
    const machine = await layOutMachine({ release });
    for (const [name, text] of Object.entries(files))
      machine.write(`mnt/usr/local/etc/pkg/repos/${name}.conf`, text);
    const { stdout } = machine.sh(`${READY} pkg -c $mnt update`);
    expect([...stdout.matchAll(/^Updating (\S+) repository/gm)].map(([, name]) => name)).toEqual(expected);
    machine.remove();
  });

  test("REPOS_DIR is looked for in the chroot, and nothing else then", () => {
    it.write("mnt/var/tmp/repos/own.conf", OWN);
    const answer = it.sh(`${READY} pkg -o REPOS_DIR=/var/tmp/repos -c $mnt install -y tarsnap`);
    expect(answer).toMatchObject({ status: 0, stderr: "" });
    expect(answer.stdout).toMatch(
      /^Updating own repository catalogue\.\.\.\nown repository update completed\.\nAll/,
    );
  });

  test.each([
    [
      "fingerprints of which none is trusted",
      OWN.replace('"none",\n  enabled', '"fingerprints", fingerprints: "/etc/keys",\n  enabled'),
      /trusted: No such file/,
    ],
    [
      "a public key that is not there",
      OWN.replace('"none",\n  enabled', '"pubkey", pubkey: "/etc/x.pub",\n  enabled'),
      /can't open file/,
    ],
    [
      "a host's own loopback, where the builder has no pipe",
      OWN.replace("pkg.example.org", "127.0.0.1:8080"),
      /Could not connect/,
    ],
    ["a scheme that pkg does not speak", OWN.replace("https:", "s3:"), /Invalid repository url/],
  ])("are refused for %s", (_why, text, stderr) => {
    it.write("mnt/var/tmp/repos/own.conf", text);
    const answer = it.sh(`${READY} pkg -o REPOS_DIR=/var/tmp/repos -c $mnt update`);
    expect(answer.status).toBe(1);
    expect(answer.stderr).toMatch(stderr);
  });
});

describe("pkg upgrade", () => {
  const ENABLED = "FreeBSD-base: { enabled: yes }\n";

  test("patches the base system of 15.x, once", () => {
    it.write("mnt/usr/local/etc/pkg/repos/FreeBSD.conf", ENABLED);
    const dry = it.sh(`${READY} pkg -c $mnt upgrade -qn -r FreeBSD-base`);
    expect(dry.stdout).toContain("\tFreeBSD-runtime: 15.1 -> 15.1p3\n");
    expect(it.sh("sh $mnt/bin/freebsd-version").stdout).toBe("15.1-RELEASE\n");
    expect(it.sh("pkg -c $mnt upgrade -y -r FreeBSD-base")).toMatchObject({ status: 0, stderr: "" });
    expect(it.sh("sh $mnt/bin/freebsd-version; freebsd-version").stdout).toBe(
      "15.1-RELEASE-p3\n15.1-RELEASE\n",
    );
    expect(it.sh("pkg -c $mnt upgrade -qn -r FreeBSD-base")).toEqual({ status: 0, stdout: "", stderr: "" });
  });

  test("leaves the base system alone when only ports are asked for", () => {
    expect(it.sh(`${READY} pkg -c $mnt upgrade -y -r FreeBSD-ports`).status).toBe(0);
    expect(it.sh("pkg -c $mnt query '%n %v'").stdout).toContain("FreeBSD-runtime 15.1\n");
    expect(it.sh("pkg -c $mnt query '%n %v'").stdout).toContain("pkg 2.8.4\n");
  });
});

describe("what pkg says of what is installed", () => {
  beforeEach(() => {
    it.sh(`${READY} pkg -c $mnt install -y djbdns`);
  });

  test("query and info", () => {
    expect(it.sh("pkg -c $mnt query '%n %v' djbdns").stdout).toBe("djbdns 1.05_28,1\n");
    expect(it.sh("pkg -c $mnt query '%n-%v' | grep -c .").stdout).toBe(
      it.sh("pkg -c $mnt info | grep -c .").stdout,
    );
    expect(it.sh("pkg -c $mnt info djbdns").stdout).toBe("djbdns-1.05_28,1\n");
    expect(it.sh("pkg -c $mnt info nemo")).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("nemo"),
    });
    expect(it.sh("pkg -c $mnt info -e nemo")).toEqual({ status: 1, stdout: "", stderr: "" });
  });

  test("check -d tells of a missing dependency by words, not by its status", () => {
    expect(it.sh("pkg -c $mnt check -daq")).toEqual({ status: 0, stdout: "", stderr: "" });
    it.sh("rm $mnt/var/db/pkg/ucspi-tcp");
    expect(it.sh("pkg -c $mnt check -daq").stdout).toContain("djbdns\tucspi-tcp\n");
    expect(it.sh("pkg -c $mnt check -da")).toMatchObject({
      status: 0,
      stdout: expect.stringContaining("djbdns has a missing dependency: ucspi-tcp\n"),
    });
  });

  test("check -s tells of files that were changed or are gone", () => {
    expect(it.sh("pkg -c $mnt check -sa").status).toBe(0);
    it.sh("echo x >>$mnt/usr/local/bin/dnsip; rm $mnt/usr/local/bin/dnsq");
    const answer = it.sh("pkg -c $mnt check -sa");
    expect(answer.status).toBe(1);
    expect(answer.stderr.split("\n").sort()).toEqual([
      "",
      "djbdns-1.05_28,1: checksum mismatch for /usr/local/bin/dnsip",
      "djbdns-1.05_28,1: checksum mismatch for /usr/local/bin/dnsq",
    ]);
  });

  test("clean empties the cache, and has nothing to do then", () => {
    expect(it.sh("pkg -c $mnt clean -ay; ls $mnt/var/cache/pkg").stdout).toBe("Deleting files: done\n");
    expect(it.sh("pkg -c $mnt clean -ay").stdout).toBe("Nothing to do.\n");
  });

  test("audit needs its list", () => {
    expect(it.sh("pkg -c $mnt audit")).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("pkg audit -F"),
    });
    expect(it.sh("pkg -c $mnt audit -F").stdout).toBe("0 problem(s) in 0 package(s) found.\n");
  });
});

describe("pkg itself", () => {
  test.each([
    ["14.3", false],
    ["15.0", false],
    ["15.1", true],
  ])("is on the disk of %s: %s", async (release, present) => {
    const machine = await layOutMachine({ release });
    expect(machine.sh("pkg -N").status).toBe(0); // on every builder
    expect(machine.sh("pkg -c $mnt info -e pkg").status).toBe(present ? 0 : 1);
    machine.remove();
  });

  test("is fetched where it is missing", () => {
    it.sh("rm var/db/pkg/pkg");
    expect(it.sh("pkg -N")).toMatchObject({ status: 1, stderr: "pkg: pkg is not installed\n" });
    expect(it.sh("pkg info")).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("not yet installed"),
    });
    expect(it.sh("pkg bootstrap -y")).toMatchObject({ status: 0, stderr: "" });
    expect(it.sh("pkg -N")).toMatchObject({ status: 0, stdout: expect.stringMatching(/^pkg: \d+ packages/) });
    expect(it.sh("pkg bootstrap -y").stdout).toBe("pkg already bootstrapped at /usr/local/sbin/pkg\n");
  });
});
