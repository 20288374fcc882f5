import type { ImageSpec } from "#fleet";
import { DNSCACHE } from "./dns-cache.ts";
import { GENERATED, type RecipePart, rootFile } from "./recipe-part.ts";

const NAME = "nightshift_firstboot";
const SCRIPT = `/usr/local/etc/rc.d/${NAME}`;

/** What every host must have of its own, made when it first boots: DNS seed and mail name. */
export function firstBoot({ dnsCache, mailRelay }: ImageSpec): RecipePart {
  const steps = [
    ...(dnsCache === undefined ? [] : [DNS_SEED]),
    ...(mailRelay === undefined ? [] : [mailName(mailRelay.domain)]),
  ];
  if (steps.length === 0) return {};
  return {
    files: [rootFile(SCRIPT, rcScript(steps), "0755")],
    rcSettings: [[`${NAME}_enable`, "YES"]],
    checks: [{ name: "first boot script parses", shell: `parses ${SCRIPT}` }],
  };
}

/** dnscache reads 128 bytes. The same ones on every host would let one host guess what another asks. */
const DNS_SEED = `  if ! [ -s ${DNSCACHE}/seed ]; then
    (umask 077 && dd if=/dev/random of=${DNSCACHE}/seed.new bs=128 count=1 2>/dev/null)
    mv ${DNSCACHE}/seed.new ${DNSCACHE}/seed
  fi`;

/** qmail wants a full name in control/me (qmail-control(5)); EC2's DHCP gives one, other hosts get the domain. */
function mailName(domain: string): string {
  return `  host=$(/bin/hostname)
  host=\${host:-localhost}
  case $host in
  *.*) ;;
  *) host=$host.${domain} ;;
  esac
  echo "$host" >/var/qmail/control/me
  printf '%s\\n' localhost "$host" >/var/qmail/control/locals`;
}

// rc(8) runs what has KEYWORD firstboot while /firstboot exists, and removes that afterwards.
function rcScript(steps: readonly string[]): string {
  return `#!/bin/sh
${GENERATED}
# shellcheck disable=SC1091,SC2034 # rc.subr is FreeBSD's and reads these variables
#
# PROVIDE: ${NAME}
# REQUIRE: FILESYSTEMS NETWORKING
# BEFORE: LOGIN svscan qmailsend
# KEYWORD: firstboot

. /etc/rc.subr

name=${NAME}
rcvar=${NAME}_enable
start_cmd=${NAME}_start
stop_cmd=:

${NAME}_start() {
${steps.join("\n")}
}

load_rc_config $name
: "\${${NAME}_enable:=NO}"
run_rc_command "$1"
`;
}
