/*
 * The shell of the program `pipes` that starts and stops a pipe's processes: its own, NAME, and while its key is rotated
 * NAME_next, with the pid files that rc.d/spiped uses (ports, sysutils/spiped/files/spiped.in).
 *
 * spiped keeps its port until its last connection has ended, but takes no more (1.6, SIGTERM), and one that cannot have
 * its port leaves its pid file behind: so the old process has to be gone before the new one starts.
 */

/** A key's fingerprint is not its SHA-256: that is what spiped uses of a key file, and as good as the key. */
export const FINGERPRINT_PREFIX = "nightshift pipe key";

/** Shell functions; they stand on `pipe`, `mode`, `source`, `target`, `flags`, `port` and `first_key`, which describe() sets. */
export const PIPES_PROCESSES = `run=$root/var/run
notes=$run/nightshift-pipes
# sshd's own PATH has none of what packages install (sshd(8), "LOGIN PROCESS").
PATH=$PATH:/usr/local/sbin:/usr/local/bin

fail() {
  code=$1
  shift
  echo "pipes: $*" >&2
  exit "$code"
}

# first, second: the entry of rc.conf that is meant by what follows.
first() { use "$pipe" "$root$first_key" "$port"; }
second() { use "\${pipe}_next" "$root\${first_key%.key}.next.key" "\${second_port:-}"; }
use() {
  entry=$1 key=$2 pidfile=$run/spiped_$1.pid
  from=$source to=$target
  [ -n "$3" ] || return 0
  if [ "$mode" = decrypt ]; then from=\${source%:*}:$3; else to=\${target%:*}:$3; fi
}

# pid: of the entry's spiped, if it runs.
pid() {
  [ -s "$pidfile" ] || return 1
  found=$(cat "$pidfile")
  case $found in '' | *[!0-9]*) return 1 ;; esac
  # Another program may have the number by now, or nobody has heard of its end yet.
  case $(ps -ww -o state= -o args= -p "$found") in Z*) return 1 ;; *spiped*) echo "$found" ;; *) return 1 ;; esac
}

fingerprint() {
  if [ -f "$key" ]; then { echo '${FINGERPRINT_PREFIX}'; cat "$key"; } | sha256 -q | cut -c 1-32; else echo none; fi
}

# is_current: it runs with the key and the ports that it should have. Known only of what was started here.
is_current() {
  running=$(pid) || return 1
  [ -f "$notes/$entry" ] && [ "$(cat "$notes/$entry")" = "$running $(fingerprint) $from $to" ]
}

# stop: ends the entry's spiped. Connections through it have five seconds.
stop() {
  tries=0
  while running=$(pid); do
    # A second SIGTERM would not wait for connections either.
    case $tries in 0) kill "$running" 2>/dev/null || : ;; 50) kill -9 "$running" 2>/dev/null || : ;; esac
    tries=$((tries + 1))
    [ $tries -lt 100 ] || fail 70 "spiped of $entry does not end"
    sleep 0.1
  done
  rm -f "$pidfile" "$notes/$entry"
}

start() {
  if is_current; then return 0; fi
  [ -f "$key" ] || fail 66 "there is no key for $entry"
  # A full disk takes no pid file and no notes either: then what runs goes on.
  echo "no room" >"$notes/$entry.err"
  stop
  attempts=0
  while :; do
    # shellcheck disable=SC2086 # flags are words
    spiped "$option" -s "$from" -t "$to" -k "$key" -D -u spiped:spiped -p "$pidfile" $flags \\
      </dev/null >/dev/null 2>"$notes/$entry.err" || :
    if stays; then break; fi
    attempts=$((attempts + 1))
    [ $attempts -lt 5 ] || fail 70 "spiped of $entry does not start: $(tail -n 1 "$notes/$entry.err")"
  done
  rm -f "$notes/$entry.err"
  echo "$running $(fingerprint) $from $to" >"$notes/$entry.new"
  mv "$notes/$entry.new" "$notes/$entry"
}

# stays: is the new process still there after a second? One that cannot have its port is not.
stays() {
  looks=0
  while [ $looks -lt 4 ]; do
    sleep 0.25
    running=$(pid) || [ $looks -lt 2 ] || return 1
    looks=$((looks + 1))
  done
  [ -n "$running" ]
}
`;
