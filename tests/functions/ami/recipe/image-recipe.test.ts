import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import {
  startScript,
  statusScript,
  unmountScript,
} from "../../../../functions/ami/recipe/builder-scripts.ts";
import type { ImageRecipe } from "../../../../functions/ami/recipe/image-recipe.ts";
import { aloneRecipe, bareRecipe, keysFor, recipeOf, VARIANTS } from "./variants.ts";

const { "15.1-arm64": _arm64, ...GOLDEN_VARIANTS } = VARIANTS;
const GOLDEN = new URL("./golden/", import.meta.url).pathname;

/** Every byte that a recipe decides, by file name. What start.sh holds of provision.sh is named, not repeated. */
function goldenFiles(recipe: ImageRecipe): Record<string, string> {
  const start = startScript(recipe, keysFor(recipe), "base-20261123-0400");
  return {
    ...writtenFiles(recipe),
    "start.sh": start.replace(recipe.provisionScript, () => "@@ provision.sh @@\n"),
  };
}

function writtenFiles(recipe: ImageRecipe): Record<string, string> {
  const rc = recipe.rcSettings.map(([key, value]) => `${key}="${value}"\n`).join("");
  return {
    "provision.sh": recipe.provisionScript,
    "inspect.sh": recipe.inspectScript,
    "start.sh": startScript(recipe, keysFor(recipe), "base-20261123-0400"),
    "status.sh": statusScript("base-20261123-0400"),
    "unmount.sh": unmountScript(recipe),
    "rc.conf.additions": rc,
    hash: `${recipe.hash}\n`,
    ...Object.fromEntries(recipe.files.map(({ path, content }) => [`disk${path}`, content])),
  };
}

// After an intended change: UPDATE_GOLDEN=1 with the usual test command, then read the difference.
describe.each(Object.entries(GOLDEN_VARIANTS))("golden files of %s", (variant, recipe) => {
  const folder = join(GOLDEN, variant);
  const files = goldenFiles(recipe);
  if (process.env.UPDATE_GOLDEN === "1") {
    rmSync(folder, { recursive: true, force: true });
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), content);
    }
  }

  test("there are these and no others", () => {
    const kept = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    const names = kept.map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
    expect(names.sort()).toEqual(Object.keys(files).sort());
  });

  test.each(Object.entries(files))("%s", (name, content) => {
    expect(existsSync(join(folder, name)) && readFileSync(join(folder, name), "utf8")).toBe(content);
  });
});

test("arm64 has every byte of amd64, under another hash", () => {
  const { hash, ...files } = writtenFiles(VARIANTS["15.1-arm64"]);
  const { hash: other, ...expected } = writtenFiles(VARIANTS["15.1-amd64"]);
  expect(files).toEqual(expected);
  expect(hash).not.toBe(other);
});

test("every script and every program on the disk parses", () => {
  for (const [variant, recipe] of Object.entries(VARIANTS)) {
    for (const [name, content] of Object.entries(writtenFiles(recipe))) {
      if (!content.startsWith("#!/bin/sh")) continue;
      const { status, stderr } = spawnSync("sh", ["-n"], { input: content, encoding: "utf8" });
      expect({ variant, name, status, stderr }).toEqual({ variant, name, status: 0, stderr: "" });
    }
  }
});

function fileOf(recipe: ImageRecipe, path: string): string | undefined {
  return recipe.files.find((file) => file.path === path)?.content;
}

function settingOf(recipe: ImageRecipe, key: string): string | undefined {
  return recipe.rcSettings.find(([name]) => name === key)?.[1];
}

const REPOSITORIES = "/usr/local/etc/pkg/repos/FreeBSD.conf";
const UPDATES = "/etc/cron.d/nightshift-updates";
const ROOT_KEYS = "/root/.ssh/authorized_keys";
const [old, current] = [recipeOf({ release: "14.3" }), recipeOf()];
const [oldAlone, alone] = [aloneRecipe({ release: "14.3" }), aloneRecipe()];

/** what, value, expected, reason */
const CONFIGURED: readonly [string, string | undefined, RegExp, string][] = [
  [
    "14.x repositories",
    fileOf(old, REPOSITORIES),
    /^FreeBSD: \{ enabled: no \}\nFreeBSD-kmods: \{ enabled: no \}$/m,
    "the tags of 14.x",
  ],
  [
    "15.x repositories",
    fileOf(current, REPOSITORIES),
    /^FreeBSD-ports: \{ enabled: no \}\nFreeBSD-ports-kmods: \{ enabled: no \}$/m,
    "the tags of 15.x",
  ],
  [
    "15.x base",
    fileOf(current, REPOSITORIES),
    /^FreeBSD-base: \{ enabled: yes \}$/m,
    "off by default, patches come from it",
  ],
  [
    "14.x checks",
    fileOf(oldAlone, UPDATES),
    /\tfreebsd-update cron\n.*\tpkg upgrade -qn\n$/,
    "as in the article",
  ],
  [
    "15.x checks",
    fileOf(alone, UPDATES),
    /\tpkg upgrade -qn -r FreeBSD-base\n.*\tpkg upgrade -qn -r cluster\n$/,
    "freebsd-update refuses to work there",
  ],
  ["who hears of updates", fileOf(alone, UPDATES), /^MAILTO=root@example\.org$/m, "the owner"],
  [
    "root's keys",
    fileOf(current, ROOT_KEYS),
    /^restrict,command="\/usr\/local\/libexec\/nightshift\/updates" ssh-ed25519 \S+ nightshift-updates$/m,
    "for one command each",
  ],
  [
    "root's login",
    settingOf(current, "sshd_flags"),
    / -o PermitRootLogin=forced-commands-only$/,
    "and for nothing else",
  ],
  ["syslogd", settingOf(current, "syslogd_flags"), /^-ss$/, "no network socket"],
  ["sshd", settingOf(current, "sshd_flags"), /^-4 /, "IPv4 only"],
  ["sendmail", settingOf(current, "sendmail_msp_queue_enable"), /^NO$/, "all four parts of it"],
  ["first-boot packages", settingOf(current, "firstboot_pkgs_enable"), /^NO$/, "the image has its packages"],
  [
    "14.x first-boot patches",
    settingOf(old, "firstboot_freebsd_update_enable"),
    /^NO$/,
    "patched when built",
  ],
  [
    "15.x first-boot patches",
    settingOf(current, "firstboot_pkg_upgrade_enable"),
    /^NO$/,
    "patched when built",
  ],
  ["pipes", settingOf(current, "spiped_pipes"), /^MAIL PKG SSH$/, "three pipes"],
  [
    "a literal source",
    settingOf(current, "spiped_pipe_SSH_source"),
    /^\[0\.0\.0\.0\]:8022$/,
    "spiped wants brackets",
  ],
  [
    "a named target",
    settingOf(current, "spiped_pipe_MAIL_target"),
    /^mail\.example\.org:8025$/,
    "names have no brackets",
  ],
  ["forward secrecy", settingOf(current, "spiped_pipe_SSH_flags"), /^-g$/, "required by default"],
  ["mailer", fileOf(current, "/etc/mail/mailer.conf"), /^sendmail\t\/var\/qmail\/bin\/sendmail$/m, "not dma"],
  [
    "mail route",
    fileOf(current, "/var/qmail/control/smtproutes"),
    /^:127\.0\.0\.1:8025\n$/,
    "all mail, to the pipe",
  ],
  ["name server", fileOf(current, "/etc/resolv.conf"), /^nameserver 127\.0\.0\.1$/m, "dnscache"],
  [
    "forwarders",
    fileOf(current, "/etc/dnscache/root/servers/@"),
    /^169\.254\.169\.253\n$/,
    "the VPC's resolver",
  ],
  [
    "first boot",
    fileOf(current, "/usr/local/etc/rc.d/nightshift_firstboot"),
    /^# KEYWORD: firstboot$/m,
    "runs once",
  ],
];

test.each(CONFIGURED)("%s", (_what, value, expected) => {
  expect(value).toMatch(expected);
});

test("the two branches patch the disk with what they have", () => {
  expect(current.provisionScript).toContain('pkg -c "$mnt" upgrade -y -r FreeBSD-base');
  expect(current.provisionScript).not.toContain("freebsd-update");
  expect(old.provisionScript).toContain('freebsd-update -b "$mnt" --currently-running 14.3-RELEASE');
});

test("without its sections an image has no trace of them", () => {
  const recipe = bareRecipe("15.1");
  expect(recipe.files.map(({ path }) => path)).toEqual([REPOSITORIES, UPDATES]);
  expect(fileOf(recipe, REPOSITORIES)).not.toContain("enabled: no");
  expect([recipe.links, recipe.accounts, fileOf(bareRecipe("14.3"), REPOSITORIES)]).toEqual([
    [],
    [],
    undefined,
  ]);
});

test("where the fleet looks for updates, hosts do not; where nobody runs errands, root cannot log in", () => {
  expect(fileOf(current, UPDATES)).toBeUndefined();
  expect(fileOf(alone, ROOT_KEYS)).toBeUndefined();
  expect(settingOf(alone, "sshd_flags")).not.toContain("PermitRootLogin");
});

test("the same image compiles to the same bytes, and any change to another hash", () => {
  expect(recipeOf()).toEqual(recipeOf());
  const changed = [
    {},
    { release: "15.0" },
    { arch: "arm64" as const },
    { packages: ["pkg"] },
    { updates: { hour: 6 } },
  ];
  const hashes = changed.map((changes) => aloneRecipe(changes).hash);
  expect(new Set(hashes).size).toBe(changed.length);
  expect(hashes.every((hash) => /^[0-9a-f]{64}$/.test(hash))).toBe(true);
});

test("every check has a name of its own, and no name confuses the report", () => {
  for (const recipe of Object.values(VARIANTS)) {
    const names = recipe.checks.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => name.includes(":") || name.includes("\n"))).toEqual([]);
  }
});

test("no key is in a recipe, only its parameter's name", () => {
  const recipe = recipeOf();
  expect(recipe.secrets[0]).toEqual({
    parameter: "/nightshift/pipes/MAIL",
    path: "/usr/local/etc/spiped/MAIL.key",
    mode: "0400",
    bytes: 32,
  });
  for (const key of keysFor(recipe).values())
    expect(JSON.stringify(recipe)).not.toContain(key.toString("base64"));
});
