#!/usr/bin/env bash
# Staging's job on the reference pair: the rules' table checked, every suite run on both sides, the proof by seeded faults, and the
# gate's verdict over all of them. Results are left in .build/matrices. Needs the release build and python3.
set -euo pipefail
cd "$(dirname "$0")/.."
nightly=${1:-}
countersign=.build/release/countersign
out=.build/matrices
rm -rf "$out"
mkdir -p "$out"

echo "The rules' table against hand-derived cases …"
python3 fixtures/outcomes/check.py

# A row that differs ends a run with a status of its own; the gate at the end gives the verdict over all.
judged() {
    local status=0
    "$@" || status=$?
    [ "$status" -le 4 ] || exit "$status"
}

runs=()
run() { # suite, strength
    echo "Matrix $1, strength $2 …"
    judged "$countersign" matrix run "fixtures/matrices/$1.yaml" --strength "$2" --json "$out/$1.json"
    runs+=("$out/$1.json")
}
if [ "$nightly" = nightly ]; then
    run core all
    run extended 4
    run money 4
else
    run core 2
    run extended 3
    run money 3
fi

echo "Proof by seeded faults …"
judged "$countersign" prove --suite fixtures/matrices/core.yaml@2 --suite fixtures/matrices/extended.yaml@3 \
    --suite fixtures/matrices/money.yaml@3 --json "$out/prove.json"

echo "Gate …"
"$countersign" gate --policy fixtures/gate-bank.yaml "${runs[@]}" "$out/prove.json" --report "$out/report.json" \
    --junit "$out/junit.xml" --markdown "$out/summary.md" --html "$out/report.html"
