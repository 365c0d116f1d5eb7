# How the scripts beside this one are used, to be sourced before they start anything: --help prints a script's head comment and ends.
usage() { sed -n '2,${/^#/!q;s/^# \{0,1\}//p}' "$0"; }
wrong() { usage >&2; exit 2; }
fail() { echo "${0##*/}: $1" >&2; exit 2; }
whole() { [[ $2 =~ ^[1-9][0-9]{0,8}$ ]] || fail "$1: expected a whole number of at least 1, found '$2'"; }
[[ ! ${1:-} =~ ^(-h|--help)$ ]] || { usage; exit 0; }
