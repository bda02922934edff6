#!/usr/bin/env bash
# The verifier measured beside its peers, in one run on one machine: cost, latency, trouble, scale.
#   bench.sh [-s SECONDS] [-r ROUNDS] [-c CONNECTIONS] [-o FILE.json] [SECTION …]
# Sections, all of them unless some are named; each says at its top what it measures (scripts/bench/SECTION.sh):
#   peers       CPU per request and rate beside nginx and Envoy
#   latency     what each proxy adds, open loop
#   bad-shadow  what callers notice of a shadow, a webhook receiver or a disk in trouble
#   scale       two lanes, 10 000 idle and 1 000 active callers, one hot key, a million keys
#   large       small requests beside large answers
# Figures are medians over the rounds. Absolute times mean little on a shared machine; ratios within a run are what to read.
# A missed goal does not fail the run; what could not be measured, or a count that is not conserved, does (1).
# COUNTERSIGN, LOADBENCH and ENVOY name other programs than those built or installed here; BENCH_PORT moves the ports (9100 …).
# Everything stays on 127.0.0.1 and under a temporary folder, and ends with the script.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
seconds=4 rounds=3 connections=32 out=
usage() { sed -n '3,9s/^# //p' "$0" >&2; exit 64; }
whole() { [[ $2 =~ ^[1-9][0-9]*$ ]] || { echo "-$1 takes a whole number from 1, not \"$2\"." >&2; exit 64; }; }
while getopts s:r:c:o: option; do
    case $option in
    s) whole s "$OPTARG"; seconds=$OPTARG ;;
    r) whole r "$OPTARG"; rounds=$OPTARG ;;
    c) whole c "$OPTARG"; connections=$OPTARG ;;
    o) out=$OPTARG ;;
    *) usage ;;
    esac
done
shift $((OPTIND - 1))
[ $# -gt 0 ] || set -- peers latency bad-shadow scale large
for section in "$@"; do
    [ -f "$here/scripts/bench/$section.sh" ] && [ "$section" != lib ] || { echo "There is no section \"$section\"." >&2; usage; }
done

"$here/scripts/install-tools.sh" nginx-light wrk curl
countersign=${COUNTERSIGN:-$here/.build/release/countersign}
[ -x "$countersign" ] || { echo "No $countersign: run make build first." >&2; exit 66; }
loadbench=${LOADBENCH:-$here/.build/release/loadbench}
if [ -z "${LOADBENCH:-}" ]; then
    mkdir -p "$here/.build/logs"
    (cd "$here" && swift build -c release -Xswiftc -enforce-exclusivity=unchecked --product loadbench) >"$here/.build/logs/loadbench.log" 2>&1 ||
        { echo "loadbench does not build; all of it: .build/logs/loadbench.log" >&2; exit 70; }
fi
out=${out:-$here/.build/bench.json}

# shellcheck source=bench/lib.sh
. "$here/scripts/bench/lib.sh"
busy=$(cut -d ' ' -f 1 /proc/loadavg)
awk "BEGIN { exit !($busy > 0.5) }" && note "the machine is busy with other things (load average $busy): p99s will be theirs as much as the proxies'."
require_free_ports
find_envoy
start_upstreams
start_nginx_peers
began=$SECONDS
for section in "$@"; do
    echo "${section} …"
    section_began=$SECONDS
    # shellcheck source=/dev/null
    . "$here/scripts/bench/$section.sh"
    echo "  ($((SECONDS - section_began)) s)"
done
python3 "$here/scripts/bench/report.py" "$dir" "$out" \
    machine="$(grep -m1 'model name' /proc/cpuinfo | sed 's/.*: //') x $(nproc)" \
    seconds="$seconds" rounds="$rounds" connections="$connections" took="$((SECONDS - began))" loadAverageBefore="$busy"
echo "JSON: $out"
[ ! -s "$dir/faults" ]
