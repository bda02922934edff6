#!/usr/bin/env bash
# Builds the two programs as they are shipped: release, default traits.
set -euo pipefail
mkdir -p .build/logs
echo "Building countersign and bank (release; the first build takes some minutes) …"
if ! swift build -c release -Xswiftc -enforce-exclusivity=unchecked --product bank >.build/logs/build.log 2>&1 || ! swift build -c release -Xswiftc -enforce-exclusivity=unchecked --product countersign >>.build/logs/build.log 2>&1; then
    grep -E 'error' .build/logs/build.log | head -20 >&2 || true
    echo "The build failed; all of it: .build/logs/build.log" >&2
    exit 70
fi
