import type { RecipeCheck } from "./recipe-part.ts";
import { MOUNTED_FUNCTION, quote, script } from "./shell-text.ts";

/**
 * The script that looks whether the disk on /mnt is what the recipe says. It prints `ok NAME` or
 * `not ok NAME: reason` for each check, then `package NAME VERSION` for what is installed, and changes nothing.
 */
export function inspectScript(checks: readonly RecipeCheck[]): string {
  return script("-u", FUNCTIONS, [
    ...checks.map(({ name, shell }) => `check ${quote(name)} ${shell}`),
    `pkg -c "$mnt" query '%n %v' | sed 's/^/package /'`,
  ]);
}

/** The words of which checks are made. Each succeeds or prints why not. Paths are those of the product. */
const FUNCTIONS = `mnt=$root/mnt
# shellcheck disable=SC2317,SC2329 # all of these are called through check

check() {
  name=$1
  shift
  if why=$("$@" 2>&1); then
    echo "ok $name"
  else
    echo "not ok $name: $(printf '%s' "$why" | tr '\\n' ' ')"
  fi
}

${MOUNTED_FUNCTION}
not_mounted() {
  if mounted "$1"; then echo "something is mounted at /mnt$1"; return 1; fi
}

there() {
  [ -e "$mnt$1" ] || { echo "$1 is missing"; return 1; }
}

absent() {
  if [ -e "$mnt$1" ] || [ -L "$mnt$1" ]; then echo "$1 is there"; return 1; fi
}

runs() {
  [ -x "$mnt$1" ] || { echo "$1 is not there to be run"; return 1; }
}

# none_named PATTERN FOLDER...: no file of such a name in the folders or below.
none_named() {
  pattern=$1
  shift
  for folder; do
    if [ -d "$mnt$folder" ]; then find "$mnt$folder" ! -type d -name "$pattern"; fi
  done | sed "s|^$mnt||" | { ! grep .; }
}

# same PATH MODE CHECKSUM: a file as the recipe has it.
same() {
  there "$1" || return 1
  [ -n "$(find "$mnt$1" -prune -type f -perm "$2")" ] || { echo "$1 is not a file of mode $2"; return 1; }
  [ "$(cksum <"$mnt$1")" = "$3" ] || { echo "$1 has another content"; return 1; }
}

is_folder() {
  [ -n "$(find "$mnt$1" -prune -type d -perm "$2")" ] || { echo "$1 is not a folder of mode $2"; return 1; }
}

is_key() {
  there "$1" || return 1
  [ -n "$(find "$mnt$1" -prune -type f -perm 0400)" ] || { echo "$1 is not a file of mode 0400"; return 1; }
  bytes=$(($(wc -c <"$mnt$1")))
  [ $bytes -eq 32 ] || { echo "$1 has $bytes bytes, not 32"; return 1; }
}

leads() {
  [ "$(readlink "$mnt$1")" = "$2" ] || { echo "$1 does not lead to $2"; return 1; }
}

# links_resolve FOLDER: links there are absolute on the product, so the builder has to look below /mnt.
links_resolve() {
  for link in "$mnt$1"/*; do
    [ -L "$link" ] || continue
    [ -d "$mnt$(readlink "$link")" ] || { echo "\${link#"$mnt"} leads nowhere"; return 1; }
  done
}

parses() {
  sh -n "$mnt$1"
}

# setting KEY VALUE: of rc.conf, read as rc(8) does.
setting() {
  # shellcheck source=/dev/null
  value=$(set +u; . "$mnt/etc/rc.conf" && eval "printf %s \\"\\\${$1-}\\"") || return 1
  [ "$value" = "$2" ] || { echo "$1 is \\"$value\\", not \\"$2\\""; return 1; }
}

rc_script() {
  [ -x "$mnt/usr/local/etc/rc.d/$1" ] || [ -x "$mnt/etc/rc.d/$1" ] || { echo "there is no rc.d/$1"; return 1; }
}

installed() {
  pkg -c "$mnt" info -e "$1" || { echo "$1 is not installed"; return 1; }
}

packages_complete() {
  # Its status is 0 whatever it finds (pkg, src/check.c); quiet, it prints what it found and nothing else.
  pkg -c "$mnt" check -daq | { ! grep .; }
}

# not_mentioned WORD PATH. As a word: there is a "dma" in sendmail.
not_mentioned() {
  there "$2" || return 1
  ! grep -w "$1" "$mnt$2"
}

# A repository of FreeBSD's that ours does not know of would be left on.
no_unknown_repository() {
  for file in "$mnt"/etc/pkg/*.conf; do
    [ -f "$file" ] && sed -n 's/^[[:space:]]*\\(FreeBSD[A-Za-z0-9_-]*\\)[[:space:]]*:.*/\\1/p' "$file"
  done | while read -r tag; do
    grep -q "^$tag:" "$mnt/usr/local/etc/pkg/repos/FreeBSD.conf" || echo "$tag is not decided upon"
  done | { ! grep .; }
}

no_secrets_left() {
  if [ -d "$root/var/run/nightshift" ]; then
    find "$root/var/run/nightshift" -path '*/secrets/*' | { ! grep .; }
  fi
}
`;

/** How one check went. */
export interface Inspected {
  readonly name: string;
  readonly holds: boolean;
  /** Empty when it holds. */
  readonly reason: string;
}

/** Reads what inspectScript printed. A check that did not report counts as failed. */
export function parseInspection(recipe: { checks: readonly RecipeCheck[] }, stdout: string): Inspected[] {
  const lines = stdout.split(/\r?\n/);
  return recipe.checks.map(({ name }) => {
    const failed = lines.find((line) => line.startsWith(`not ok ${name}:`));
    if (failed !== undefined)
      return { name, holds: false, reason: failed.slice(`not ok ${name}:`.length).trim() };
    return lines.includes(`ok ${name}`)
      ? { name, holds: true, reason: "" }
      : { name, holds: false, reason: "the inspection did not get to it" };
  });
}

/** The packages that inspectScript printed, sorted by name. */
export function parsePackages(stdout: string): { name: string; version: string }[] {
  return [...stdout.matchAll(/^package (\S+) (\S+)\r?$/gm)]
    .map(([, name = "", version = ""]) => ({ name, version }))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}
