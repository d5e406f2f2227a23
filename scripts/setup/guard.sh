#!/bin/sh
# Outlives a `kill -9` of the launcher by the few seconds it takes to end the launcher's children, holding the lock so long.
#
# argument: the lock file. It prints "held", or "busy" and ends.
# standard input: at every change one line "<pids of apps>|<pids of stores>"; its end means that the launcher is gone.

trap '' HUP INT TERM
exec 9>>"$1" || exit 73
if command -v flock >/dev/null 2>&1; then
  flock -n 9
else
  perl -e 'open(my $lock, ">>&=", 9) && flock($lock, 6) or exit 1'
fi || {
  echo busy
  exit 75
}
echo held
exec >/dev/null 2>&1

apps=
stores=
while IFS='|' read -r line_apps line_stores; do
  apps=$line_apps
  stores=$line_stores
done

# send SIGNAL PIDS…
send() {
  signal=$1
  shift
  for pid in "$@"; do kill -s "$signal" "$pid"; done
}

# lives PID: whether it runs; a zombie does not (in a container nobody may collect it)
lives() {
  kill -s 0 "$1" || return 1
  if read -r stat <"/proc/$1/stat"; then
    case $stat in *") Z "*) return 1 ;; esac
  fi
  return 0
}

# wait_for TENTHS PIDS…: until they are gone, at most so many tenths of a second
wait_for() {
  tenths=$1
  shift
  while [ "$tenths" -gt 0 ]; do
    alive=
    for pid in "$@"; do lives "$pid" && alive=yes; done
    [ -z "$alive" ] && return
    sleep 0.1
    tenths=$((tenths - 1))
  done
}

[ -z "$apps$stores" ] && exit 0
send TERM $apps
wait_for 22 $apps
send KILL $apps
# Redis and PostgreSQL both take INT as "end quickly and cleanly", QUIT as "at once".
send INT $stores
wait_for 14 $stores
send QUIT $stores
wait_for 5 $stores
send KILL $stores
