#!/usr/bin/env bash
# The legacy core and the payout service on one PostgreSQL, one after the other: the same accounts, the same open-loop load.
#   bench-bank.sh [-a ACCOUNTS] [-s SECONDS] [-r RATE] [-m RATE] [-o FILE.json]
# For each: mean, p50, p99, p99.9 and the longest of payouts in the midnight profile (-m a second on average, 10; its top is twelve times
# that) and at a steady RATE (200, which is more than the legacy core can do), the rate at saturation (the payout service alone and as two
# instances), the time that a payout holds a database connection, DML statements and round trips of one payout, previews a second (the
# payout service's from memory and from Redis), and 64 callers at one account. Then the payout service behind the verifier, for accounts
# that are placed on it, while the legacy core is well, saturated, and stopped.
# `legacy, talk` emulates the latency of the talk's core and says so; its ratio stands beside the talk's and is no measurement.
# PostgreSQL runs as it is installed: synchronous commits, fsync. Everything is on 127.0.0.1, under a temporary folder, and ends with
# the script. A missed goal does not fail the run; what could not be measured, or books that differ, does (1). BANK and COUNTERSIGN name
# other programs.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
accounts=4000 seconds=20 rate=200 midnight=10 out=
usage() { sed -n '3s/^# *//p' "$0" >&2; exit 64; }
while getopts a:s:r:m:o: option; do
    [[ $option = o || ${OPTARG:-} =~ ^[1-9][0-9]*$ ]] || usage
    case $option in
    a) accounts=$OPTARG ;;
    s) seconds=$OPTARG ;;
    r) rate=$OPTARG ;;
    m) midnight=$OPTARG ;;
    o) out=$OPTARG ;;
    *) usage ;;
    esac
done
"$here/scripts/install-tools.sh" postgresql libpq-dev redis-server libhiredis-dev curl
bank=${BANK:-$here/.build/release/bank}
countersign=${COUNTERSIGN:-$here/.build/release/countersign}
if [ -z "${BANK:-}" ] || [ -z "${COUNTERSIGN:-}" ]; then
    mkdir -p "$here/.build/logs"
    echo "Building bank and countersign with PostgreSQL and Redis (release; the first build takes some minutes) …"
    for product in bank countersign; do
        (cd "$here" && swift build -c release --traits PostgreSQL,Redis --product $product) >"$here/.build/logs/bench-bank.log" 2>&1 ||
            { echo "$product does not build; all of it: .build/logs/bench-bank.log" >&2; exit 70; }
    done
fi
out=${out:-$here/.build/bench-bank.json}
dir=$(mktemp -d /tmp/countersign-bank-bench.XXXXXX)
servers=()
# shellcheck source=bank/servers.sh
. "$here/scripts/bank/servers.sh"
trap 'end_servers; rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM

[ -x "$bank" ] && "$bank" migrate --help >/dev/null 2>&1 ||
    { echo "$bank can't migrate a PostgreSQL: BANK must name one that was built with the trait PostgreSQL." >&2; exit 66; }
echo "PostgreSQL $(pg_config --version | sed 's/PostgreSQL //'), $(grep -m1 'model name' /proc/cpuinfo | sed 's/.*: //') x $(nproc), load average $(cut -d ' ' -f 1 /proc/loadavg)"
start_postgres
start_redis
"$bank" fixtures --count "$accounts" --seed 7 --out "$dir/accounts.jsonl" >/dev/null

metric() { # url, name
    curl -fsS "$1/metrics" | awk -v name="$2" '$1 == name { print $2 }'
}
pool_figures() {
    echo "$(metric "$url" bank_database_held_seconds_total) $(metric "$url" bank_database_round_trips_total) $(metric "$url" bank_database_calls_total)"
}

# drive NAME, options: leaves its report in $dir/NAME.json. $target and $fixture may name others.
drive() {
    local name=$1
    shift
    "$bank" drive --target "${target:-$url}" --fixture "${fixture:-$dir/accounts.jsonl}" --json "$dir/$name.json" --timeout 60s "$@" \
        >"$dir/$name.drive" 2>&1 || { tail -n 2 "$dir/$name.drive" >&2; return 1; }
}
# A business day passes each second, so that an account's next payout is due by the time its turn comes again.
payouts=(--mix payouts=1 --days-per-minute 60)

# measure NAME PAYOUTS PREVIEWS command …: everything about one service alone. It is offered so many payouts and previews a second to see
# how many it does; all of them have to be answered, so twice of what it can do is enough.
measure() {
    local name=$1 offered_payouts=$2 offered_previews=$3 before
    shift 3
    echo "$name …"
    start_service "$name" "$@"
    drive "$name-warm" --rate 50 --duration 4s "${payouts[@]}" --from 2026-03-02 --connections 32
    before=$(pool_figures)
    drive "$name-midnight" --rate "$midnight" --duration "$((2 * seconds))s" --profile midnight "${payouts[@]}" --from 2026-04-02 --connections 64
    echo "$before $(pool_figures)" >"$dir/$name.held"
    if [[ $name != *talk* ]]; then
        drive "$name-steady" --rate "$rate" --duration "${seconds}s" "${payouts[@]}" --from 2026-07-02 --connections 64
        drive "$name-saturated" --rate "$offered_payouts" --duration 6s "${payouts[@]}" --from 2026-09-02 --connections 64
        drive "$name-previews" --rate "$offered_previews" --duration 4s --mix previews=1 --days-per-minute 0 --from 2026-11-02 --connections 64
        head -n 1 "$dir/accounts.jsonl" >"$dir/one.jsonl"
        fixture=$dir/one.jsonl drive "$name-one" --rate 400 --duration 5s --mix payouts=1,deposits=4 --days-per-minute 60 --from 2026-12-02 --connections 64
    fi
}

for service_name in legacy payout; do "$bank" migrate --service $service_name --store "$postgres" >/dev/null; done
measure legacy 300 1500 "$bank" legacy --store "$postgres" --fixture "$dir/accounts.jsonl"
end_service "$service"
"$bank" migrate --service legacy --store "$postgres?schema=legacy_talk" >/dev/null
measure legacy-talk 0 0 "$bank" legacy --store "$postgres?schema=legacy_talk" --fixture "$dir/accounts.jsonl" --latency talk
end_service "$service"
payout=("$bank" payout --store "$postgres" --fixture "$dir/accounts.jsonl" --without-tax-worker)
measure payout 1600 20000 "${payout[@]}"

echo "payout, two instances …"
first=$url
start_service payout-second "${payout[@]}"
split -n l/2 -d --additional-suffix=.jsonl "$dir/accounts.jsonl" "$dir/half"
target=$first fixture=$dir/half00.jsonl drive payout-two-0 --rate 800 --duration 6s "${payouts[@]}" --from 2027-02-02 --connections 32 &
target=$url fixture=$dir/half01.jsonl drive payout-two-1 --rate 800 --duration 6s "${payouts[@]}" --from 2027-02-02 --connections 32
wait $!
end_service "$service"

echo "payout, previews from Redis …"
start_service payout-redis "${payout[@]}" --cache "$redis?timeout=1000&pool=4"
drive payout-redis-warm --rate 2000 --duration 3s --mix previews=1 --days-per-minute 0 --from 2027-04-02 --connections 64
drive payout-redis-previews --rate 20000 --duration 4s --mix previews=1 --days-per-minute 0 --from 2027-04-02 --connections 64
end_service "$service"

echo "isolation …"
candidate=$first
start_service legacy-isolated "$bank" legacy --store "$postgres?schema=legacy_talk&pool=4" --fixture "$dir/accounts.jsonl" --latency talk
legacy=$url legacy_process=$service
# Half of the keys are the candidate's; the load below asks for those alone.
sed -e "s|http://127.0.0.1:7100|$legacy|; s|http://127.0.0.1:7200|$candidate|; s|^listen:.*|listen: 127.0.0.1:0|; s|^admin:.*|admin: 127.0.0.1:0|" \
    -e "s|^state:.*|state: $dir/countersign|; s|^share:.*|share: 50|" "$here/fixtures/countersign-bank.yaml" >"$dir/countersign.yaml"
python3 "$here/scripts/bank/placed.py" interest-payout 50 "$dir/accounts.jsonl" >"$dir/placed.jsonl"
start_service countersign "$countersign" proxy --config "$dir/countersign.yaml"
isolated() { # name, first day
    target=$url fixture=$dir/placed.jsonl drive "isolation-$1" --rate 100 --duration "${seconds}s" --mix previews=60,payouts=40 --days-per-minute 60 --from "$2" --connections 64
}
isolated warm 2027-05-02
isolated well 2027-06-02
target=$legacy drive isolation-load --rate 400 --duration "$((seconds + 2))s" --mix previews=50,payouts=50 --days-per-minute 60 --from 2027-08-02 --connections 256 || true &
isolated saturated 2027-08-02
wait $!
kill -STOP "$legacy_process"
isolated stopped 2027-10-02
kill -CONT "$legacy_process"

python3 "$here/scripts/bank/bench_report.py" "$dir" "$out" accounts="$accounts" rate="$rate" seconds="$seconds" midnight="$midnight"
echo "JSON: $out"
for service_name in legacy payout; do
    sound=$(PATH=$(pg_config --bindir):$PATH psql -X -A -t -q "$postgres" -c "SELECT journals_unbalanced, debits - credits FROM $service_name.books_totals")
    [ "$sound" = "0|0" ] || { echo "$service_name: the books don't balance (unbalanced journals | debits - credits: $sound)" >&2; exit 1; }
    echo "$service_name: every journal is balanced, and debits are credits"
done
