import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import type { ImageRecipe } from "../../../../functions/ami/recipe/image-recipe.ts";
import { parseInspection, parsePackages } from "../../../../functions/ami/recipe/inspect-script.ts";
import { type ToyBuilder, toyBuilder } from "./toy-builder.ts";
import { bareRecipe, keysFor, recipeOf, VARIANTS } from "./variants.ts";

let builder: ToyBuilder;
afterEach(() => builder.remove());

/** Provisions the disk as the detached script would. */
function provision(recipe: ImageRecipe) {
  for (const [path, key] of keysFor(recipe)) builder.write(`keys/${path.split("/").at(-1)}`, key, 0o600);
  return builder.run(recipe.provisionScript, join(builder.root, "keys"));
}

function failedChecks(recipe: ImageRecipe): string[] {
  const { stdout } = builder.run(recipe.inspectScript);
  return parseInspection(recipe, stdout).flatMap(({ name, holds, reason }) =>
    holds ? [] : [`${name}: ${reason}`],
  );
}

// arm64 has the same script as amd64, as image-recipe.test.ts shows.
const { "15.1-arm64": _arm64, ...variants } = VARIANTS;

describe.each(Object.entries({ ...variants, bare: bareRecipe("15.1") }))("%s", (_variant, recipe) => {
  test("provisions a disk on which every check holds, leaves no key and no mount", () => {
    builder = toyBuilder(recipe.release);
    const { status, stderr, stdout } = provision(recipe);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(
      stdout
        .split("\n")
        .filter((line) => line.startsWith("==> "))
        .at(-1),
    ).toBe("==> done");
    expect(failedChecks(recipe)).toEqual([]);
    expect(existsSync(join(builder.root, "keys"))).toBe(false);
    expect(readFileSync(join(builder.root, "toy/mounts"), "utf8")).not.toContain("devfs");
  });
});

test("a second run over a half-done disk gives the same tree", () => {
  const recipe = recipeOf();
  builder = toyBuilder();
  provision(recipe);
  const clean = builder.tree();
  builder.remove();

  builder = toyBuilder();
  builder.write("toy/broken", "");
  expect(provision(recipe).status).toBe(1);
  builder.write("mnt/etc/resolv.conf", "half");
  builder.run('rm "$NIGHTSHIFT_ROOT/toy/broken"');
  expect(provision(recipe).status).toBe(0);
  expect(provision(recipe).status).toBe(0);
  expect(builder.tree()).toEqual(clean);
});

/** what was prepared, the script's words, reason */
const REFUSALS: readonly [string, (toy: ToyBuilder) => void, RegExp, string][] = [
  [
    "no disk",
    (toy) => toy.write("toy/mounts", "/dev/md0p4 / ufs rw 1 1\n"),
    /nothing is mounted at \/mnt/,
    "or the memory disk would be changed",
  ],
  [
    "a disk that booted",
    (toy) => toy.run('rm "$NIGHTSHIFT_ROOT/mnt/firstboot"'),
    /has booted before/,
    "it has host keys",
  ],
  [
    "another release",
    (toy) => toy.write("toy/version", "14.3-RELEASE\n"),
    /is of FreeBSD 14\.3-RELEASE, the image of 15\.1/,
    "sourceAmi of the wrong release",
  ],
  [
    "a longer number",
    (toy) => toy.write("toy/version", "15.10-RELEASE\n"),
    /is of FreeBSD 15\.10-RELEASE/,
    "15.1 is not 15.10",
  ],
  [
    "packages out of reach",
    (toy) => toy.write("toy/broken", ""),
    /no route/,
    "pkg's own words reach the log",
  ],
];

test.each(REFUSALS)("%s ends it, with no key and no mount left", (_what, prepare, message) => {
  builder = toyBuilder();
  prepare(builder);
  const { status, stderr } = provision(recipeOf());
  expect(status).not.toBe(0);
  expect(stderr).toMatch(message);
  expect(existsSync(join(builder.root, "keys"))).toBe(false);
  expect(readFileSync(join(builder.root, "toy/mounts"), "utf8")).not.toContain("devfs");
});

test("packages are patched first, then installed from the builder's side of the repository", () => {
  builder = toyBuilder();
  provision(recipeOf());
  const mnt = join(builder.root, "mnt");
  expect(builder.calls().filter((call) => call.startsWith("pkg "))).toEqual([
    "pkg -N",
    `pkg -c ${mnt} upgrade -y -r FreeBSD-base`,
    `pkg -o REPOS_DIR=/var/tmp/nightshift-repositories -c ${mnt} install -y pkg djbdns qmail spiped tarsnap`,
    `pkg -c ${mnt} clean -ay`,
  ]);
});

test("a short key is refused, and the disk has no key then", () => {
  const recipe = recipeOf();
  builder = toyBuilder();
  builder.write("keys/MAIL.key", "short");
  const { status, stderr } = builder.run(recipe.provisionScript, join(builder.root, "keys"));
  expect([status, stderr.trim()]).toEqual([
    1,
    "the key for /usr/local/etc/spiped/MAIL.key has 5 bytes, not 32",
  ]);
  expect(builder.tree().filter((line) => line.includes(".key"))).toEqual([]);
});

/** what goes wrong on the disk, as a shell command in /mnt; the checks that must notice */
const DEFECTS: readonly [string, string[], string][] = [
  ["rm firstboot", ["first boot is still to come"], "first-boot scripts would not run"],
  ["touch etc/ssh/ssh_host_ed25519_key", ["no SSH host keys"], "every host would have the same"],
  [
    "mkdir -p home/x/.ssh; touch home/x/.ssh/authorized_keys",
    ["no authorized keys"],
    "a way in for the builder's key",
  ],
  ["touch root/.sh_history", ["no shell history"], "somebody typed here"],
  ["touch etc/hostid", ["no host id"], "every host would have the same"],
  ["echo 'sshd_flags=\"\"' >>etc/rc.conf", ["rc.conf sshd_flags"], "the later line wins"],
  ["mkdir -p var/cache/pkg; touch var/cache/pkg/a.pkg", ["package cache is empty"], "dead weight"],
  ["touch ../toy/lacking", ["packages are complete", "package tarsnap"], "pkg finds it out"],
  [
    "mkdir -p ../var/run/nightshift/b/secrets; touch ../var/run/nightshift/b/secrets/k",
    ["pipe keys are off the builder"],
    "keys linger",
  ],
  ['echo "devfs $PWD/dev devfs rw 0 0" >>../toy/mounts', ["devices are not mounted"], "umount would fail"],
  ["rm etc/resolv.conf", ["file /etc/resolv.conf"], "missing"],
  ["echo nameserver 10.0.0.2 >>etc/resolv.conf", ["file /etc/resolv.conf"], "the builder's resolver"],
  ["chmod 666 etc/periodic.conf", ["file /etc/periodic.conf"], "anybody could change it"],
  ["chmod 644 usr/local/etc/spiped/SSH.key", ["pipe key SSH"], "anybody could read it"],
  [
    "chmod 600 usr/local/etc/spiped/SSH.key; : >usr/local/etc/spiped/SSH.key; chmod 400 usr/local/etc/spiped/SSH.key",
    ["pipe key SSH"],
    "spiped would not start",
  ],
  [
    "chmod 755 usr/local/etc/spiped",
    ["folder /usr/local/etc/spiped"],
    "names of pipes are nobody's business",
  ],
  [
    "rm var/service/dnscache; ln -s /etc/nowhere var/service/dnscache",
    ["link /var/service/dnscache", "svscan links resolve"],
    "no DNS",
  ],
  ["ln -s /etc/nowhere var/service/other", ["svscan links resolve"], "svscan would complain for ever"],
  ["echo x >etc/dnscache/seed", ["DNS seed is not baked in"], "every host would have the same"],
  [
    "echo 'sendmail /usr/libexec/dma' >etc/mail/mailer.conf",
    ["mailer is not dma", "file /etc/mail/mailer.conf"],
    "mail would bypass qmail",
  ],
  [
    "mkdir -p usr/local/etc/mail; touch usr/local/etc/mail/mailer.conf",
    ["no second mailer.conf"],
    "mailwrapper looks there first",
  ],
  ["rm var/qmail/bin/sendmail", ["mailer is there"], "no mail"],
  ["rm usr/local/etc/rc.d/spiped", ["service spiped"], "enabled, and not there"],
  [
    "echo 'FreeBSD-extra: {' >>etc/pkg/FreeBSD.conf",
    ["official repositories"],
    "a repository that we do not know of",
  ],
];

/** Defects go onto one disk as long as no two of them concern the same check: provisioning takes a while. */
const DISKS = DEFECTS.reduce<(typeof DEFECTS)[number][][]>((disks, defect) => {
  const taken = (disk: typeof DEFECTS) =>
    disk.some(([, names]) => names.some((name) => defect[1].includes(name)));
  const disk = disks.find((candidate) => !taken(candidate));
  if (disk === undefined) disks.push([defect]);
  else disk.push(defect);
  return disks;
}, []);

describe.each(DISKS.map((defects) => ({ defects })))(
  "the inspection names what is wrong with a disk",
  ({ defects }) => {
    let failed: string[];
    beforeAll(() => {
      const recipe = recipeOf();
      builder = toyBuilder();
      provision(recipe);
      for (const [command] of defects) builder.run(`cd "$NIGHTSHIFT_ROOT/mnt" || exit\n${command}`);
      failed = failedChecks(recipe);
    });

    test.each(defects)("%s", (_command, names) => {
      for (const name of names)
        expect(failed).toContainEqual(expect.stringMatching(new RegExp(`^${name}: \\S`)));
    });

    test("and nothing else", () => {
      expect(failed.map((line) => line.split(":")[0]).sort()).toEqual(
        defects.flatMap(([, names]) => names).sort(),
      );
    });
  },
);

test("an rc.conf that the shell cannot read is named", () => {
  const recipe = recipeOf();
  builder = toyBuilder();
  builder.write("mnt/etc/rc.conf", 'x="\n');
  expect(failedChecks(recipe)).toContainEqual(expect.stringMatching(/^rc\.conf parses: .*rc\.conf/));
});

test("the inspection lists the packages, sorted", () => {
  builder = toyBuilder();
  const { stdout } = builder.run(recipeOf().inspectScript);
  expect(parsePackages(stdout)).toEqual([
    { name: "djbdns", version: "1.05_28,1" },
    { name: "spiped", version: "1.6.4" },
  ]);
});

test("a check that did not report has failed", () => {
  builder = toyBuilder();
  const checks = [
    { name: "a", shell: "" },
    { name: "a b", shell: "" },
    { name: "c", shell: "" },
  ];
  expect(parseInspection({ checks }, "ok a\r\nnot ok a b: it: is not\r\n")).toEqual([
    { name: "a", holds: true, reason: "" },
    { name: "a b", holds: false, reason: "it: is not" },
    { name: "c", holds: false, reason: "the inspection did not get to it" },
  ]);
});
