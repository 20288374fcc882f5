# Shared by the stand-ins. shellcheck shell=sh
# takes SECONDS: lets simulated time pass, as the real program would take it.
takes() {
  ask=$STAND_IN_TIME/$STAND_IN_TREE.$$.ask
  printf '%s' "$1" >"$ask.new"
  mv "$ask.new" "$ask"
  while ! [ -e "${ask%ask}done" ]; do sleep 0.01; done
  rm -f "${ask%ask}done"
}
