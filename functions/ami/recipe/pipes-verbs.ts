/*
 * The shell of the program `pipes` that is about keys and rc.conf. Every setting of an entry is written before the one
 * write to spiped_pipes that makes it count, and taken away after, so that a reboot at any line starts whole entries.
 */

/** Shell functions, on top of PIPES_PROCESSES. */
export const PIPES_VERBS = `# keep NEW: makes a key file the entry's, by its name, unless that is the same already.
keep() {
  chmod 0400 "$1"
  if cmp -s "$1" "$key"; then rm -f "$1"; return 0; fi
  sync
  mv -f "$1" "$key"
  sync
}

# receive: a key from standard input.
receive() {
  new=$root\${first_key%.key}.new
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
  set -- "mode=$mode" "source=$from" "target=$to" "key=\${key#"$root"}"
  [ -z "$flags" ] || set -- "$@" "flags=$flags"
  for setting; do sysrc -q "spiped_pipe_\${entry}_$setting" >/dev/null; done
}
forget() {
  for setting in mode source target key flags; do sysrc -i -q -x "spiped_pipe_\${entry}_$setting" >/dev/null || :; done
  rm -f "$key" "$notes/$entry" "$root\${first_key%.key}.new"
}

# list OUT IN: takes one entry out of spiped_pipes and one in, by one write. Either may be empty.
list() {
  old=$(sysrc -n spiped_pipes)
  words=
  for word in $old; do
    if [ "$word" != "$1" ] && [ "$word" != "$2" ]; then words="$words $word"; fi
  done
  words="$words $2"
  words=\${words# }
  words=\${words% }
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
  second_port=$(sysrc -n "spiped_pipe_\${entry}_source") || fail 66 'there is no second door'
  second_port=\${second_port##*:}
  second
  pid >/dev/null || start
  copy=$root\${first_key%.key}.new
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
    list "\${pipe}_next" "$entry"
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
  asked=\${SSH_ORIGINAL_COMMAND-}
  case $asked in
  '' | *[!A-Za-z0-9_\\ ]* | *??????????????????????????????????????????????????????????????????????*)
    fail 64 'expected status, add, promote, drop or point, with a pipe'
    ;;
  esac
  set -f
  # shellcheck disable=SC2086 # words are what is wanted
  set -- $asked
  verb=$1 second_port=\${3-}
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
`;
