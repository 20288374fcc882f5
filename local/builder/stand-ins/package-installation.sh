# shellcheck shell=sh
# What pkg does to the packages of a system. Sourced by pkg, after package-repositories.sh.

# installed_version NAME: sets version. It is the first line of the package's file.
installed_version() { read -r _ version <"$database/$1"; }

# installed_names: sets names to those of all installed packages.
installed_names() {
  names=
  for file in "$database"/*; do
    [ ! -f "$file" ] || names="$names ${file##*/}"
  done
}

# outdated: sets plan to the installed packages of which the repositories have another version.
outdated() {
  plan=
  installed_names
  for name in $names; do
    provided "$name" || continue
    installed_version "$name"
    [ "$version" = "$(version_of "$name")" ] || plan="$plan $name"
  done
}

# plan_package NAME: adds it to the plan, behind what it depends on, unless it is there already.
plan_package() {
  case " $plan " in *" $1 "*) return 0 ;; esac
  [ ! -e "$database/$1" ] || return 0
  needs=$(sed -n 's/^depends //p' "$catalogue/$1/manifest")
  for need in $needs; do plan_package "$need"; done
  plan="$plan $1"
}

# install_plan: puts the packages of the plan in place, in that order, which takes some seconds each.
install_plan() {
  # shellcheck disable=SC2086 # names are words
  set -- $plan
  takes $((3 * $#))
  mkdir -p "$cache"
  for name; do install_package "$name"; done
}

# install_package NAME: puts its files in place and registers it. What it needs is there.
install_package() {
  new=$(version_of "$1")
  case $1 in FreeBSD-*) install_base "$1" "$new"; return ;; esac
  programs=
  while read -r word first second rest; do
    case $word in
    group) add_group "$first" "$second" ;;
    user) add_user "$first" "$second" "$rest" ;;
    program) add_program "$1" "$first" ;;
    folder) mkdir -p "$root$first" ;;
    esac
  done <"$catalogue/$1/manifest"
  # shellcheck disable=SC2086 # paths of programs have no spaces
  [ -z "$programs" ] || (cd "$root" && chmod 755 $programs)
  [ ! -d "$catalogue/$1/files" ] || cp -Rp "$catalogue/$1/files/." "$root/"
  : >"$cache/$1-$new.pkg"
  register "$1" "$new" >"$database/.new"
  mv "$database/.new" "$database/$1"
  say "[$1] Installing $1-$new... done"
}

# register NAME VERSION: what the database keeps: dependencies, and a checksum of each file for pkg check -s.
register() {
  echo "version $2"
  sed -n '/^depends /p' "$catalogue/$1/manifest"
  [ ! -d "$catalogue/$1/files" ] || programs="$programs $(cd "$catalogue/$1/files" && find . -type f | sort)"
  # shellcheck disable=SC2086 # as above
  [ -z "$programs" ] || (cd "$root" && cksum $programs | sed 's,^\([0-9]* [0-9]*\) \./,file \1 /,')
}

# A patched part of the base system. Its version shows in freebsd-version(1).
install_base() {
  echo "version $2" >"$database/$1"
  say "[$1] Upgrading $1 to $2... done"
  [ "$1" = FreeBSD-runtime ] || return 0
  sed "s/-RELEASE[^\"]*\"/-RELEASE-p$patch_level\"/" "$root/bin/freebsd-version" >"$root/bin/.new"
  chmod 555 "$root/bin/.new"
  mv -f "$root/bin/.new" "$root/bin/freebsd-version"
}

# Accounts are made by the package's script before it is installed, which writes to /dev/null.
need_devices() {
  [ -z "$chroot" ] && return 0
  place_of "$root"
  grep -q "^devfs ${place%/}/dev " "$mounts" && return 0
  echo "/bin/sh: cannot create /dev/null: Operation not supported" >&2
  echo 'pkg: PRE-INSTALL script failed' >&2
  exit 1
}

add_group() {
  need_devices
  grep -q "^$1:" "$root/etc/group" || {
    echo "Creating group '$1' with gid '$2'"
    "${0%/*}/pw" -R "$root" groupadd "$1" -g "$2" || exit 1
  }
}

# add_user NAME NUMBER "GROUP HOME COMMENT"
add_user() {
  need_devices
  grep -q "^$1:" "$root/etc/passwd" || {
    echo "Creating user '$1' with uid '$2'"
    home=${3#* }
    "${0%/*}/pw" -R "$root" useradd "$1" -u "$2" -g "${3%% *}" -d "${home%% *}" -c "${home#* }" -s /usr/sbin/nologin ||
      exit 1
  }
}

# add_program PACKAGE PATH: a program of the package: its stand-in, or none. Adds it to programs.
add_program() {
  [ -d "$root${2%/*}" ] || mkdir -p "$root${2%/*}"
  {
    echo '#!/bin/sh'
    # shellcheck disable=SC2016 # for the program to expand
    [ ! -x "${0%/*}/${2##*/}" ] || printf 'exec "$NIGHTSHIFT_STAND_INS/%s" "$@"\n' "${2##*/}"
    printf 'echo "%s of the package %s does not run in a rehearsal" >&2\nexit 1\n' "${2##*/}" "$1"
  } >"$root$2"
  programs="$programs .$2"
}

# check_packages: -d reports what a package needs and is not there; pkg exits with 0 even then (src/check.c sets a
# failing status only when it could not try to repair). -s exits with 1 when a file was changed or is gone.
check_packages() {
  say 'Checking all packages: .......... done'
  status=0 found=0
  installed_names
  for name in ${words:-$names}; do
    [ -f "$database/$name" ] || fail 1 "No packages matching: $name"
    while read -r word first second path; do
      case $word in
      depends) [ -z "$dependencies" ] || [ -e "$database/$first" ] || report_missing "$name" "$first" ;;
      file) [ -z "$checksums" ] || verify "$name" "$path" "$first $second" ;;
      esac
    done <"$database/$name"
  done
  if [ $found -gt 0 ] && [ -z "$dry" ]; then
    printf '\n>>> Missing package dependencies were detected.\n'
    printf '>>> Found %s issue(s) in the package database.\n\n' $found
    printf '>>> Summary of actions performed:\n\n'
    printf '\n>>> There are still missing dependencies.\n>>> Try fixing them manually.\n'
  fi
  return $status
}

# report_missing NAME DEPENDENCY
report_missing() {
  found=$((found + 1))
  if [ -n "$quiet" ]; then printf '%s\t%s\n' "$1" "$2"; else echo "$1 has a missing dependency: $2"; fi
}

# verify NAME PATH CHECKSUM
verify() {
  if ! [ -f "$root$2" ] || [ "$(cksum <"$root$2")" != "$3" ]; then
    installed_version "$1"
    echo "$1-$version: checksum mismatch for $2" >&2
    status=1
  fi
}

# query_packages FORMAT [NAME...]: the format knows %n and %v.
query_packages() {
  format=$1
  shift
  installed_names
  # shellcheck disable=SC2086 # names are words
  [ $# -gt 0 ] || set -- $names
  for name; do
    [ -f "$database/$name" ] || continue
    installed_version "$name"
    echo "$name $version"
  done | awk -v format="$format" '{ line = format; gsub(/%n/, $1, line); gsub(/%v/, $2, line); print line }'
}
