# What each proxy adds to a request: open loop, latency from the instant when each was due; added = through the proxy minus straight to the
# upstream, in the same round. At half of the rate that saturates nginx to one side, and at half of the rate that saturates countersign,
# which all of them sustain more easily. A proxy that cannot keep up at a rate shows a p99 of as long as its queue grew.
# shellcheck shell=bash disable=SC2154

callers=64
nginx_saturation
countersign_saturation
proxy_config latency
start_proxy latency
targets=("direct $legacy" "nginx-one-side $nginx_one_side" "nginx-mirror $nginx_mirror")
! start_envoy || targets+=("envoy-mirror $envoy_mirror")
targets+=("countersign $proxy_port")

open_loop() { # label, rate
    local label=$1 rate=$2 target name port
    local failed achieved p50 p99 direct50 direct99
    for _ in $(seq "$rounds"); do
        for target in "${targets[@]}"; do
            read -r name port <<<"$target"
            load open --target "127.0.0.1:$port" --rate "$rate" --seconds "$seconds" --warmup 0.5 --connections $callers --timeout 1 || continue
            read -r failed achieved p50 p99 < <(loaded failed answersPerSecond latencyMicroseconds.p50 latencyMicroseconds.p99)
            if [ "$name" = direct ]; then direct50=$p50 direct99=$p99; fi
            echo "$name $p50 $p99 $(calculate "$p50 - $direct50" 1) $(calculate "$p99 - $direct99" 1) $achieved $failed" \
                >>"$dir/latency-$label"
        done
    done
    for target in "${targets[@]}"; do
        read -r name port <<<"$target"
        figure latency "$label: $name" dueASecond "$rate" requestsPerSecond "$(median "latency-$label" "$name" 6)" \
            p50Microseconds "$(median "latency-$label" "$name" 2)" \
            p99Microseconds "$(median "latency-$label" "$name" 3)" addedP50Microseconds "$(median "latency-$label" "$name" 4)" \
            addedP99Microseconds "$(median "latency-$label" "$name" 5)" unansweredRequests "$(median "latency-$label" "$name" 7)"
    done
}

# added_goal LABEL WORDS: countersign's added p99 over that of nginx to one side. Where nginx seems to add nothing, noise is all there is.
added_goal() {
    local ours theirs ratio=nan
    ours=$(median "latency-$1" countersign 5) theirs=$(median "latency-$1" nginx-one-side 5)
    if awk "BEGIN { exit !($theirs > 0) }"; then
        ratio=$(calculate "$ours / $theirs")
    else
        fault "what proxies add at p99 ($1) is lost in noise: nginx to one side measures $theirs µs; repeat it on a quieter machine."
    fi
    goal latency "added p99, of nginx's to one side, at $2" "$ratio" 1.5
}

note "nginx to one side is saturated at $saturation/s, countersign at $own_saturation/s"
open_loop half-of-nginx $((saturation / 2))
open_loop half-of-countersign $((own_saturation / 2))
all_matched countersign "$proxy_admin"
end "$proxy"
figure latency "saturation" requestsPerSecond "$saturation"
added_goal half-of-nginx "half of nginx's saturation"
added_goal half-of-countersign "half of countersign's saturation"
