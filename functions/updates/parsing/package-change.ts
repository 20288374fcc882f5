import type { PackageChange } from "../findings.ts";
import { shortened } from "./bounds.ts";

const NAME = /^[A-Za-z0-9][A-Za-z0-9._+@-]{0,79}$/;
const VERSION = /^[A-Za-z0-9][A-Za-z0-9._+,~:]{0,39}$/;
const VULNERABLE = " (vulnerable!)";

/**
 * Reads an item of `pkg upgrade -n` (pkg, src/utils.c, display_summary_item), without its tab:
 *
 *     curl: 8.17.0 -> 8.18.0 [mine] (vulnerable!)
 *     nginx-1.28.0_2,3 [mine] (required shared library changed)
 *     Package foo-1.0 is locked and may not be upgraded to version 2.0
 *
 * The repository is there only when several are on; versions stand after `: ` or, the last `-` before it, after the name.
 * Undefined when it is none of these.
 */
export function readChange(line: string, action: PackageChange["action"]): PackageChange | undefined {
  if (action === "locked") return readLocked(line);
  const [, head = "", rest = ""] = /^([^ :]+(?:: [^ ]+(?: -> [^ ]+)?)?)( .*)?$/.exec(line) ?? [];
  const [name, versions] = splitHead(head);
  const [from, to] = versions.length === 2 ? versions : sides(action, versions[0]);
  const tail = readTail(rest);
  if (!NAME.test(name) || tail === undefined) return undefined;
  if (![from, to].every((version) => version === undefined || VERSION.test(version))) return undefined;
  const reason = action === "fetch" ? undefined : tail.reason; // of a fetch it is the size
  return {
    ...{ name, action },
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(reason === undefined ? {} : { reason: shortened(reason, 80) }),
    ...(tail.repository === undefined ? {} : { repository: tail.repository }),
    vulnerable: tail.isVulnerable,
  };
}

function readLocked(line: string): PackageChange | undefined {
  const pattern =
    /^Package (\S{1,120}) is locked (?:and may not be upgraded to version (\S{1,40})|and may not be (?:deinstalled|reinstalled)|but a new package can still be fetched)$/;
  const [, whole, to] = pattern.exec(line) ?? [];
  const [name = "", [from = ""] = []] = whole === undefined ? [] : splitHead(whole);
  if (!NAME.test(name) || !VERSION.test(from) || (to !== undefined && !VERSION.test(to))) return undefined;
  return { name, action: "locked", from, ...(to === undefined ? {} : { to }), vulnerable: false };
}

/** `name: from -> to`, `name: version` or `name-version`; a group has no version. */
function splitHead(head: string): [name: string, versions: string[]] {
  const colon = head.indexOf(": ");
  if (colon >= 0) return [head.slice(0, colon), head.slice(colon + 2).split(" -> ")];
  const hyphen = head.lastIndexOf("-");
  return hyphen > 0 ? [head.slice(0, hyphen), [head.slice(hyphen + 1)]] : [head, []];
}

/** On which side of the change a single version stands. */
function sides(action: PackageChange["action"], version: string | undefined): (string | undefined)[] {
  if (action === "remove") return [version, undefined];
  return action === "reinstall" ? [version, version] : [undefined, version];
}

function readTail(text: string): { repository?: string; reason?: string; isVulnerable: boolean } | undefined {
  const isVulnerable = text.includes(VULNERABLE);
  const rest = text.replace(VULNERABLE, "");
  const [, repository] = /^ \[([A-Za-z0-9._-]{1,40})\]/.exec(rest) ?? [];
  const reason = repository === undefined ? rest : rest.slice(repository.length + 3);
  const isReason = reason === "" || (reason.startsWith(" (") && reason.endsWith(")"));
  if (!isReason) return undefined;
  return {
    ...(repository === undefined ? {} : { repository }),
    ...(reason === "" ? {} : { reason: reason.slice(2, -1) }),
    isVulnerable,
  };
}
