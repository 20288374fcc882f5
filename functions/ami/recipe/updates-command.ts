import type { ImageSpec } from "#fleet";
import { upgradedRepository } from "./package-repositories.ts";
import { GENERATED } from "./recipe-part.ts";
import { majorVersion } from "./release.ts";
import { commandLine } from "./shell-text.ts";

/** How long each command may take. With two seconds of grace each, and ten for the lock, the whole ends within 240. */
const SECONDS = { versions: 5, base: 115, packages: 55, audit: 40 };

/** What is kept of a command's output. */
const OUTPUT_BYTES = 200_000;

/**
 * The program that looks for updates on a host, and installs none. root's key for this errand is bound to it: it takes no
 * argument, and reads nothing. Its report has one line a record; what commands print is set off by `|`, so that no output
 * can pass for a record (functions/updates/parsing/report-sections.ts reads it):
 *
 *     nightshift-updates 1
 *     section NAME EXIT-STATUS      of timeout(1): 124 when the command took too long; 74 when its output was lost
 *     |OUTPUT                       standard output and errors
 *     cut                           there was more output
 *     end
 */
export function updatesCommand(image: ImageSpec): string {
  return `#!/bin/sh
${GENERATED}
# Looks for updates and reports them. Nothing is installed.
set -u
exec </dev/null
# What sshd gives comes first. It lacks folders of packages, and a client cannot set it.
PATH=\${PATH:+$PATH:}/sbin:/bin:/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin
LC_ALL=C
PAGER='cat'
export PATH LC_ALL PAGER
unset ASSUME_ALWAYS_YES # a pkg that is not there yet must not install itself
umask 022
cd /

work=$(mktemp -d "\${TMPDIR:-/tmp}/nightshift-updates.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT PIPE TERM

# section NAME SECONDS COMMAND...: runs it and reports what it printed.
section() {
  name=$1
  seconds=$2
  shift 2
  {
    timeout -k 2 "$seconds" "$@" 2>&1
    echo $? >"$work/$name.status"
  } | {
    # One byte more than is kept tells whether there was more. The rest is read, for the command to end by itself. Where
    # there is no room for it, half an output must not pass for all: tee says so, head would not.
    head -c ${OUTPUT_BYTES + 1} | tee "$work/$name" >/dev/null || rm -f "$work/$name"
    cat >/dev/null
  }
  status=$(cat "$work/$name.status")
  if [ -z "$status" ] || [ ! -f "$work/$name" ]; then
    echo "section $name 74" # EX_IOERR of sysexits(3)
    echo "|its output could not be kept: is the folder for temporary files full?"
    return
  fi
  echo "section $name $status"
  head -c ${OUTPUT_BYTES} "$work/$name" | tr -d '\\000' | awk '{ print "|" $0 }'
  if [ "$(wc -c <"$work/$name")" -gt ${OUTPUT_BYTES} ]; then echo cut; fi
}

echo "nightshift-updates 1"
section versions ${SECONDS.versions} freebsd-version -kru
${baseSection(image)}
section packages ${SECONDS.packages} ${packagesUpgrade(image)}
section audit ${SECONDS.audit} pkg audit -Fq --raw=json-compact
echo end
`;
}

/**
 * Where the base system is made of packages, pkg tells; freebsd-update(8) refuses to. Its \`fetch\` downloads, and tells
 * anew each day what it would install; \`updatesready\` would only tell whether something was fetched. Two at once would
 * spoil each other's files (it has no lock of its own), so the second waits and then gives up by status 75 (lockf(1)).
 */
function baseSection({ release }: ImageSpec): string {
  const { base } = SECONDS;
  if (majorVersion(release) >= 15) return `section base ${base} pkg upgrade -qn -r FreeBSD-base`;
  const fetch = "freebsd-update --not-running-from-cron fetch";
  return `if command -v lockf >/dev/null; then
  section base ${base + 10} lockf -k -s -t 10 /var/run/nightshift-updates.lock timeout -k 2 ${base} ${fetch}
else
  section base ${base} ${fetch}
fi`;
}

function packagesUpgrade(image: ImageSpec): string {
  const repository = upgradedRepository(image);
  return commandLine("pkg", "upgrade", "-qn", ...(repository === undefined ? [] : ["-r", repository]));
}
