#!/usr/bin/env bash
# Builds the two programs as they are shipped: release, default traits.
set -euo pipefail
# shellcheck source=quietly.sh
. "$(dirname "$0")/quietly.sh"
mkdir -p .build/logs
: >.build/logs/build.log
echo "Building countersign and bank (release; the first build takes some minutes) …"
build() { quietly .build/logs/build.log swift build -c release -Xswiftc -enforce-exclusivity=unchecked --product "$1"; }
if ! build bank || ! build countersign; then
    grep -E 'error' .build/logs/build.log | head -20 >&2 || true
    echo "The build failed; all of it: .build/logs/build.log" >&2
    exit 70
fi
