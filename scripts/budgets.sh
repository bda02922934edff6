#!/usr/bin/env bash
# What one request costs the proxy, in instructions and allocations, held against Benchmarks/budgets.json.
#   budgets.sh [-n REQUESTS]
# The proxy runs under valgrind between two stub sides that answer alike but for an ignored member, with the bench's operation (an ordered
# mirrored write): once for N requests, once, as a fresh process, for 2N. The difference over N is the cost of one request, without the
# start. Instructions repeat within 1 %; allocations, which depend on how reads fall together, within 4 % on a busy machine.
# Exit codes: 0 within the budgets, 1 beyond or not all compared, 66 and 69 something is missing.
# COUNTERSIGN and LOADBENCH name other programs than those built here.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
requests=8000
while getopts n: option; do case $option in n) requests=$OPTARG ;; *) exit 64 ;; esac done
[[ $requests =~ ^[1-9][0-9]*$ ]] || { echo "-n takes a whole number from 1, not \"$requests\"." >&2; exit 64; }
countersign=${COUNTERSIGN:-$here/.build/release/countersign}
loadbench=${LOADBENCH:-$here/.build/release/loadbench}
for program in "$countersign" "$loadbench"; do
    [ -x "$program" ] || { echo "No $program: build it first (swift build -c release --product ${program##*/})." >&2; exit 66; }
done
command -v valgrind >/dev/null 2>&1 || { echo "valgrind is missing: scripts/install-tools.sh valgrind installs it." >&2; exit 69; }

dir=$(mktemp -d "${TMPDIR:-/tmp}/countersign-budgets-XXXXXX")
started=()
stop() {
    trap - EXIT INT TERM
    for each in "${started[@]}"; do kill -KILL "$each" 2>/dev/null || true; done
    wait 2>/dev/null || true
    rm -rf "$dir"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

fail() { # status, sentence
    echo "$2" >&2
    exit "$1"
}

# printed FILE PREFIX: waits for a line that begins so and prints the rest of it.
printed() {
    for _ in $(seq 600); do
        line=$(grep -m 1 "^$2" "$1" 2>/dev/null) && echo "${line#"$2"}" && return
        sleep 0.05
    done
    fail 69 "nothing printed \"$2\" within 30 s: $(tail -n 1 "$1")"
}

# valgrind 3.19 gives up on Swift's debug information.
cp "$countersign" "$dir/proxy"
strip -g "$dir/proxy"
for resources in "$(dirname "$countersign")"/*.resources; do [ ! -e "$resources" ] || ln -s "$(realpath "$resources")" "$dir/"; done
cc -shared -fPIC -O1 -o "$dir/sigsuspend.so" "$here/Benchmarks/sigsuspend.c"

side() { # variant; its address is left in $address
    "$loadbench" side --listen 127.0.0.1:0 --variant "$1" >"$dir/side-$1" 2>&1 </dev/null &
    started+=("$!")
    address=$(printed "$dir/side-$1" "listening on ")
}
side LEG
legacy=$address
side CAN
cat >"$dir/proxy.yaml" <<N
listen: 127.0.0.1:0
admin: 127.0.0.1:0
state: $dir/state
sides:
  legacy: { url: "http://$legacy" }
  candidate: { url: "http://$address" }
operations:
  - name: payout
    method: POST
    path: /v1/accounts/{id}/interest-payouts
    mode: mirrored-write
    key: path.id
    order: key
    compare:
      rules:
        - { path: "$.payoutId", ignore: true }
N

# under TOOL REQUESTS [OPTION …]: a fresh proxy under that tool for so many requests; valgrind's words are left in $dir/valgrind.
under() {
    local tool=$1 count=$2
    shift 2
    rm -rf "$dir/state" "$dir/out"
    SWIFT_BACKTRACE=enable=no SWIFT_DETERMINISTIC_HASHING=1 LD_PRELOAD=$dir/sigsuspend.so valgrind --tool="$tool" "$@" \
        --log-file="$dir/valgrind" "$dir/proxy" proxy --config "$dir/proxy.yaml" >"$dir/out" 2>&1 </dev/null &
    local proxy=$!
    started+=("$proxy")
    local target
    target=$(printed "$dir/out" "countersign: listening on http://")
    "$loadbench" exact --target "$target" --requests "$count" --connections 8 --timeout 60 >"$dir/load" 2>&1 ||
        fail 1 "the proxy under $tool did not answer all of $count requests: $(tail -n 1 "$dir/load")"
    # A graceful stop: what is under way is compared first.
    kill -TERM "$proxy"
    wait "$proxy" || fail 1 "the proxy under $tool ended with $?: $(tail -n 1 "$dir/out")"
    # "stopped. 8 000 received · 8 000 compared · 0 mismatches", without the words.
    local counts
    counts=$(grep -m 1 'stopped\.' "$dir/out" | sed 's/·/;/g' | LC_ALL=C tr -cd '0-9;' | cut -d ';' -f 1-3)
    [ "$counts" = "$count;$count;0" ] ||
        fail 1 "the proxy under $tool should have compared all of $count requests: $(grep -m 1 stopped "$dir/out" || tail -n 1 "$dir/out")"
}

instructions() {
    under cachegrind "$1" --cache-sim=no --cachegrind-out-file=/dev/null
    awk '/I +refs:/ { gsub(",", "", $NF); print $NF }' "$dir/valgrind" >"$dir/result"
}

allocations() {
    under memcheck "$1" --leak-check=no --undef-value-errors=no
    awk '/total heap usage:/ { gsub(",", "", $5); print $5 }' "$dir/valgrind" >"$dir/result"
}

# of_one WHAT: the difference between 2N and N requests, over N; left in $cost.
of_one() {
    local once twice
    "$1" "$requests"
    once=$(cat "$dir/result")
    "$1" $((2 * requests))
    twice=$(cat "$dir/result")
    [ -n "$once" ] && [ -n "$twice" ] || fail 69 "valgrind says nothing of ${1}: $(tail -n 1 "$dir/valgrind")"
    cost=$(awk "BEGIN { printf \"%.2f\", ($twice - $once) / $requests }")
}

of_one instructions
instructions_per_request=$cost
of_one allocations
python3 - "$here/Benchmarks/budgets.json" "$instructions_per_request" "$cost" <<'N'
import json
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    budgets = json.load(file)
measured = {"instructionsPerRequest": float(sys.argv[2]), "allocationsPerRequest": float(sys.argv[3])}
beyond = []
for name, words in (("instructionsPerRequest", "instructions"), ("allocationsPerRequest", "allocations")):
    print(f"{measured[name]:g} {words} a request, of {budgets[name]:g} allowed")
    if measured[name] > budgets[name]:
        beyond.append(f"a request costs {measured[name]:g} {words} and the budget (Benchmarks/budgets.json) allows {budgets[name]:g}")
if beyond:
    sys.exit("Over budget: " + "; ".join(beyond) + ".")
N
