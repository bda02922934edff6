#!/usr/bin/env bash
# The data plane's parts by themselves: the tape, the comparison, the rules, the keyed queue, one request through a lane in memory.
#   micro.sh [-r ROUNDS] [-o FILE.json] [REGEXP]
# REGEXP takes some benchmarks only (`compare.*`, `lane/.*`); it has to match a whole name, tags included.
# Every round runs all of them; a figure is the best of the rounds' medians. Ratios are read within a run: absolute times mean little on a
# shared machine. Benchmarks/README.md says what each of them is.
# BUILD_JOBS bounds the compiler's processes. Fails (1) when a benchmark finds its work undone or is missing.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
rounds=5 out=$here/.build/micro.json
usage() { sed -n '3,4s/^# //p' "$0" >&2; exit 64; }
while getopts r:o: option; do
    case $option in
    r) [[ $OPTARG =~ ^[1-9][0-9]*$ ]] || { echo "-r takes a whole number from 1, not \"$OPTARG\"." >&2; exit 64; }; rounds=$OPTARG ;;
    o) out=$OPTARG ;;
    *) usage ;;
    esac
done
shift $((OPTIND - 1))
[ $# -le 1 ] || usage

"$here/scripts/install-tools.sh" libsimdjson-dev
mkdir -p "$here/.build/logs"
log=$here/.build/logs/micro.log
echo "Building Benchmarks in release …"
# The parts are internal; -enable-testing lets the benchmarks name them.
programs=(ComparisonBenchmarks OrderingBenchmarks LaneBenchmarks)
: >"$log"
for program in "${programs[@]}"; do
    if ! (cd "$here/Benchmarks" && swift build -c release -Xswiftc -enable-testing --product "$program" ${BUILD_JOBS:+-j "$BUILD_JOBS"}) \
        >>"$log" 2>&1; then
        tail -n 20 "$log" >&2
        echo "$program does not build; all of it: .build/logs/micro.log" >&2
        exit 70
    fi
done
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
for round in $(seq "$rounds"); do
    echo "Round $round of $rounds …"
    for program in "${programs[@]}"; do
        # Without its plugin, which would need a second build, a benchmark program prints its histograms.
        "$here/Benchmarks/.build/release/$program" --quiet true ${1:+--filter "$1"} >>"$dir/$round" 2>>"$dir/complaints"
    done
done
python3 "$here/scripts/micro_report.py" "$out" "$dir" "$rounds" "${1:+some}" \
    "$(grep -m1 'model name' /proc/cpuinfo | sed 's/.*: //') x $(nproc)"
echo "JSON: $out"
