import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { HostCondition } from "./condition.ts";
import type { ProgramAnswer } from "./formats/answer.ts";
import { freebsdUpdateFetch, freebsdUpdateReady } from "./formats/freebsd-update.ts";
import { pkgAuditBroken, pkgAuditJson, pkgAuditText } from "./formats/pkg-audit.ts";
import { brokenRepository, newerFreebsd, pkgUpgrade } from "./formats/pkg-upgrade.ts";

/** The pkg of hosts, unless their condition names another one. */
const PKG = "2.8.4";

/**
 * Writes down what the stand-ins of a host are to say (stand-ins/machine.sh, `says`), in its folder `condition`, and what
 * freebsd-version(1) knows into its own file on the tree.
 */
export async function writeAnswers(folder: string, root: string, condition: HostCondition): Promise<void> {
  const versions = await writeVersions(folder, root, condition);
  const answers = answersOf(condition, versions, installed(root));
  const files = Object.entries(answers).flatMap(([name, { stdout, stderr = "", status }]) => [
    [name, stdout] as const,
    [`${name}.err`, stderr] as const,
    [`${name}.status`, `${status}\n`] as const,
  ]);
  await Promise.all(files.map(([name, text]) => writeFile(join(folder, "condition", name), text)));
}

function answersOf(
  condition: HostCondition,
  { running, userland }: { running: string; userland: string },
  checked: number,
): Record<string, ProgramAnswer> {
  const { basePackages = [], packages = [], vulnerabilities = [], pkg = PKG, newPkg, repository } = condition;
  const vulnerable = new Set(vulnerabilities.map(({ name }) => name));
  const release = userland.replace(/-RELEASE.*$/, "");
  const abi = `FreeBSD:${release.split(".")[0]}:amd64`;
  const upgrade = (name: string, changes: typeof packages, first?: string): ProgramAnswer => {
    if (repository === "broken") return brokenRepository(name, `https://pkg.FreeBSD.org/${abi}/quarterly`);
    if (repository === "newer-freebsd") return newerFreebsd(name, abi, release);
    return pkgUpgrade({ changes, checked, pkg, vulnerable, newPkg: first });
  };
  return {
    // pkg itself is not in that repository.
    "upgrade-base": upgrade("FreeBSD-base", basePackages),
    "upgrade-packages": upgrade("FreeBSD-ports", packages, newPkg),
    "audit-json": repository === "broken" ? pkgAuditBroken() : pkgAuditJson(vulnerabilities),
    "audit-text": repository === "broken" ? pkgAuditBroken() : pkgAuditText(vulnerabilities),
    "update-fetch": freebsdUpdateFetch(running, condition),
    "update-ready": freebsdUpdateReady(condition),
  };
}

/** Puts the versions into bin/freebsd-version; what the image had is kept, to begin from. Returns them. */
async function writeVersions(folder: string, root: string, condition: HostCondition) {
  const program = join(root, "bin/freebsd-version");
  const original = join(folder, "condition", "freebsd-version");
  await mkdir(join(folder, "condition"), { recursive: true });
  if (!existsSync(original)) await writeFile(original, readFileSync(program));
  const text = readFileSync(original, "utf8");
  const versionOf = (what: string) => new RegExp(`^${what}_VERSION="([^"]*)"`, "m").exec(text)?.[1] ?? "";
  const kernel = condition.kernel ?? versionOf("KERNEL");
  const running = condition.running ?? kernel;
  const userland = condition.userland ?? versionOf("USERLAND");
  const written = text
    .replace(/^KERNEL_VERSION=.*/m, `KERNEL_VERSION="${kernel}"`)
    .replace(/^RUNNING_VERSION=.*/m, `RUNNING_VERSION="${running}"`)
    .replace(/^USERLAND_VERSION=.*/m, `USERLAND_VERSION="${userland}"`);
  await rm(program);
  await writeFile(program, written, { mode: 0o555 });
  return { running, userland };
}

function installed(root: string): number {
  const database = join(root, "var/db/pkg");
  return existsSync(database) ? readdirSync(database).length : 0;
}
