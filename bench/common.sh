# What the scripts beside this one share, to be sourced: akkalb in a way that Ctrl-C ends at once.
# Leaves $root, the repository, $scratch, a folder that is removed in the end, and $log, which akkalb's messages go to.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$root/bench/usage.sh"
# A key of an experiment's file.
key() { grep -oE "$1 = [a-z0-9.-]+" "$experiment" | head -1 | sed 's/.* = //'; }
read -ra akkalb <<<"${AKKALB:-}"
[ ${#akkalb[@]} -gt 0 ] || akkalb=("$root/akkalb")
scratch=$(mktemp -d)
log=$scratch/log
trap 'exit 130' INT TERM
trap 'kill $(jobs -p) 2>/dev/null && wait || true; rm -rf "$scratch"' EXIT

# akkalb, which a trap need not wait for. When it fails, its code and the last line that it said are the script's.
lb() {
  local code=0
  "${akkalb[@]}" "$@" 2>>"$log" </dev/null &
  wait $! || code=$?
  [ $code = 0 ] || { grep . "$log" | tail -n 1 >&2; exit $code; }
}
