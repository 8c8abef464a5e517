#!/bin/sh
# Runs the built command line with the pinned Node, from wherever this file is linked.
set -eu
self=$0
while [ -L "$self" ]; do
  link=$(readlink "$self")
  case $link in
    /*) self=$link ;;
    *) self=$(dirname "$self")/$link ;;
  esac
done
root=$(cd "$(dirname "$self")" && pwd -P)
main=$root/apps/cli/dist/main.js

if [ ! -f "$main" ]; then
  echo "Run npm start (or npm run build) first." >&2
  exit 1
fi
node=$root/node_modules/.bin/node
[ -x "$node" ] || node=node
# So that what it tells to type next can be typed.
case $0 in ./ws) export WS_CALLED=./ws ;; esac
# A small space for what is young: what streams through lies outside the heap, and it is let go of in many quick
# collections of the young rather than in fewer, dear ones of everything.
exec "$node" --disable-warning=ExperimentalWarning --max-semi-space-size=1 "$main" "$@"
