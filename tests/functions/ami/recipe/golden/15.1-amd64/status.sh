#!/bin/sh
set -u
root=${NIGHTSHIFT_ROOT-}
work=$root/var/run/nightshift/base-20261123-0400

main() {
if ! [ -e "$work/pid" ]; then
  echo state absent
  return 0
fi
# In this order: a process that ends between the two looks has left its status by the second.
if kill -0 "$(cat "$work/pid")" 2>/dev/null && ! [ -e "$work/status" ]; then
  echo state running
elif [ -e "$work/status" ]; then
  echo "state finished $(cat "$work/status")"
else
  echo state finished -1
fi
echo "step $(sed -n 's/^==> //p' "$work/log" 2>/dev/null | tail -n 1)"
echo log
tail -n 20 "$work/log" 2>/dev/null || :
}
main "$@" </dev/null
