#!/usr/bin/env bash
# Lint, one release graph with the traits given, every test, the budgets, then the default traits' build; with SOAK=1 the tests' too.
set -euo pipefail
traits=${1:-}
logs=.build/logs
mkdir -p "$logs"
rm -f "$logs"/build-tests.log "$logs"/build-default.log
# shellcheck source=quietly.sh
. scripts/quietly.sh

echo "Lint …"
swift format lint --strict --recursive Package.swift Sources Tests Benchmarks

echo "Build, release, traits ${traits:-none} …"
if ! quietly "$logs/build-tests.log" swift build -c release --build-tests -Xswiftc -enable-testing ${traits:+--traits "$traits"}; then
    grep -E 'error' "$logs/build-tests.log" | head -20 >&2 || true
    echo "The build failed; all of it: $logs/build-tests.log" >&2
    exit 70
fi

# Building the benchmarks takes minutes; that the sources they link in still are a whole takes a second.
if ! find Benchmarks/Benchmarks/OrderingBenchmarks -name '*.swift' ! -name Benchmarks.swift -print0 |
    xargs -0 swiftc -typecheck -swift-version 6 -I .build/release/Modules \
        -Xcc -fmodule-map-file=.build/checkouts/GRDB.swift/Sources/GRDBSQLite/module.modulemap >"$logs/benchmarks.log" 2>&1; then
    grep error: "$logs/benchmarks.log" | head -5 >&2 || true
    echo "Benchmarks/Benchmarks/OrderingBenchmarks does not fit the sources that it links in; all of it: $logs/benchmarks.log" >&2
    exit 70
fi

echo "Test …"
# One after another: what runs beside a test of processes and sockets would only slow it into its bounds. But those in which programs wait for
# one another, to start, to form a group, do so beside the others, or half of the time would go by with nothing to do. What is measured end to
# end is measured with nothing beside it.
waiting='PayoutServiceTests\.(CrashTests|KafkaTaxWorkerTests|KafkaRelayTests)|KafkaClientTests\.'
whole='EndToEndTests\.'
tests=(.build/release/countersignPackageTests.xctest --testing-library swift-testing --no-parallel)
"${tests[@]}" --filter "$waiting" >"$logs/test-waiting.log" 2>&1 &
beside=$!
# Else a Ctrl-C would leave them running.
trap 'kill $beside 2>/dev/null || true' EXIT
status=0
"${tests[@]}" --skip "$waiting|$whole" >"$logs/test-parts.log" 2>&1 || status=$?
wait $beside || status=$?
trap - EXIT
"${tests[@]}" --filter "$whole" >"$logs/test-whole.log" 2>&1 || status=$?
cat "$logs"/test-{waiting,parts,whole}.log >"$logs/test.log"
# What the end-to-end runs measured.
grep -E '^(20 000 requests|shadow (killed|stopped|reset)|proxy killed|[a-z-]+: [0-9]+ mismatches)' "$logs/test.log" || true
grep -E '^✘|recorded an issue|error:' "$logs/test.log" | grep -v '^◇' | head -60 || true
grep -E '^(✔|✘) Test run with' "$logs/test.log" || true
if [ $status -ne 0 ]; then
    tail -n 15 "$logs"/test-{waiting,parts,whole}.log >&2
    echo "Tests failed; all of it: $logs/test.log" >&2
    exit 1
fi

echo "Budgets: what a request costs the proxy under valgrind …"
scripts/budgets.sh

echo "Outputs of the gate, read by the parsers of others …"
scripts/check-outputs.sh --offline
scripts/check-deploy.sh --offline

scripts/matrices.sh

echo "Build, release, default traits …"
if ! quietly "$logs/build-default.log" swift build -c release ${SOAK:+--build-tests} -Xswiftc -enable-testing; then
    grep -E 'error' "$logs/build-default.log" | head -20 >&2 || true
    echo "The default build failed; all of it: $logs/build-default.log" >&2
    exit 70
fi
grep -E '^(✔|✘) Test run with' "$logs/test.log"
