#!/usr/bin/env bash
# The legacy core and the payout service on one PostgreSQL, one after the other: the same accounts, the same open-loop load.
#   bench-bank.sh [-a ACCOUNTS] [-s SECONDS] [-r RATE] [-o FILE.json]
# For each: mean, p50, p99, p99.9 and the longest of payouts at RATE a second (200, `--profile midnight`), the rate at saturation, the
# time that a payout holds a database connection, DML statements and round trips of one payout, previews a second, and 64 callers at one
# account. `legacy, talk` emulates the latency of the talk's core and says so; its ratio stands beside the talk's and is no measurement.
# PostgreSQL runs as it is installed: synchronous commits, fsync. Everything is on 127.0.0.1, under a temporary folder, and ends with
# the script. A missed goal does not fail the run; what could not be measured, or books that differ, does (1). BANK names another program.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
accounts=4000 seconds=20 rate=200 out=
usage() { sed -n '3s/^# *//p' "$0" >&2; exit 64; }
while getopts a:s:r:o: option; do
    [[ $option = o || ${OPTARG:-} =~ ^[1-9][0-9]*$ ]] || usage
    case $option in
    a) accounts=$OPTARG ;;
    s) seconds=$OPTARG ;;
    r) rate=$OPTARG ;;
    o) out=$OPTARG ;;
    *) usage ;;
    esac
done
"$here/scripts/install-tools.sh" postgresql libpq-dev curl
bank=${BANK:-$here/.build/release/bank}
if [ -z "${BANK:-}" ]; then
    mkdir -p "$here/.build/logs"
    echo "Building bank with PostgreSQL (release; the first build takes some minutes) …"
    (cd "$here" && swift build -c release --traits PostgreSQL --product bank) >"$here/.build/logs/bench-bank.log" 2>&1 ||
        { echo "bank does not build; all of it: .build/logs/bench-bank.log" >&2; exit 70; }
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
"$bank" fixtures --count "$accounts" --seed 7 --out "$dir/accounts.jsonl"

metric() { # url, name
    curl -fsS "$1/metrics" | awk -v name="$2" '$1 == name { print $2 }'
}

# drive NAME, options: leaves its report in $dir/NAME.json.
drive() {
    local name=$1
    shift
    "$bank" drive --target "$url" --fixture "$dir/accounts.jsonl" --json "$dir/$name.json" --timeout 30s "$@" >"$dir/$name.drive" 2>&1 ||
        { tail -n 2 "$dir/$name.drive" >&2; return 1; }
}

# measure NAME command …: everything about one service.
measure() {
    local name=$1 before after
    shift
    echo "$name …"
    start_service "$name" "$@"
    # A business day passes each second, so that an account's next payout is due by the time its turn comes again.
    drive "$name-warm" --rate 100 --duration 3s --mix payouts=1 --days-per-minute 60 --from 2026-03-02 --connections 32
    before="$(metric "$url" bank_database_held_seconds_total) $(metric "$url" bank_database_round_trips_total) $(metric "$url" bank_database_calls_total)"
    drive "$name-paced" --rate "$rate" --duration "${seconds}s" --profile midnight --mix payouts=1 --days-per-minute 60 --from 2026-04-02 --connections 64
    after="$(metric "$url" bank_database_held_seconds_total) $(metric "$url" bank_database_round_trips_total) $(metric "$url" bank_database_calls_total)"
    echo "$before $after" >"$dir/$name.held"
    if [[ $name != *talk* ]]; then
        drive "$name-saturated" --rate 4000 --duration 8s --mix payouts=1 --days-per-minute 60 --from 2026-06-02 --connections 64
        drive "$name-previews" --rate 20000 --duration 5s --mix previews=1 --days-per-minute 0 --from 2026-08-02 --connections 64
        head -n 1 "$dir/accounts.jsonl" >"$dir/one.jsonl"
        "$bank" drive --target "$url" --fixture "$dir/one.jsonl" --json "$dir/$name-one.json" --timeout 30s --rate 400 --duration 5s \
            --mix payouts=1,deposits=4 --days-per-minute 60 --from 2026-09-02 --connections 64 >"$dir/$name-one.drive" 2>&1
    fi
    end_service "$service"
}

for service_name in legacy payout; do "$bank" migrate --service $service_name --store "$postgres" >/dev/null; done
measure legacy "$bank" legacy --store "$postgres" --fixture "$dir/accounts.jsonl"
"$bank" migrate --service legacy --store "$postgres?schema=legacy_talk" >/dev/null
measure legacy-talk "$bank" legacy --store "$postgres?schema=legacy_talk" --fixture "$dir/accounts.jsonl" --latency talk
measure payout "$bank" payout --store "$postgres" --fixture "$dir/accounts.jsonl" --without-tax-worker

python3 "$here/scripts/bank/bench_report.py" "$dir" "$out" accounts="$accounts" rate="$rate" seconds="$seconds"
echo "JSON: $out"
for service_name in legacy payout; do
    sound=$(PATH=$(pg_config --bindir):$PATH psql -X -A -t -q "$postgres" -c "SELECT journals_unbalanced, debits - credits FROM $service_name.books_totals")
    [ "$sound" = "0|0" ] || { echo "$service_name: the books don't balance (unbalanced journals | debits - credits: $sound)" >&2; exit 1; }
    echo "$service_name: every journal is balanced, and debits are credits"
done
