import { describe, expect, test } from "@jest/globals";
import { complaints, edited, SHIPPED } from "./fleet-text.ts";

const PIPE_SSH = SHIPPED.slice(
  SHIPPED.indexOf("      # The only way to sshd"),
  SHIPPED.indexOf("    # Files to put"),
);

/** from, to, path, message, reason */
const CONTRADICTIONS: readonly [string, string, string, string | RegExp, string][] = [
  [
    "pipe: MAIL",
    "pipe: MAUL",
    "mailRelay.pipe",
    "no such pipe; there are: MAIL, PKG, SSH",
    "mail would go nowhere",
  ],
  ["pipe: MAIL", "pipe: SSH", "mailRelay.pipe", "SSH is a decrypt pipe", "the wrong end of a pipe"],
  [PIPE_SSH, "", "pipes", /no pipe leads to SSH, and port 22 is closed/, "nobody could log in"],
  ["target: 127.0.0.1:22\n", "target: 127.0.0.1:23\n", "pipes", /no pipe leads to SSH/, "leads to telnet"],
  [
    'sshd_flags: "-4 -o ListenAddress=127.0.0.1"',
    'sshd_flags: "-4"',
    "rcConf",
    /port 22 would be open/,
    "a second door",
  ],
  [
    "source: 127.0.0.1:8080",
    "source: 127.0.0.1:8025",
    "pipes.PKG.source",
    "pipe MAIL listens at 127.0.0.1:8025 already",
    "same socket",
  ],
  [
    "source: 127.0.0.1:8080",
    "source: 127.0.0.1:8022",
    "pipes.SSH.source",
    "pipe PKG listens at 127.0.0.1:8022",
    "0.0.0.0 holds every address",
  ],
  [
    "source: 127.0.0.1:8080",
    "source: 127.0.0.1:8081",
    "packageRepository.url",
    "no encrypt pipe listens at 127.0.0.1:8080",
    "packages unreachable",
  ],
  [
    "instanceType: r7i.large",
    "instanceType: r7g.large",
    "instanceType",
    "r7g.large is arm64, the image is amd64",
    "cannot boot",
  ],
  [
    "instanceType: r7i.large",
    "instanceType: m7i.large",
    "instanceType",
    /8 GiB of memory.*more than the 10 GiB/,
    "memory disk does not fit",
  ],
  [
    "instanceType: r7i.large",
    "instanceType: r4.large",
    "instanceType",
    /older than Nitro/,
    "console cannot be read",
  ],
  [
    "rootVolumeGib: 10",
    "rootVolumeGib: 16",
    "instanceType",
    /16 GiB of memory.*more than the 16 GiB/,
    "just too small",
  ],
  [
    "off: [sendmail,",
    "off: [sendmail, svscan,",
    "services.off.1",
    "svscan is listed under on as well",
    "on and off",
  ],
  [
    "rcConf:\n",
    'rcConf:\n      spiped_enable: "NO"\n',
    "rcConf.spiped_enable",
    /services says already/,
    "said twice",
  ],
  [
    "on: [svscan, spiped, qmailsend]",
    "on: [svscan, spiped]",
    "mailRelay",
    "needs the service qmailsend",
    "mail would queue for ever",
  ],
  ["djbdns, qmail,", "qmail,", "dnsCache", "needs the package djbdns", "no name would resolve"],
  ["qmail, spiped, tarsnap", "qmail, tarsnap", "pipes", "needs the package spiped", "no pipe would run"],
  [
    "off: [sendmail, firstboot_pkgs]",
    "off: [firstboot_pkgs]",
    "mailRelay",
    "add sendmail to services.off",
    "two mailers",
  ],
  ["packages: [pkg,", "packages: [pkg, pkg,", "packages.1", "pkg is listed twice", "doubled"],
  [
    "copyTo: [us-west-2]",
    "copyTo: [us-west-2, us-west-2]",
    "copyTo.1",
    "us-west-2 is listed twice",
    "doubled",
  ],
  ["copyTo: [us-west-2]", "copyTo: [us-east-1]", "copyTo.0", /made in the home region/, "copy onto itself"],
  [
    "buildUrl: https://",
    "buildUrl: http://",
    "packageRepository.buildUrl",
    /not signed must at least come by https/,
    "anybody could swap them",
  ],
];

describe("sections that contradict each other are refused", () => {
  test.each(CONTRADICTIONS)("%j -> %j", (from, to, path, message) => {
    const found = complaints(edited(from, to)).filter((line) => line.includes(` images.base.${path}: `));
    expect(found).toHaveLength(1);
    if (typeof message === "string") expect(found[0]).toContain(message);
    else expect(found[0]).toMatch(message);
  });
});

const ACCEPTED: readonly [string, string, string][] = [
  ["instanceType: r7i.large", "instanceType: z9.large", "an unknown type: EC2 is asked when a build starts"],
  ["    instanceType: r7i.large", "", "the default holds ten gibibytes"],
  ["target: 127.0.0.1:22\n", "target: localhost:22\n", "another name of loopback"],
  [
    "buildUrl: https://pkg",
    `fingerprint: ${"ab".repeat(32)}\n      buildUrl: http://pkg`,
    "signed, so http will do",
  ],
  ["    copyTo: [us-west-2]", "", "no copies"],
];

test.each(ACCEPTED)("%j -> %j is accepted", (from, to) => {
  expect(complaints(edited(from, to))).toEqual([]);
});

test("the watch lives in another region", () => {
  expect(complaints(edited("watch: us-west-2", "watch: us-east-1"))[0]).toContain(
    "regions.watch: the watch lives",
  );
});

const WWW_KEY = "AAAAC3NzaC1lZDI1NTE5AAAAILn4itH1jt1avdbQv+0z/XgCS5jRHQ8f5cacw1UEUz2c";

/** from, to, the one complaint, reason */
const HOSTS: readonly [string, string, RegExp, string][] = [
  [
    "address: mail.example.org:8022\n    hostKey",
    "address: www.example.org:8022\n    hostKey",
    /hosts\.mail\.address: www has it already/,
    "one of the two would be asked twice, and the other never",
  ],
  [
    "AAAAC3NzaC1lZDI1NTE5AAAAIIq9skiVas3r5FyW+D+gQaLL21vcM+7yvT3EucMJ604V",
    WWW_KEY,
    /hosts\.mail\.hostKey: www has it already/,
    "copied and not changed",
  ],
  [WWW_KEY, WWW_KEY.slice(0, -4), /hosts\.www\.hostKey: expected a whole public key/, "cut off in copying"],
  [WWW_KEY, `${WWW_KEY}AAAA`, /hosts\.www\.hostKey: expected a whole public key/, "and it goes on"],
  [
    `ssh-ed25519 ${WWW_KEY}`,
    `ssh-rsa ${WWW_KEY}`,
    /hosts\.www\.hostKey: expected a whole public key/,
    "another type than its base64 says",
  ],
  [
    "AAAAC3NzaC1lZDI1NTE5AAAAIA9su2EEWcX7PCNuDk7nlrBQDrQtDA8UrWB63YrQ7Ta0",
    "AAAAC3NzaC1lZDI1NTE5AAAAIA9su2EEWcX7PCNuDk7nlrBQDrQtDA8UrWB63YrQ",
    /updates\.publicKey: expected a whole public key/,
    "no host would let the morning's check in",
  ],
  [
    WWW_KEY,
    `${WWW_KEY} root@www`,
    /hosts\.www\.hostKey: .* and nothing else, found/,
    "a comment, as in *.pub",
  ],
  ["www.example.org:8022", '"[2001:db8::1]:8022"', /a host is a name or an IPv4 address/, "IPv6"],
  ["www.example.org:8022", "www.example.org", /hosts\.www\.address: expected host:port/, "no port"],
  ["www.example.org:8022", "www.example.org:70000", /expected a port between 1 and 65535/, "no such port"],
  [
    "endOfLifeDays: 60",
    "endOfLifeDays: 1000",
    /endOfLifeDays: expected 730 or less/,
    "whole days, but too many",
  ],
  ["endOfLifeDays: 60", "endOfLifeDays: 1.5", /endOfLifeDays: expected whole days/, "half a day"],
];

test.each(HOSTS)("%s -> %s is one mistake", (from, to, message) => {
  expect(complaints(edited(from, to))).toEqual([expect.stringMatching(message)]);
});

test.each([
  `ecdsa-sha2-nistp256 ${sshBase64("ecdsa-sha2-nistp256", Buffer.from("nistp256"), Buffer.alloc(65, 4))}`,
  `ssh-rsa ${sshBase64("ssh-rsa", Buffer.from([1, 0, 1]), Buffer.alloc(257, 1))}`,
])("a host key of another type is taken: %.30s", (key) => {
  expect(complaints(edited(`ssh-ed25519 ${WWW_KEY}`, key))).toEqual([]);
});

/** Strings with their length before them (RFC 4251, section 5). */
function sshBase64(type: string, ...fields: Buffer[]): string {
  const parts = [Buffer.from(type), ...fields].flatMap((field) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(field.length);
    return [length, field];
  });
  return Buffer.concat(parts).toString("base64");
}
