#!/bin/sh
set -eu
root=${NIGHTSHIFT_ROOT-}
mnt=$root/mnt
secrets=${1:?folder of the keys}

step() { echo "==> $*"; }
fail() { echo "$*" >&2; exit 1; }

mounted() {
  mount -p | while read -r _ place _; do
    if [ "${place#"$root"}" = "/mnt$1" ]; then echo yes; fi
  done | grep -q yes
}

# Whatever happens, no key stays behind on the builder and no device on the disk.
finish() {
  rm -rf "$secrets"
  if mounted /dev; then umount "$mnt/dev"; fi
}

# put MODE OWNER PATH: a file on the disk, from standard input. A new one, so that no old mode or link survives.
put() {
  [ -d "$mnt${3%/*}" ] || mkdir -p "$mnt${3%/*}"
  if [ -e "$mnt$3" ] || [ -L "$mnt$3" ]; then rm -f "$mnt$3"; fi
  cat >"$mnt$3"
  chown "$2" "$mnt$3"
  chmod "$1" "$mnt$3"
}

# folder MODE OWNER PATH
folder() {
  mkdir -p "$mnt$3"
  chown "$2" "$mnt$3"
  chmod "$1" "$mnt$3"
}

# account NAME NUMBER COMMENT: group and user of a daemon. pw(8) works on the disk's own lists.
account() {
  pw -R "$mnt" groupshow -n "$1" >/dev/null 2>&1 || pw -R "$mnt" groupadd -n "$1" -g "$2"
  pw -R "$mnt" usershow -n "$1" >/dev/null 2>&1 ||
    pw -R "$mnt" useradd -n "$1" -u "$2" -g "$1" -c "$3" -d /nonexistent -s /usr/sbin/nologin
}

# link TARGET PATH
link() {
  mkdir -p "$mnt${2%/*}"
  rm -f "$mnt$2"
  ln -s "$1" "$mnt$2"
}

# key MODE PATH: a pipe's key.
key() {
  from=$secrets/${2##*/}
  [ -f "$from" ] || fail "no key for $2"
  bytes=$(($(wc -c <"$from")))
  [ $bytes -eq 32 ] || fail "the key for $2 has $bytes bytes, not 32"
  rm -f "$mnt$2"
  (umask 077 && cp "$from" "$mnt$2")
  chown root:wheel "$mnt$2"
  chmod "$1" "$mnt$2"
}

main() {
umask 022
trap finish EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

step look at the disk
mounted '' || fail 'nothing is mounted at /mnt'
[ -e "$mnt/firstboot" ] || fail 'the disk has booted before: there is no /firstboot on it'
case $(freebsd-version) in
14.3-*) ;;
*) fail "this builder is of FreeBSD $(freebsd-version), the image of 14.3" ;;
esac

step mount devices
mounted /dev || mount -t devfs devfs "$mnt/dev"
# Names are resolved as on the builder while packages are installed.
if [ -f "$root/etc/resolv.conf" ]; then
  rm -f "$mnt/etc/resolv.conf"
  cp "$root/etc/resolv.conf" "$mnt/etc/resolv.conf"
fi

step prepare the package manager
pkg -N >/dev/null 2>&1 || pkg bootstrap -y
folder 0755 root:wheel /usr/local/etc/pkg/fingerprints/cluster/revoked
put 0644 root:wheel /usr/local/etc/pkg/repos/FreeBSD.conf <<'END'
# Written by nightshift. Change fleet.yml and build a new image instead.
FreeBSD: { enabled: no }
FreeBSD-kmods: { enabled: no }
END
put 0644 root:wheel /usr/local/etc/pkg/repos/cluster.conf <<'END'
# Written by nightshift. Change fleet.yml and build a new image instead.
cluster: {
  url: "http://127.0.0.1:8080/${ABI}",
  mirror_type: "none",
  signature_type: "fingerprints",
  fingerprints: "/usr/local/etc/pkg/fingerprints/cluster",
  enabled: yes
}
END
put 0644 root:wheel /usr/local/etc/pkg/fingerprints/cluster/trusted/cluster <<'END'
function: "sha256"
fingerprint: "abababababababababababababababababababababababababababababababab"
END

step patch FreeBSD
env PAGER=cat freebsd-update -b "$mnt" --currently-running 14.3-RELEASE --not-running-from-cron fetch install

step install packages
put 0644 root:wheel /var/tmp/nightshift-repositories/cluster.conf <<'END'
# Written by nightshift. Change fleet.yml and build a new image instead.
cluster: {
  url: "http://pkg.example.org/${ABI}",
  mirror_type: "none",
  signature_type: "fingerprints",
  fingerprints: "/usr/local/etc/pkg/fingerprints/cluster",
  enabled: yes
}
END
pkg -o REPOS_DIR=/var/tmp/nightshift-repositories -c "$mnt" install -y pkg djbdns qmail spiped tarsnap

step write files
account dnscache 8053 'dnscache daemon'
account dnslog 8054 'dnscache log'
folder 0755 root:wheel /var/service
folder 1755 root:wheel /etc/dnscache
folder 0755 8054:8054 /etc/dnscache/log/main
folder 0700 root:wheel /usr/local/etc/spiped
folder 0700 root:wheel /root/.ssh
put 0644 root:wheel /etc/cron.d/nightshift-jobs <<'END'
# Written by nightshift. Change fleet.yml and build a new image instead.
SHELL=/bin/sh
PATH=/etc:/bin:/sbin:/usr/bin:/usr/sbin:/usr/local/bin:/usr/local/sbin
MAILTO=root@example.org
30 3 * * *	root	tarsnap --fsck
END
put 0644 root:wheel /etc/dnscache/env/CACHESIZE <<'END'
1000000
END
put 0644 root:wheel /etc/dnscache/env/FORWARDONLY <<'END'
1
END
put 0644 root:wheel /etc/dnscache/env/IP <<'END'
127.0.0.1
END
put 0644 root:wheel /etc/dnscache/env/IPSEND <<'END'
0.0.0.0
END
put 0644 root:wheel /etc/dnscache/env/ROOT <<'END'
/etc/dnscache/root
END
put 0644 root:wheel /etc/dnscache/root/servers/@ <<'END'
169.254.169.253
END
put 0600 root:wheel /etc/dnscache/root/ip/127.0.0.1 </dev/null
put 0755 root:wheel /etc/dnscache/run <<'END'
#!/bin/sh
# Random numbers come in on standard input. Until first boot has made the seed this fails, and supervise tries again.
exec 2>&1
exec <./seed
exec /usr/local/bin/envdir ./env /usr/local/bin/envuidgid dnscache \
  /usr/local/bin/softlimit -o 250 -d 3000000 /usr/local/bin/dnscache
END
put 0755 root:wheel /etc/dnscache/log/run <<'END'
#!/bin/sh
exec /usr/local/bin/setuidgid dnslog /usr/local/bin/multilog t ./main
END
put 0644 root:wheel /etc/resolv.conf <<'END'
# Written by nightshift. Change fleet.yml and build a new image instead.
nameserver 127.0.0.1
END
put 0644 root:wheel /etc/resolvconf.conf <<'END'
# Written by nightshift. Change fleet.yml and build a new image instead.
resolvconf=NO
END
put 0644 root:wheel /etc/mail/mailer.conf <<'END'
# Written by nightshift. Change fleet.yml and build a new image instead.
sendmail	/var/qmail/bin/sendmail
send-mail	/var/qmail/bin/sendmail
mailq	/var/qmail/bin/qmail-qread
newaliases	/usr/bin/true
hoststat	/usr/bin/true
purgestat	/usr/bin/true
END
put 0644 root:wheel /etc/periodic.conf <<'END'
# Written by nightshift. Change fleet.yml and build a new image instead.
daily_clean_hoststat_enable="NO"
daily_status_mail_rejects_enable="NO"
daily_status_include_submit_mailq="NO"
daily_submit_queuerun="NO"
END
put 0644 root:wheel /var/qmail/control/smtproutes <<'END'
:127.0.0.1:8025
END
put 0644 root:wheel /var/qmail/control/defaultdomain <<'END'
example.org
END
put 0644 root:wheel /var/qmail/control/plusdomain <<'END'
example.org
END
put 0644 root:wheel /var/qmail/control/locals <<'END'
localhost
END
put 0644 root:wheel /var/qmail/alias/.qmail-root <<'END'
&root@example.org
END
put 0644 root:wheel /var/qmail/alias/.qmail-postmaster <<'END'
&root@example.org
END
put 0644 root:wheel /var/qmail/alias/.qmail-mailer-daemon <<'END'
&root@example.org
END
put 0755 root:wheel /usr/local/etc/rc.d/nightshift_firstboot <<'END'
#!/bin/sh
# Written by nightshift. Change fleet.yml and build a new image instead.
# shellcheck disable=SC1091,SC2034 # rc.subr is FreeBSD's and reads these variables
#
# PROVIDE: nightshift_firstboot
# REQUIRE: FILESYSTEMS NETWORKING
# BEFORE: LOGIN svscan qmailsend
# KEYWORD: firstboot

. /etc/rc.subr

name=nightshift_firstboot
rcvar=nightshift_firstboot_enable
start_cmd=nightshift_firstboot_start
stop_cmd=:

nightshift_firstboot_start() {
  if ! [ -s /etc/dnscache/seed ]; then
    (umask 077 && dd if=/dev/random of=/etc/dnscache/seed.new bs=128 count=1 2>/dev/null)
    mv /etc/dnscache/seed.new /etc/dnscache/seed
  fi
  host=$(/bin/hostname)
  host=${host:-localhost}
  case $host in
  *.*) ;;
  *) host=$host.example.org ;;
  esac
  echo "$host" >/var/qmail/control/me
  printf '%s\n' localhost "$host" >/var/qmail/control/locals
}

load_rc_config $name
: "${nightshift_firstboot_enable:=NO}"
run_rc_command "$1"
END
put 0700 root:wheel /usr/local/libexec/nightshift/updates <<'END'
#!/bin/sh
# Written by nightshift. Change fleet.yml and build a new image instead.
# Looks for updates and reports them. Nothing is installed.
set -u
exec </dev/null
# What sshd gives comes first. It lacks folders of packages, and a client cannot set it.
PATH=${PATH:+$PATH:}/sbin:/bin:/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin
LC_ALL=C
PAGER='cat'
export PATH LC_ALL PAGER
unset ASSUME_ALWAYS_YES # a pkg that is not there yet must not install itself
umask 022
cd /

work=$(mktemp -d "${TMPDIR:-/tmp}/nightshift-updates.XXXXXX") || exit 1
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
    head -c 200001 | tee "$work/$name" >/dev/null || rm -f "$work/$name"
    cat >/dev/null
  }
  status=$(cat "$work/$name.status")
  if [ -z "$status" ] || [ ! -f "$work/$name" ]; then
    echo "section $name 74" # EX_IOERR of sysexits(3)
    echo "|its output could not be kept: is the folder for temporary files full?"
    return
  fi
  echo "section $name $status"
  head -c 200000 "$work/$name" | tr -d '\000' | awk '{ print "|" $0 }'
  if [ "$(wc -c <"$work/$name")" -gt 200000 ]; then echo cut; fi
}

echo "nightshift-updates 1"
section versions 5 freebsd-version -kru
if command -v lockf >/dev/null; then
  section base 125 lockf -k -s -t 10 /var/run/nightshift-updates.lock timeout -k 2 115 freebsd-update --not-running-from-cron fetch
else
  section base 115 freebsd-update --not-running-from-cron fetch
fi
section packages 55 pkg upgrade -qn
section audit 40 pkg audit -Fq --raw=json-compact
echo end
END
put 0700 root:wheel /usr/local/libexec/nightshift/pipes <<'END'
#!/bin/sh
# Written by nightshift. Change fleet.yml and build a new image instead.
set -eu
umask 077
# Unset on FreeBSD. A rehearsal puts the host's file tree into a folder.
root=${NIGHTSHIFT_ROOT-}
run=$root/var/run
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
second() { use "${pipe}_next" "$root${first_key%.key}.next.key" "${second_port:-}"; }
use() {
  entry=$1 key=$2 pidfile=$run/spiped_$1.pid
  from=$source to=$target
  [ -n "$3" ] || return 0
  if [ "$mode" = decrypt ]; then from=${source%:*}:$3; else to=${target%:*}:$3; fi
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
  if [ -f "$key" ]; then { echo 'nightshift pipe key'; cat "$key"; } | sha256 -q | cut -c 1-32; else echo none; fi
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
    spiped "$option" -s "$from" -t "$to" -k "$key" -D -u spiped:spiped -p "$pidfile" $flags \
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

# keep NEW: makes a key file the entry's, by its name, unless that is the same already.
keep() {
  chmod 0400 "$1"
  if cmp -s "$1" "$key"; then rm -f "$1"; return 0; fi
  sync
  mv -f "$1" "$key"
  sync
}

# receive: a key from standard input.
receive() {
  new=$root${first_key%.key}.new
  rm -f "$new"
  head -c 100 | base64 -d >"$new" 2>/dev/null || refuse_key
  [ $(($(wc -c <"$new"))) -eq 32 ] || refuse_key
  keep "$new"
}
refuse_key() {
  rm -f "$new"
  fail 65 'standard input holds no key: 32 bytes in base64'
}

# settings: the entry's, which count once it is listed.
settings() {
  set -- "mode=$mode" "source=$from" "target=$to" "key=${key#"$root"}"
  [ -z "$flags" ] || set -- "$@" "flags=$flags"
  for setting; do sysrc -q "spiped_pipe_${entry}_$setting" >/dev/null; done
}
forget() {
  for setting in mode source target key flags; do sysrc -i -q -x "spiped_pipe_${entry}_$setting" >/dev/null || :; done
  rm -f "$key" "$notes/$entry" "$root${first_key%.key}.new"
}

# list OUT IN: takes one entry out of spiped_pipes and one in, by one write. Either may be empty.
list() {
  old=$(sysrc -n spiped_pipes)
  words=
  for word in $old; do
    if [ "$word" != "$1" ] && [ "$word" != "$2" ]; then words="$words $word"; fi
  done
  words="$words $2"
  words=${words# }
  words=${words% }
  [ "$words" = "$old" ] || sysrc -q "spiped_pipes=$words" >/dev/null
  sync
}

# take LINK: makes a link ours. It holds whose it is, from the moment that it is there. A dead one's is taken away by who has
# LINK.OWNER: of two who saw that it is dead, the slower one would take away what the faster one has made in its place.
take() {
  tries=0
  until ln -s "$$" "$1" 2>/dev/null; do
    set -- "$1" "$(readlink "$1")"
    [ -n "$2" ] || continue
    if ! kill -0 "$2" 2>/dev/null; then
      take "$1.$2"
      [ "$(readlink "$1")" != "$2" ] || rm -f "$1"
      rm -f "$1.$2"
      continue
    fi
    tries=$((tries + 1))
    [ $tries -lt 100 ] || fail 75 'another change is under way'
    sleep 0.1
  done
}

# enter: one at a time.
enter() {
  mkdir -p "$notes"
  take "$notes/lock"
  trap 'rm -f "$notes/lock"' EXIT
  # Whoever asked may be gone before it is done; that is no reason to do half of it.
  trap '' HUP PIPE
}

report() {
  echo 'nightshift-pipes 1'
  first
  say first
  second
  say second
  echo end
}
say() {
  if pid >/dev/null; then state=running; else state=stopped; fi
  echo "$1 $(fingerprint) $state"
}

add() {
  second
  receive
  settings
  list '' "$entry"
  start
}

# Only the first entry's spiped is restarted, and only while the second one lets in: one comes in through that.
promote() {
  second
  second_port=$(sysrc -n "spiped_pipe_${entry}_source") || fail 66 'there is no second door'
  second_port=${second_port##*:}
  second
  pid >/dev/null || start
  copy=$root${first_key%.key}.new
  rm -f "$copy"
  cp "$key" "$copy"
  first
  keep "$copy"
  start
}

drop() {
  first
  pid >/dev/null || start
  second
  list "$entry" ''
  stop
  forget
}

# Both entries take plain connections at the same port, so one has to end before the other starts.
point() {
  if [ "$second_port" = "$port" ]; then
    first
    receive
    list "${pipe}_next" "$entry"
    second
    stop
    first
    start
    second
    forget
  else
    second
    receive
    settings
    list "$pipe" "$entry"
    first
    stop
    second
    start
  fi
}

is_port() {
  case $1 in '' | 0* | *[!0-9]* | ??????*) return 1 ;; esac
  [ "$1" -le 65535 ]
}

main() {
  asked=${SSH_ORIGINAL_COMMAND-}
  case $asked in
  '' | *[!A-Za-z0-9_\ ]* | *??????????????????????????????????????????????????????????????????????*)
    fail 64 'expected status, add, promote, drop or point, with a pipe'
    ;;
  esac
  set -f
  # shellcheck disable=SC2086 # words are what is wanted
  set -- $asked
  verb=$1 second_port=${3-}
  case $verb:$# in
  status:2 | promote:2 | drop:2) ;;
  add:3 | point:3) is_port "$3" || fail 65 'this is no port' ;;
  *) fail 64 'expected status, add, promote, drop or point, with a pipe' ;;
  esac
  describe "$2"
  case $verb:$mode in
  status:* | add:decrypt | promote:decrypt | drop:decrypt | point:encrypt) ;;
  *) fail 65 "not for a pipe of mode $mode" ;;
  esac
  if [ "$verb:$second_port" = "add:$port" ]; then fail 65 'this is the first port'; fi
  enter
  case $verb in
  add | promote | drop | point) "$verb" ;;
  esac
  report
}

# describe PIPE: what the image was built with.
describe() {
  case $1 in
  MAIL)
    pipe=MAIL mode=encrypt option=-e source='[127.0.0.1]:8025' target=mail.example.org:8025 flags=-g port=8025 first_key=/usr/local/etc/spiped/MAIL.key
    ;;
  PKG)
    pipe=PKG mode=encrypt option=-e source='[127.0.0.1]:8080' target=pkg.example.org:8080 flags=-g port=8080 first_key=/usr/local/etc/spiped/PKG.key
    ;;
  SSH)
    pipe=SSH mode=decrypt option=-d source='[0.0.0.0]:8022' target='[127.0.0.1]:22' flags=-g port=8022 first_key=/usr/local/etc/spiped/SSH.key
    ;;
  *) fail 65 "this host's image has no such pipe" ;;
  esac
}

main "$@"
END
put 0600 root:wheel /root/.ssh/authorized_keys <<'END'
# Written by nightshift. Change fleet.yml and build a new image instead.
restrict,command="/usr/local/libexec/nightshift/updates" ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA9su2EEWcX7PCNuDk7nlrBQDrQtDA8UrWB63YrQ7Ta0 nightshift-updates
restrict,command="/usr/local/libexec/nightshift/pipes" ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFwCi2qq6kTiw32WJ3axrs3F53UH/SkvpfsUxLFN5Wbk nightshift-pipes
END
put 0644 root:wheel /etc/motd.template <<'END'
Built by nightshift. Changes made here do not outlive this host: change the fleet file instead.
END
link /etc/dnscache /var/service/dnscache

step set rc.conf
sysrc -R "$mnt" \
  svscan_enable=YES \
  spiped_enable=YES \
  qmailsend_enable=YES \
  sendmail_enable=NO \
  sendmail_submit_enable=NO \
  sendmail_outbound_enable=NO \
  sendmail_msp_queue_enable=NO \
  firstboot_pkgs_enable=NO \
  firstboot_freebsd_update_enable=NO \
  syslogd_flags=-ss \
  'sshd_flags=-4 -o ListenAddress=127.0.0.1 -o PermitRootLogin=forced-commands-only' \
  'spiped_pipes=MAIL PKG SSH' \
  spiped_pipe_MAIL_mode=encrypt \
  'spiped_pipe_MAIL_source=[127.0.0.1]:8025' \
  spiped_pipe_MAIL_target=mail.example.org:8025 \
  spiped_pipe_MAIL_key=/usr/local/etc/spiped/MAIL.key \
  spiped_pipe_MAIL_flags=-g \
  spiped_pipe_PKG_mode=encrypt \
  'spiped_pipe_PKG_source=[127.0.0.1]:8080' \
  spiped_pipe_PKG_target=pkg.example.org:8080 \
  spiped_pipe_PKG_key=/usr/local/etc/spiped/PKG.key \
  spiped_pipe_PKG_flags=-g \
  spiped_pipe_SSH_mode=decrypt \
  'spiped_pipe_SSH_source=[0.0.0.0]:8022' \
  'spiped_pipe_SSH_target=[127.0.0.1]:22' \
  spiped_pipe_SSH_key=/usr/local/etc/spiped/SSH.key \
  spiped_pipe_SSH_flags=-g \
  nightshift_firstboot_enable=YES

step write pipe keys
key 0400 /usr/local/etc/spiped/MAIL.key
key 0400 /usr/local/etc/spiped/PKG.key
key 0400 /usr/local/etc/spiped/SSH.key

step clean up
pkg -c "$mnt" clean -ay
# The catalogues came from the builder's side of the repository; hosts fetch their own.
rm -rf "$mnt/var/tmp/nightshift-repositories" "$mnt/var/db/pkg/repos"
finish
step 'done'
}
main "$@" </dev/null
