import { describe, expect, test } from "@jest/globals";
import { FleetError, parseFleet } from "#fleet";
import { complaints, edited, placeOf, SHIPPED } from "./fleet-text.ts";

const BASE = "images.base";

/** from, to, where the complaint points (a text in the edited file), path, part of the message, reason */
const MISTAKES: readonly [string, string, string, string, string | RegExp, string][] = [
  [
    "filesystem: ufs",
    "filesytem: ufs",
    "filesytem",
    `${BASE}.filesytem`,
    'unknown key; did you mean "filesystem"?',
    "swapped letters",
  ],
  [
    "    keep: 3",
    "    zebra: 3",
    "zebra",
    `${BASE}.zebra`,
    /^unknown key; known here: release, arch, /,
    "nothing near: list all",
  ],
  [
    "  home: us-east-1",
    "  hom: us-east-1",
    "hom: us",
    "regions.hom",
    'did you mean "home"?',
    "nested section",
  ],
  [
    'release: "15.1"',
    "release: 15.1",
    "15.1 #",
    `${BASE}.release`,
    /in quotes.*found the number 15\.1$/,
    "YAML reads a number",
  ],
  [
    'release: "15.1"',
    'release: "13.2"',
    '"13.2"',
    `${BASE}.release`,
    /branch 14 or 15.*found "13\.2"$/,
    "no builder images before 14",
  ],
  [
    "filesystem: ufs",
    "filesystem: zsf",
    "zsf",
    `${BASE}.filesystem`,
    'expected one of "ufs", "zfs", found "zsf"; did you mean "zfs"?',
    "wrong word",
  ],
  [
    "flavour: builder",
    "flavour: base",
    "base # FreeBSD's",
    `${BASE}.flavour`,
    'expected "builder", found "base"',
    "only one flavour works",
  ],
  [
    "rootVolumeGib: 10",
    "rootVolumeGib: ten",
    "ten\n",
    `${BASE}.rootVolumeGib`,
    'whole gibibytes, found "ten"',
    "not a number",
  ],
  [
    "rootVolumeGib: 10",
    "rootVolumeGib: 7",
    "7\n",
    `${BASE}.rootVolumeGib`,
    /8 GiB or more.*found the number 7/,
    "smaller than the snapshot",
  ],
  ["keep: 3", "keep: 1", "1 # images", `${BASE}.keep`, /2 or more/, "nothing to go back to"],
  ["hour: 5", "hour: 24", "24", `${BASE}.updates.hour`, /from 0 to 23, found the number 24/, "no such hour"],
  [
    "mail: root@example.org",
    "mail: root",
    "root #",
    "owner.mail",
    'expected a mail address, found "root"',
    "not an address",
  ],
  [
    "home: us-east-1",
    "home: virginia",
    "virginia",
    "regions.home",
    /region such as us-east-1, found "virginia"/,
    "a nickname",
  ],
  [
    "target: mail.example.org:8025",
    "target: mail.example.org",
    "mail.example.org\n",
    `${BASE}.pipes.MAIL.target`,
    /expected host:port/,
    "port forgotten",
  ],
  [
    "target: mail.example.org:8025",
    "target: mail.example.org:80250",
    "mail.example.org:80250",
    `${BASE}.pipes.MAIL.target`,
    /between 1 and 65535/,
    "port too large",
  ],
  [
    "mode: encrypt",
    "mode: encrytp",
    "encrytp",
    `${BASE}.pipes.MAIL.mode`,
    'did you mean "encrypt"?',
    "swapped letters in a value",
  ],
  [
    "      SSH:\n",
    "      SSH-1:\n",
    "SSH-1",
    `${BASE}.pipes.SSH-1`,
    /letters, digits and underscores/,
    "rc(8) makes variables of names",
  ],
  [
    "keyParameter: /nightshift/pipes/MAIL\n",
    "keyParameter: MAIL\n",
    "MAIL\n      PKG",
    `${BASE}.pipes.MAIL.keyParameter`,
    /name of an SSM parameter/,
    "no path",
  ],
  [
    "keyParameter: /nightshift/pipes/MAIL\n",
    "keyParameter: /elsewhere/MAIL\n",
    "/elsewhere",
    `${BASE}.pipes.MAIL.keyParameter`,
    /below \/nightshift\/pipes/,
    "functions may not read it there",
  ],
  [
    "packages: [pkg,",
    "packages: [3,",
    "3, djbdns",
    `${BASE}.packages.0`,
    /expected text, found the number 3/,
    "item of a list",
  ],
  [
    "packages: [pkg, djbdns, qmail, spiped, tarsnap]",
    "packages: pkg",
    "pkg\n",
    `${BASE}.packages`,
    /expected a list, found "pkg"/,
    "not a list",
  ],
  [
    'mode: "0644"',
    "mode: 0644",
    "0644 #",
    `${BASE}.files.0.mode`,
    /quoted octal mode.*found the number 644/,
    "YAML reads a decimal number",
  ],
  [
    "path: /etc/motd.template",
    "path: etc/motd",
    "etc/motd",
    `${BASE}.files.0.path`,
    /absolute path/,
    "relative path",
  ],
  [
    "path: /etc/motd.template",
    "path: /etc/../motd",
    "/etc/../motd",
    `${BASE}.files.0.path`,
    /absolute path/,
    "path that climbs",
  ],
  [
    "path: /etc/motd.template",
    "path: /dev/null",
    "/dev/null",
    `${BASE}.files.0.path`,
    /outside \/dev/,
    "a file system of its own",
  ],
  [
    'syslogd_flags: "-ss"',
    "syslogd_flags: '$(reboot)'",
    "'$(reboot)'",
    `${BASE}.rcConf.syslogd_flags`,
    /without ", \$, `/,
    "the shell would run it",
  ],
  [
    "name: cluster\n      url",
    "name: FreeBSD-own\n      url",
    "FreeBSD-own",
    `${BASE}.packageRepository.name`,
    /not beginning with FreeBSD/,
    "collides with official tags",
  ],
];

describe("a mistake is shown with its place, what was expected and what was found", () => {
  test.each(MISTAKES)("%j -> %j", (from, to, at, path, message) => {
    const text = edited(from, to);
    const start = text.indexOf(to);
    const near = text.indexOf(at, start);
    const place = placeOf(`${text.slice(0, near)}\u0000`, "\u0000");
    const found = complaints(text).find((line) => line.startsWith(`${place} ${path}: `));
    expect({ complaints: complaints(text), found }).toMatchObject({ found: expect.anything() });
    const said = (found ?? "").slice(`${place} ${path}: `.length);
    if (typeof message === "string") expect(said).toContain(message);
    else expect(said).toMatch(message);
  });
});

test("what is missing is said where it belongs, with what it is for", () => {
  expect(complaints(edited("  from: nightshift@example.org", "  # none"))).toEqual([
    `${placeOf(SHIPPED, "owner:")} owner.from: missing; expected text: Sender of the reports; verified in SES`,
  ]);
});

test("all problems come at once, in the order of the file", () => {
  const text = edited("filesystem: ufs", "filesystem: xfs").replace("mail: root@example.org", "mail: nobody");
  expect(complaints(text).map((line) => line.split(" ")[1])).toEqual([
    "owner.mail:",
    "images.base.filesystem:",
  ]);
});

test("the message has one line per problem, as editors jump to", () => {
  const text = edited("filesystem: ufs", "filesystem: xfs");
  const place = placeOf(text, "xfs");
  expect(() => parseFleet(text, "my/fleet.yml")).toThrow(
    expect.objectContaining({
      name: "FleetError",
      message: `my/fleet.yml:${place}: images.base.filesystem: expected one of "ufs", "zfs", found "xfs"; did you mean "ufs"?`,
    }),
  );
});

const NOT_YAML: readonly [string, RegExp, string][] = [
  ["name: [", /^1:\d+ : not YAML: /, "a list that never ends"],
  ["name: a\nname: b\n", /^2:1 : not YAML: map keys must be unique/, "a key given twice"],
  ["name: a\n\tregions: b\n", /^2:\d+ : not YAML: /, "tabs indent nothing in YAML"],
  ["", /^1:1 : expected keys and values, found nothing/, "an empty file"],
  ["- a\n", /^1:1 : expected keys and values, found a list/, "a list"],
];

test.each(NOT_YAML)("%j is refused as text", (text, message) => {
  expect(complaints(text)[0]).toMatch(message);
});

test("a FleetError is an Error with its own name, whatever a bundler renames", () => {
  const error = new FleetError("x");
  expect([error instanceof Error, error.name, error.problems]).toEqual([true, "FleetError", []]);
});
