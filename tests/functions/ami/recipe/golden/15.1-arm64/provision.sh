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
15.1-*) ;;
*) fail "this builder is of FreeBSD $(freebsd-version), the image of 15.1" ;;
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
put 0644 root:wheel /usr/local/etc/pkg/repos/FreeBSD.conf <<'END'
# Written by nightshift. Change fleet.yml and build a new image instead.
FreeBSD-ports: { enabled: no }
FreeBSD-ports-kmods: { enabled: no }
FreeBSD-base: { enabled: yes }
END
put 0644 root:wheel /usr/local/etc/pkg/repos/cluster.conf <<'END'
# Written by nightshift. Change fleet.yml and build a new image instead.
cluster: {
  url: "http://127.0.0.1:8080/${ABI}",
  mirror_type: "none",
  signature_type: "none",
  enabled: yes
}
END

step patch FreeBSD
pkg -c "$mnt" upgrade -y -r FreeBSD-base

step install packages
put 0644 root:wheel /var/tmp/nightshift-repositories/cluster.conf <<'END'
# Written by nightshift. Change fleet.yml and build a new image instead.
cluster: {
  url: "https://pkg.example.org/${ABI}",
  mirror_type: "none",
  signature_type: "none",
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
put 0644 root:wheel /etc/cron.d/nightshift-updates <<'END'
# Written by nightshift. Change fleet.yml and build a new image instead.
SHELL=/bin/sh
PATH=/etc:/bin:/sbin:/usr/bin:/usr/sbin:/usr/local/bin:/usr/local/sbin
MAILTO=root@example.org
0 5 * * *	root	pkg upgrade -qn -r FreeBSD-base
0 5 * * *	root	pkg upgrade -qn -r cluster
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
  firstboot_pkg_upgrade_enable=NO \
  syslogd_flags=-ss \
  'sshd_flags=-4 -o ListenAddress=127.0.0.1' \
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
