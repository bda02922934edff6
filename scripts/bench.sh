#!/usr/bin/env bash
# The verifier beside nginx, over the same two upstreams, in one run: CPU per request, rate, latency.
#   bench.sh [-s SECONDS] [-r ROUNDS] [-c CONNECTIONS] [-o FILE.json]
# What is compared: nginx proxying to one side; nginx `mirror` (sends to both, compares nothing, awaits the mirror); Envoy's
# request mirroring when ENVOY names its binary; countersign sending an ordered, journalled write to both sides in turn and
# comparing the answers. The two upstreams differ in `payoutId`, which a rule ignores, so bytes are never equal and every
# pair of answers is parsed and walked; a second countersign runs over an upstream that answers alike.
# Figures: medians over the rounds. cpu = user+sys time of the proxy's process, per answered request. Absolute times mean
# little on a shared machine; the ratios in the last columns are what to read.
set -euo pipefail
secs=5 rounds=3 conns=32 out=
while getopts s:r:c:o: o; do case $o in s) secs=$OPTARG ;; r) rounds=$OPTARG ;; c) conns=$OPTARG ;; o) out=$OPTARG ;; *) exit 64 ;; esac done
here=$(cd "$(dirname "$0")/.." && pwd)
"$here/scripts/install-tools.sh" nginx-light wrk curl
program=$here/.build/release/countersign
[ -x "$program" ] || { echo "No $program: run make build first." >&2; exit 66; }
out=${out:-$here/.build/bench.json}

dir=$(mktemp -d)
started=()
stop() {
    for p in "${started[@]}"; do kill "$p" 2>/dev/null || true; done
    wait 2>/dev/null || true
    rm -rf "$dir"
}
trap stop EXIT

body='{"payoutId":"p-LEG","accountId":"1000-0000-0001","businessDate":"2026-03-02","period":{"from":"2026-03-01","to":"2026-03-01","days":1},"grossInterest":5479,"incomeTax":760,"localIncomeTax":70,"netInterest":4649,"balanceAfter":100004649,"heldAmount":0,"currency":"KRW","processedAt":"2026-03-02T09:00:00+09:00"}'
nginx_base() {
    cat <<N
worker_processes 1; daemon off; pid $dir/$1.pid; error_log $dir/$1.err;
events { worker_connections 8192; }
http { access_log off; keepalive_requests 1000000000; keepalive_timeout 600s; client_body_temp_path $dir/$1.b; proxy_temp_path $dir/$1.p; fastcgi_temp_path $dir/$1.f; uwsgi_temp_path $dir/$1.u; scgi_temp_path $dir/$1.s;
N
}
{
    nginx_base up
    for port in 9101 9102 9103; do
        answer=$body
        [ $port = 9102 ] && answer=${body/p-LEG/p-CAN}
        echo "server { listen 127.0.0.1:$port backlog=4096; location / { default_type application/json; return 201 '$answer'; } }"
    done
    echo "}"
} >"$dir/up.conf"
{
    nginx_base peers
    cat <<N
upstream a { server 127.0.0.1:9101; keepalive 512; keepalive_requests 1000000000; }
upstream b { server 127.0.0.1:9102; keepalive 512; keepalive_requests 1000000000; }
server { listen 127.0.0.1:9110 backlog=4096;
  location / { mirror /m; proxy_pass http://a; proxy_http_version 1.1; proxy_set_header Connection ""; }
  location = /m { internal; proxy_pass http://b\$request_uri; proxy_http_version 1.1; proxy_set_header Connection ""; } }
server { listen 127.0.0.1:9111 backlog=4096; location / { proxy_pass http://a; proxy_http_version 1.1; proxy_set_header Connection ""; } } }
N
} >"$dir/peers.conf"
countersign_conf() { # listen port, admin port, candidate port
    cat <<N
listen: 127.0.0.1:$1
admin: 127.0.0.1:$2
state: $dir/state-$1
sides:
  legacy: { url: "http://127.0.0.1:9101" }
  candidate: { url: "http://127.0.0.1:$3" }
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
}
countersign_conf 9130 9131 9102 >"$dir/walk.yaml"
countersign_conf 9140 9141 9103 >"$dir/equal.yaml"
cat >"$dir/envoy.yaml" <<N
static_resources:
  listeners:
  - address: {socket_address: {address: 127.0.0.1, port_value: 9120}}
    filter_chains: [{filters: [{name: envoy.filters.network.http_connection_manager, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager, stat_prefix: x, route_config: {virtual_hosts: [{name: v, domains: ["*"], routes: [{match: {prefix: "/"}, route: {cluster: a, request_mirror_policies: [{cluster: b}]}}]}]}, http_filters: [{name: envoy.filters.http.router, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}]}}]}]
  clusters:
  - {name: a, type: STATIC, circuit_breakers: {thresholds: [{max_connections: 8192, max_pending_requests: 100000, max_requests: 100000}]}, load_assignment: {cluster_name: a, endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: 9101}}}}]}]}}
  - {name: b, type: STATIC, circuit_breakers: {thresholds: [{max_connections: 8192, max_pending_requests: 100000, max_requests: 100000}]}, load_assignment: {cluster_name: b, endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: 9102}}}}]}]}}
N
cat >"$dir/post.lua" <<'N'
wrk.headers["Content-Type"] = "application/json"
local n = 0
request = function()
  n = n + 1
  wrk.headers["Idempotency-Key"] = "k-" .. n
  return wrk.format("POST", string.format("/v1/accounts/1000-0000-%04d/interest-payouts", n % 10000), nil, '{"channel":"MOBILE"}')
end
N

nginx -c "$dir/up.conf" -p "$dir" 2>/dev/null &
started+=($!)
nginx -c "$dir/peers.conf" -p "$dir" 2>/dev/null &
peers=$!
started+=($peers)
targets=()
if [ -n "${ENVOY:-}" ]; then
    "$ENVOY" -c "$dir/envoy.yaml" --concurrency 1 -l off --base-id 77 >"$dir/envoy.log" 2>&1 &
    started+=($!)
    targets+=("envoy-mirror=9120=$!")
fi
for name in walk equal; do
    "$program" proxy --config "$dir/$name.yaml" >"$dir/$name.log" 2>&1 &
    started+=($!)
    [ $name = walk ] && targets+=("countersign=9130=$!") || targets+=("countersign-equal-bytes=9140=$!")
done
sleep 2
worker=$(pgrep -P $peers | head -1)
targets=("nginx-one-side=9111=$worker" "nginx-mirror=9110=$worker" "${targets[@]}")

cpu() { awk '{print $14+$15}' "/proc/$1/stat"; }
for round in $(seq "$rounds"); do
    for target in "${targets[@]}"; do
        IFS== read -r name port pid <<<"$target"
        before=$(cpu "$pid")
        wrk=$(wrk -t1 -c"$conns" -d"${secs}s" --latency -s "$dir/post.lua" "http://127.0.0.1:$port")
        after=$(cpu "$pid")
        awk -v name="$name" -v ticks=$((after - before)) -v out="$wrk" '
          function us(x) { if (x ~ /us$/) return x + 0; if (x ~ /ms$/) return (x + 0) * 1000; return (x + 0) * 1000000 }
          BEGIN { n = split(out, lines, "\n"); bad = 0
            for (i = 1; i <= n; i++) { m = split(lines[i], f, " ")
              if (lines[i] ~ /requests in/) total = f[1]
              if (lines[i] ~ /Non-2xx/) bad = f[m]
              if (f[1] == "50%") p50 = us(f[2]); if (f[1] == "99%") p99 = us(f[2]); if (f[1] == "Requests/sec:") rate = f[2] }
            printf "%s %.1f %.0f %.0f %.0f %d\n", name, ticks * 10000 / total, rate, p50, p99, bad }' >>"$dir/rows"
    done
done

median() { grep "^$1 " "$dir/rows" | awk -v k="$2" '{print $k}' | sort -n | sed -n "$(((rounds + 1) / 2))p"; }
mirror=$(median nginx-mirror 2)
plain=$(median nginx-one-side 2)
printf '%-24s %10s %8s %8s %8s %7s %10s %11s\n' proxy cpu_us/req req/s p50_us p99_us non2xx x_mirror x_one_side
{
    echo '{"machine":"'"$(grep -m1 'model name' /proc/cpuinfo | sed 's/.*: //') x $(nproc)"'","seconds":'"$secs"',"rounds":'"$rounds"',"connections":'"$conns"',"proxies":['
    comma=
    for target in "${targets[@]}"; do
        name=${target%%=*}
        read -r c r p5 p9 b < <(echo "$(median "$name" 2) $(median "$name" 3) $(median "$name" 4) $(median "$name" 5) $(median "$name" 6)")
        xm=$(awk "BEGIN{printf \"%.2f\", $c/$mirror}") xp=$(awk "BEGIN{printf \"%.2f\", $c/$plain}")
        printf '%-24s %10s %8s %8s %8s %7s %10s %11s\n' "$name" "$c" "$r" "$p5" "$p9" "$b" "$xm" "$xp" >&3
        echo "$comma"'{"name":"'"$name"'","cpuMicrosecondsPerRequest":'"$c"',"requestsPerSecond":'"$r"',"p50Microseconds":'"$p5"',"p99Microseconds":'"$p9"',"non2xx":'"$b"',"cpuOverNginxMirror":'"$xm"',"cpuOverNginxOneSide":'"$xp"'}'
        comma=,
    done
    echo ']}'
} 3>&1 >"$out"
for port in 9131 9141; do
    curl -sf "http://127.0.0.1:$port/metrics" | awk -v port=$port '
        /^countersign_verdicts_total/ && $NF > 0 { match($0, /verdict="[a-z-]+"/); v = substr($0, RSTART + 9, RLENGTH - 10); n[v] += $NF }
        END { printf "countersign on %d counted:", port - 1; for (v in n) printf " %d %s", n[v], v; print "" }' || true
done
echo "JSON: $out"
