#!/bin/sh
set -u
root=${NIGHTSHIFT_ROOT-}
mnt=$root/mnt
# shellcheck disable=SC2317,SC2329 # all of these are called through check

check() {
  name=$1
  shift
  if why=$("$@" 2>&1); then
    echo "ok $name"
  else
    echo "not ok $name: $(printf '%s' "$why" | tr '\n' ' ')"
  fi
}

mounted() {
  mount -p | while read -r _ place _; do
    if [ "${place#"$root"}" = "/mnt$1" ]; then echo yes; fi
  done | grep -q yes
}

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
    [ -d "$mnt$(readlink "$link")" ] || { echo "${link#"$mnt"} leads nowhere"; return 1; }
  done
}

parses() {
  sh -n "$mnt$1"
}

# setting KEY VALUE: of rc.conf, read as rc(8) does.
setting() {
  # shellcheck source=/dev/null
  value=$(set +u; . "$mnt/etc/rc.conf" && eval "printf %s \"\${$1-}\"") || return 1
  [ "$value" = "$2" ] || { echo "$1 is \"$value\", not \"$2\""; return 1; }
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
    [ -f "$file" ] && sed -n 's/^[[:space:]]*\(FreeBSD[A-Za-z0-9_-]*\)[[:space:]]*:.*/\1/p' "$file"
  done | while read -r tag; do
    grep -q "^$tag:" "$mnt/usr/local/etc/pkg/repos/FreeBSD.conf" || echo "$tag is not decided upon"
  done | { ! grep .; }
}

no_secrets_left() {
  if [ -d "$root/var/run/nightshift" ]; then
    find "$root/var/run/nightshift" -path '*/secrets/*' | { ! grep .; }
  fi
}

main() {
check 'first boot is still to come' there /firstboot
check 'no SSH host keys' none_named 'ssh_host_*key*' /etc/ssh
check 'no authorized keys' none_named 'authorized_keys*' /home /usr/home
check 'no shell history' none_named '.*history' /root /home /usr/home
check 'no host id' absent /etc/hostid
check 'no machine id' absent /etc/machine-id
check 'rc.conf parses' parses /etc/rc.conf
check 'package cache is empty' none_named '*' /var/cache/pkg
check 'packages are complete' packages_complete
check 'build repositories are gone' absent /var/tmp/nightshift-repositories
check 'pipe keys are off the builder' no_secrets_left
check 'devices are not mounted' not_mounted /dev
check 'no other way in for root' none_named 'authorized_keys?*' /root
check 'package pkg' installed pkg
check 'package djbdns' installed djbdns
check 'package qmail' installed qmail
check 'package spiped' installed spiped
check 'package tarsnap' installed tarsnap
check 'rc.conf svscan_enable' setting svscan_enable YES
check 'rc.conf spiped_enable' setting spiped_enable YES
check 'rc.conf qmailsend_enable' setting qmailsend_enable YES
check 'rc.conf sendmail_enable' setting sendmail_enable NO
check 'rc.conf sendmail_submit_enable' setting sendmail_submit_enable NO
check 'rc.conf sendmail_outbound_enable' setting sendmail_outbound_enable NO
check 'rc.conf sendmail_msp_queue_enable' setting sendmail_msp_queue_enable NO
check 'rc.conf firstboot_pkgs_enable' setting firstboot_pkgs_enable NO
check 'rc.conf firstboot_freebsd_update_enable' setting firstboot_freebsd_update_enable NO
check 'rc.conf syslogd_flags' setting syslogd_flags -ss
check 'rc.conf sshd_flags' setting sshd_flags '-4 -o ListenAddress=127.0.0.1 -o PermitRootLogin=forced-commands-only'
check 'rc.conf spiped_pipes' setting spiped_pipes 'MAIL PKG SSH'
check 'rc.conf spiped_pipe_MAIL_mode' setting spiped_pipe_MAIL_mode encrypt
check 'rc.conf spiped_pipe_MAIL_source' setting spiped_pipe_MAIL_source '[127.0.0.1]:8025'
check 'rc.conf spiped_pipe_MAIL_target' setting spiped_pipe_MAIL_target mail.example.org:8025
check 'rc.conf spiped_pipe_MAIL_key' setting spiped_pipe_MAIL_key /usr/local/etc/spiped/MAIL.key
check 'rc.conf spiped_pipe_MAIL_flags' setting spiped_pipe_MAIL_flags -g
check 'rc.conf spiped_pipe_PKG_mode' setting spiped_pipe_PKG_mode encrypt
check 'rc.conf spiped_pipe_PKG_source' setting spiped_pipe_PKG_source '[127.0.0.1]:8080'
check 'rc.conf spiped_pipe_PKG_target' setting spiped_pipe_PKG_target pkg.example.org:8080
check 'rc.conf spiped_pipe_PKG_key' setting spiped_pipe_PKG_key /usr/local/etc/spiped/PKG.key
check 'rc.conf spiped_pipe_PKG_flags' setting spiped_pipe_PKG_flags -g
check 'rc.conf spiped_pipe_SSH_mode' setting spiped_pipe_SSH_mode decrypt
check 'rc.conf spiped_pipe_SSH_source' setting spiped_pipe_SSH_source '[0.0.0.0]:8022'
check 'rc.conf spiped_pipe_SSH_target' setting spiped_pipe_SSH_target '[127.0.0.1]:22'
check 'rc.conf spiped_pipe_SSH_key' setting spiped_pipe_SSH_key /usr/local/etc/spiped/SSH.key
check 'rc.conf spiped_pipe_SSH_flags' setting spiped_pipe_SSH_flags -g
check 'rc.conf nightshift_firstboot_enable' setting nightshift_firstboot_enable YES
check 'folder /usr/local/etc/pkg/fingerprints/cluster/revoked' is_folder /usr/local/etc/pkg/fingerprints/cluster/revoked 0755
check 'folder /var/service' is_folder /var/service 0755
check 'folder /etc/dnscache' is_folder /etc/dnscache 1755
check 'folder /etc/dnscache/log/main' is_folder /etc/dnscache/log/main 0755
check 'folder /usr/local/etc/spiped' is_folder /usr/local/etc/spiped 0700
check 'folder /root/.ssh' is_folder /root/.ssh 0700
check 'file /usr/local/etc/pkg/repos/FreeBSD.conf' same /usr/local/etc/pkg/repos/FreeBSD.conf 0644 '686746246 129'
check 'file /usr/local/etc/pkg/repos/cluster.conf' same /usr/local/etc/pkg/repos/cluster.conf 0644 '243891342 256'
check 'file /usr/local/etc/pkg/fingerprints/cluster/trusted/cluster' same /usr/local/etc/pkg/fingerprints/cluster/trusted/cluster 0644 '1862717992 99'
check 'file /etc/cron.d/nightshift-jobs' same /etc/cron.d/nightshift-jobs 0644 '513620224 213'
check 'file /etc/dnscache/env/CACHESIZE' same /etc/dnscache/env/CACHESIZE 0644 '2427111069 8'
check 'file /etc/dnscache/env/FORWARDONLY' same /etc/dnscache/env/FORWARDONLY 0644 '4219530715 2'
check 'file /etc/dnscache/env/IP' same /etc/dnscache/env/IP 0644 '2361580477 10'
check 'file /etc/dnscache/env/IPSEND' same /etc/dnscache/env/IPSEND 0644 '1025220247 8'
check 'file /etc/dnscache/env/ROOT' same /etc/dnscache/env/ROOT 0644 '3887511872 19'
check 'file /etc/dnscache/root/servers/@' same /etc/dnscache/root/servers/@ 0644 '3753215307 16'
check 'file /etc/dnscache/root/ip/127.0.0.1' same /etc/dnscache/root/ip/127.0.0.1 0600 '4294967295 0'
check 'file /etc/dnscache/run' same /etc/dnscache/run 0755 '2846534348 289'
check 'file /etc/dnscache/log/run' same /etc/dnscache/log/run 0755 '1930748718 80'
check 'file /etc/resolv.conf' same /etc/resolv.conf 0644 '4106892284 94'
check 'file /etc/resolvconf.conf' same /etc/resolvconf.conf 0644 '2071695678 87'
check 'file /etc/mail/mailer.conf' same /etc/mail/mailer.conf 0644 '35265409 245'
check 'file /etc/periodic.conf' same /etc/periodic.conf 0644 '3877905475 210'
check 'file /var/qmail/control/smtproutes' same /var/qmail/control/smtproutes 0644 '2167082696 16'
check 'file /var/qmail/control/defaultdomain' same /var/qmail/control/defaultdomain 0644 '1323860448 12'
check 'file /var/qmail/control/plusdomain' same /var/qmail/control/plusdomain 0644 '1323860448 12'
check 'file /var/qmail/control/locals' same /var/qmail/control/locals 0644 '2977580043 10'
check 'file /var/qmail/alias/.qmail-root' same /var/qmail/alias/.qmail-root 0644 '3913196458 18'
check 'file /var/qmail/alias/.qmail-postmaster' same /var/qmail/alias/.qmail-postmaster 0644 '3913196458 18'
check 'file /var/qmail/alias/.qmail-mailer-daemon' same /var/qmail/alias/.qmail-mailer-daemon 0644 '3913196458 18'
check 'file /usr/local/etc/rc.d/nightshift_firstboot' same /usr/local/etc/rc.d/nightshift_firstboot 0755 '398101938 925'
check 'file /usr/local/libexec/nightshift/updates' same /usr/local/libexec/nightshift/updates 0700 '1407459715 1941'
check 'file /usr/local/libexec/nightshift/pipes' same /usr/local/libexec/nightshift/pipes 0700 '1758425656 8033'
check 'file /root/.ssh/authorized_keys' same /root/.ssh/authorized_keys 0600 '2998146128 383'
check 'file /etc/motd.template' same /etc/motd.template 0644 '3880944412 96'
check 'link /var/service/dnscache' leads /var/service/dnscache /etc/dnscache
check 'official repositories' no_unknown_repository
check 'service svscan' rc_script svscan
check 'service spiped' rc_script spiped
check 'service qmailsend' rc_script qmailsend
check 'DNS seed is not baked in' absent /etc/dnscache/seed
check 'svscan links resolve' links_resolve /var/service
check 'dnscache is there' runs /usr/local/bin/dnscache
check 'mailer is not dma' not_mentioned dma /etc/mail/mailer.conf
check 'no second mailer.conf' absent /usr/local/etc/mail/mailer.conf
check 'mailer is there' runs /var/qmail/bin/sendmail
check 'host name is not baked in' absent /var/qmail/control/me
check 'spiped is there' runs /usr/local/bin/spiped
check 'pipe key MAIL' is_key /usr/local/etc/spiped/MAIL.key
check 'pipe key PKG' is_key /usr/local/etc/spiped/PKG.key
check 'pipe key SSH' is_key /usr/local/etc/spiped/SSH.key
check 'first boot script parses' parses /usr/local/etc/rc.d/nightshift_firstboot
check 'errand /usr/local/libexec/nightshift/updates parses' parses /usr/local/libexec/nightshift/updates
check 'errand /usr/local/libexec/nightshift/pipes parses' parses /usr/local/libexec/nightshift/pipes
pkg -c "$mnt" query '%n %v' | sed 's/^/package /'
}
main "$@" </dev/null
