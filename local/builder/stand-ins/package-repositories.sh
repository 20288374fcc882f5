# shellcheck shell=sh
# pkg's repositories: which there are, whether they can be reached, and what they hold. Sourced by pkg, which sets
# root, chroot, repository_folders (REPOS_DIR) and wanted_repository (-r).
catalogue=${0%/*}/../packages
# The repositories that this call may use, by name.
repositories=

# unreachable HOST: says why a host cannot be reached; fails when it can.
unreachable() {
  if [ -n "$chroot" ] && ! [ -s "$root/etc/resolv.conf" ]; then
    # In a chroot, the resolver reads the chroot's own configuration.
    echo 'Could not resolve hostname'
  elif [ -e "$NIGHTSHIFT_MACHINE/packages-unreachable" ]; then
    echo 'Could not connect to server'
  else
    case $1 in
    127.* | localhost) echo 'Could not connect to server' ;; # nothing listens on a builder's own loopback
    *) return 1 ;;
    esac
  fi
}

# configuration_files: those of REPOS_DIR, in the order in which pkg reads them.
configuration_files() {
  echo "$repository_folders" | tr , '\n' | while read -r folder; do
    # The folders of the chroot count, or else those of the running system.
    if [ -n "$chroot" ]; then folder=$root$folder; else folder=$NIGHTSHIFT_ROOT$folder; fi
    for file in "${folder%/}"/*.conf; do [ ! -f "$file" ] || echo "$file"; done
  done
}

# configured: one line NAME ENABLED URL SIGNATURE KEYS for each repository; later files override earlier ones.
configured() {
  major=${release%%.*} minor=${release#*.} arch=$("${0%/*}/uname" -p)
  configuration_files | while read -r file; do cat "$file"; echo; done |
    sed "s/#.*//; s/\${ABI}/FreeBSD:$major:$arch/g; s/\${VERSION_MAJOR}/$major/g; s/\${VERSION_MINOR}/$minor/g" |
    tr '{,}' '[\n*]' | awk '
      { gsub(/^[ \t]+|[ \t;]+$/, "") }
      /^[A-Za-z0-9_.-]+[ \t]*:?$/ { name = $0; sub(/[ \t]*:?$/, "", name); if (!(name in seen)) { seen[name] = 1; order[++n] = name }; next }
      match($0, /^[a-z_]+[ \t]*[:=][ \t]*/) {
        key = substr($0, 1, RLENGTH); sub(/[ \t]*[:=][ \t]*$/, "", key)
        value = substr($0, RLENGTH + 1); gsub(/"/, "", value)
        set[name, key] = value
      }
      function or(value, otherwise) { return value == "" ? otherwise : value }
      END {
        for (i = 1; i <= n; i++) {
          r = order[i]
          keys = or(set[r, "fingerprints"], set[r, "pubkey"])
          print r, or(set[r, "enabled"], "yes"), or(set[r, "url"], "-"), or(set[r, "signature_type"], "none"), or(keys, "-")
        }
      }'
}

# update_catalogues: fetches the catalogue of each repository that this call may use, and sets repositories.
update_catalogues() {
  release=$(sh "$root/bin/freebsd-version" -u)
  release=${release%%-*}
  base_version=${release}p$patch_level
  chosen=$(configured | while read -r name enabled rest; do
    case $wanted_repository in
    '') case $enabled in yes | true | on) echo "$name $rest" ;; esac ;;
    "$name") case $enabled in yes | true | on) echo "$name $rest" ;; esac ;;
    esac
  done)
  if [ -z "$chosen" ]; then
    if [ -n "$wanted_repository" ]; then fail 1 "No repositories are enabled."; fi
    echo 'No active remote repositories configured.' >&2
    exit 1
  fi
  while read -r name url signature keys; do
    say "Updating $name repository catalogue..."
    fetch_catalogue
    repositories="$repositories $name"
  done <<END
$chosen
END
  say 'All repositories are up to date.'
}

# fetch_catalogue: of the repository name, url, signature, keys.
fetch_catalogue() {
  host=${url#*://}
  host=${host%%[:/]*}
  if why=$(unreachable "$host"); then give_up "An error occurred while fetching package: $why"; fi
  case $url in pkg+http*://* | http*://* | tcp://* | ssh://*) ;; *) give_up "Invalid repository url: $url" ;; esac
  case $signature in
  FINGERPRINTS | fingerprints)
    trusted=no
    for file in "$root$keys"/trusted/*; do [ ! -f "$file" ] || trusted=yes; done
    [ $trusted = yes ] || give_up "Error loading trusted certificates: $keys/trusted: No such file or directory"
    ;;
  PUBKEY | pubkey) [ -f "$root$keys" ] || give_up "can't open file: $keys: No such file or directory" ;;
  esac
  takes 4
  mkdir -p "$database/repos/$name"
  echo "$url" >"$database/repos/$name/meta"
  say "$name repository update completed."
}

give_up() {
  echo "pkg: $1" >&2
  echo "Unable to update repository $name" >&2
  echo 'Error updating repositories!' >&2
  exit 1
}

# provided NAME: whether one of the repositories holds the package. Ports are in all, the base system only in its own.
provided() {
  for repository in $repositories; do
    case $repository:$1 in
    FreeBSD-base:FreeBSD-*) [ ! -e "$database/$1" ] || return 0 ;;
    FreeBSD-base:* | *kmods:*) ;;
    *:*/*) ;;
    *) [ ! -f "$catalogue/$1/manifest" ] || return 0 ;;
    esac
  done
  return 1
}

# version_of NAME: the one in the repositories.
version_of() {
  case $1 in
  FreeBSD-*) echo "$base_version" ;;
  *) sed -n 's/^version //p' "$catalogue/$1/manifest" ;;
  esac
}
