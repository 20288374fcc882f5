#!/bin/sh
set -eu
root=${NIGHTSHIFT_ROOT-}
umask 077
work=$root/var/run/nightshift/base-20261123-0400

# Renames the new folder to the work folder, unless somebody was faster: then mv fails, or moves it inside.
become_work() {
  mv "$new" "$work" 2>/dev/null || rm -rf "$new"
  inside=$work/${new##*/}
  rm -rf "$inside"
}

main() {
if ! [ -d "$work" ]; then
  mkdir -p "${work%/*}"
  new=$work.new.$$
  rm -rf "$new"
  mkdir -p "$new/secrets"
  cat >"$new/run.sh" <<'END'
#!/bin/sh
set -u
work=$1
echo "$$" >"$work/pid.$$"
if ! ln "$work/pid.$$" "$work/pid" 2>/dev/null; then
  rm -f "$work/pid.$$"
  exit 0
fi
code=0
sh "$work/provision.sh" "$work/secrets" >"$work/log" 2>&1 || code=$?
# What a starter left that was cut off while it wrote: it may hold keys.
rm -rf "$work".new.*
echo "$code" >"$work/status.new"
mv "$work/status.new" "$work/status"
END
  cat >"$new/provision.sh" <<'END_1'
@@ provision.sh @@
END_1
  printf '%s\n' AAcOFRwjKjE4P0ZNVFtiaXB3foWMk5qhqK+2vcTL0tk= | base64 -d >"$new/secrets/"MAIL.key
  printf '%s\n' AQgPFh0kKzI5QEdOVVxjanF4f4aNlJuiqbC3vsXM09o= | base64 -d >"$new/secrets/"PKG.key
  printf '%s\n' AgkQFx4lLDM6QUhPVl1ka3J5gIeOlZyjqrG4v8bN1Ns= | base64 -d >"$new/secrets/"SSH.key
  become_work
fi
if [ -e "$work/pid" ]; then
  echo already-started
  return 0
fi
nohup sh "$work/run.sh" "$work" >/dev/null 2>&1 &
# Wait until it is on its own feet: this shell may be cut off right after it has answered.
tries=0
until [ -e "$work/pid" ]; do
  tries=$((tries + 1))
  [ $tries -lt 200 ] || { echo 'the detached process did not come up' >&2; return 1; }
  sleep 0.05
done
echo started
}
main "$@" </dev/null
