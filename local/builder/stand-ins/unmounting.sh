# shellcheck shell=sh
# What umount(8) and zfs(8) do alike. Sourced after machine.sh.
mounts=${mounts:?}

is_mounted() {
  while read -r _ other _; do [ "$other" != "$1" ] || return 0; done <"$mounts"
  return 1
}

something_below() {
  while read -r _ other _; do case $other in "${1%/}"/?*) return 0 ;; esac; done <"$mounts"
  return 1
}

# process_inside PLACE: whether a process has its working folder there. Linux tells; elsewhere nobody is inside.
process_inside() {
  [ -d /proc/self/cwd ] || return 1
  folder=$(cd "$NIGHTSHIFT_ROOT$1" && pwd -P) || return 1
  # Processes that end meanwhile, and those of others, are no error.
  # shellcheck disable=SC2012 # names of processes are numbers
  ls -ld /proc/[0-9]*/cwd 2>/dev/null | sed 's,$,/,' | grep -qF " -> $folder/"
}

# unmount PLACE: takes the last mount at the place off the table, and the volume off /mnt.
unmount() {
  line=$(grep -n "^[^ ]* $1 " "$mounts" | tail -n 1)
  sed "${line%%:*}d" "$mounts" >"$mounts.new"
  mv "$mounts.new" "$mounts"
  if [ "$1" = /mnt ] && ! is_mounted /mnt; then
    mv "$NIGHTSHIFT_ROOT/mnt" "$NIGHTSHIFT_MACHINE/disk"
    mkdir "$NIGHTSHIFT_ROOT/mnt"
  fi
}
