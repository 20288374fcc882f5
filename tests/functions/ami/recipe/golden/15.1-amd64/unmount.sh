#!/bin/sh
set -u
root=${NIGHTSHIFT_ROOT-}
mounted() {
  mount -p | while read -r _ place _; do
    if [ "${place#"$root"}" = "/mnt$1" ]; then echo yes; fi
  done | grep -q yes
}

main() {
cd /
if mounted /dev; then umount "$root/mnt/dev" || :; fi
sync
if mounted ''; then umount "$root/mnt" || :; fi
sync
mount -p | while read -r _ place _; do
  place=${place#"$root"}
  case $place in
  /mnt | /mnt/*) echo "mounted $place" ;;
  esac
done
echo end
}
main "$@" </dev/null
