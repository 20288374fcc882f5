# shellcheck shell=sh
# What every stand-in knows of the machine that it runs on. Sourced, not run.
#
# NIGHTSHIFT_ROOT     what the machine takes for /
# NIGHTSHIFT_MACHINE  folder of what the stand-ins remember:
#   mounts               DEVICE PLACE TYPE OPTIONS, a line each; PLACE as the machine sees it
#   owners               OWNER:GROUP PATH, a line for each chown
#   packages-unreachable when it exists, no package repository can be reached
#   time/                requests for simulated time
#   spiped/              requests for pipes; only on a host
#   condition/           what programs say; only on a host (local/host/answers.ts)

program=${0##*/}
# shellcheck disable=SC2034 # read by those who source this
mounts=$NIGHTSHIFT_MACHINE/mounts

# fail STATUS MESSAGE...: ends the program as err(3) does.
fail() {
  status=$1
  shift
  echo "$program: $*" >&2
  exit "$status"
}

# The patch level that FreeBSD's update servers have, of whatever release.
# shellcheck disable=SC2034
patch_level=3

# need_root STATUS MESSAGE...: fails unless su(1) has been used.
need_root() { [ "$USER" = root ] || fail "$@"; }

# ask FOLDER: asks the machine what comes in on standard input, and prints its answer.
ask() {
  request=$NIGHTSHIFT_MACHINE/$1/$$
  cat >"$request.new"
  mv "$request.new" "$request.ask"
  until [ -e "$request.done" ]; do command -p sleep 0.01; done
  cat "$request.done"
  rm -f "$request.done"
}

# says NAME: prints what the condition of a host makes the program say, and ends it. A machine without one goes on.
says() {
  said=$NIGHTSHIFT_MACHINE/condition/$1
  [ -e "$said" ] || return 0
  takes 4
  cat "$said"
  cat "$said.err" >&2
  exit "$(cat "$said.status")"
}

# takes SECONDS: lets simulated time pass, as much as the real program would take.
takes() {
  # Nobody counts the time where an image is merely looked at, or what is no session's.
  [ -n "${NIGHTSHIFT_TREE-}" ] || return 0
  echo "$NIGHTSHIFT_TREE ${NIGHTSHIFT_DETACHED-no} $1" | ask time
}

# place_of PATH: where the machine sees a path, or what the real system calls a folder of the machine.
place_of() {
  case $1 in
  "$NIGHTSHIFT_ROOT" | "$NIGHTSHIFT_ROOT/") place=/ ;;
  "$NIGHTSHIFT_ROOT"/*) place=${1#"$NIGHTSHIFT_ROOT"} ;;
  *) place=$1 ;;
  esac
  case $place in ?*/) place=${place%/} ;; esac
}
