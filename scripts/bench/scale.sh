# What more of everything costs: a second lane (CPU per request, as fast as it answers), 10 000 idle and 1 000 active callers (memory of
# the process: VmRSS, and VmHWM), all requests of one account, and a million accounts once each (memory before, at the peak and after, and
# whether the proxy's gauges of keys and of what is under way come back to 0).
# shellcheck shell=bash disable=SC2154

# ---- lanes ----
proxy_config lanes-1
proxy_config lanes-2 lanes=2 port="$second_port" admin="$second_admin"
start_proxy lanes-1
one_lane=$proxy
start_proxy lanes-2 "$second_port"
two_lanes=$proxy
for _ in $(seq "$rounds"); do
    for target in "lanes-1 $proxy_port $one_lane" "lanes-2 $second_port $two_lanes"; do
        read -r name port process <<<"$target"
        before=$(cpu_ticks "$process")
        read -r count rate _ p99 bad < <(saturate "$port")
        after=$(cpu_ticks "$process")
        [ "$count" -gt 0 ] && [ "$bad" = none ] || { fault "$name did not answer all of $count requests well: $bad."; continue; }
        echo "$name $(calculate "($after - $before) * 1000000 / $ticks_a_second / $count" 1) $rate $p99" >>"$dir/lanes"
    done
done
all_matched lanes-1 "$proxy_admin"
all_matched lanes-2 "$second_admin"
end "$one_lane"
end "$two_lanes"
for name in lanes-1 lanes-2; do
    figure scale "$name" cpuMicrosecondsPerRequest "$(median lanes "$name" 2)" requestsPerSecond "$(median lanes "$name" 3)" \
        p99Microseconds "$(median lanes "$name" 4)"
done
goal scale "CPU per request with two lanes, of that with one" "$(calculate "$(median lanes lanes-2 2) / $(median lanes lanes-1 2)")" 1.1

# ---- idle callers ----
proxy_config idle
start_proxy idle
empty=$(memory "$proxy" VmRSS)
start idle-callers "$loadbench" idle --target "127.0.0.1:$proxy_port" --connections 10000 --seconds 120
idle_callers=$started
for _ in $(seq 300); do
    grep -q '^ready' "$dir/idle-callers.log" && break
    kill -0 "$idle_callers" 2>/dev/null || break
    sleep 0.1
done
if grep -q '^ready' "$dir/idle-callers.log"; then
    sleep 1
    reading "$proxy_admin"
    open=$(metric '^countersign_client_connections$')
    [ "$open" -ge 10000 ] || fault "only $open of 10 000 idle callers are connected."
    held=$(memory "$proxy" VmRSS)
    figure scale "10000-idle" memoryBeforeMiB "$empty" memoryMiB "$held" memoryPeakMiB "$(memory "$proxy" VmHWM)"
    goal scale "MiB with 10 000 idle callers" "$held" 150
else
    fault "10 000 idle callers could not be connected: $(tail -n 1 "$dir/idle-callers.log")"
fi
end "$idle_callers"
all_matched 10000-idle "$proxy_admin"
end "$proxy"

# ---- active callers, a hot key ----
countersign_saturation
rate=$((own_saturation / 4))
proxy_config active
start_proxy active
empty=$(memory "$proxy" VmRSS)
if load open --target "127.0.0.1:$proxy_port" --rate "$rate" --seconds "$seconds" --warmup 1 --connections 1000; then
    held=$(memory "$proxy" VmHWM)
    read -r p50 p99 failed < <(loaded latencyMicroseconds.p50 latencyMicroseconds.p99 failed)
    figure scale "1000-active" memoryBeforeMiB "$empty" memoryPeakMiB "$held" p50Microseconds "$p50" p99Microseconds "$p99" \
        requestsPerSecond "$rate" unansweredRequests "$failed"
    goal scale "MiB with 1 000 active callers, at the peak" "$held" 64
fi
all_matched 1000-active "$proxy_admin"
for kind in spread hot; do
    options=(--rate "$rate" --seconds "$seconds" --warmup 1 --connections 64)
    [ $kind = spread ] || options+=(--hot)
    load open --target "127.0.0.1:$proxy_port" "${options[@]}" || continue
    read -r p50 p99 failed < <(loaded latencyMicroseconds.p50 latencyMicroseconds.p99 failed)
    figure scale "$kind-keys" requestsPerSecond "$rate" p50Microseconds "$p50" p99Microseconds "$p99" unansweredRequests "$failed"
done
all_matched hot-key "$proxy_admin"
end "$proxy"

# ---- a million keys ----
keys=${BENCH_KEYS:-1000000}
proxy_config keys
start_proxy keys
empty=$(memory "$proxy" VmRSS)
before=$(cpu_ticks "$proxy")
if load exact --target "127.0.0.1:$proxy_port" --requests "$keys" --keys "$keys" --connections "$connections"; then
    after=$(cpu_ticks "$proxy")
    read -r answered per_second p99 < <(loaded answered answersPerSecond latencyMicroseconds.p99)
    [ "$answered" -eq "$keys" ] || fault "$answered of $keys requests of distinct keys were answered."
    settled "$proxy_admin" || true
    sleep 1
    reading "$proxy_admin"
    left=$(metric '^countersign_(keys_[a-z_]+|in_flight|awaiting_comparison|shadow_backlog|shadow_backlog_bytes|writes_missed)$')
    [ "$left" -eq 0 ] || fault "after $keys keys the proxy's gauges of keys and of what is under way sum up to $left instead of 0."
    figure scale "$keys-keys" memoryBeforeMiB "$empty" memoryPeakMiB "$(memory "$proxy" VmHWM)" memoryMiB "$(memory "$proxy" VmRSS)" \
        cpuMicrosecondsPerRequest "$(calculate "($after - $before) * 1000000 / $ticks_a_second / $keys" 1)" requestsPerSecond "$per_second" \
        p99Microseconds "$p99" gaugesAfter "$left"
fi
all_matched "$keys-keys" "$proxy_admin"
end "$proxy"
