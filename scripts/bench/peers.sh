# CPU per request and rate beside the peers, over the same two upstreams, every proxy driven as fast as it answers.
# nginx to one side; nginx `mirror` and Envoy's mirroring (send to both, compare nothing); countersign, which sends an ordered,
# journalled write to both sides in turn and compares the answers: once answers that differ in an ignored member, so that each pair is
# parsed and walked, once answers equal byte for byte, once all requests of one account. cpu is user + system time of the proxy's process
# per answered request.
# shellcheck shell=bash disable=SC2154

proxy_config walk
proxy_config equal port="$second_port" admin="$second_admin" candidate="$candidate_alike"
start_proxy walk
walk=$proxy
start_proxy equal "$second_port"
equal=$proxy

targets=("nginx-one-side $nginx_one_side $nginx_worker" "nginx-mirror $nginx_mirror $nginx_worker")
! start_envoy || targets+=("envoy-mirror $envoy_mirror $envoy_process")
targets+=("countersign $proxy_port $walk" "countersign-equal-bytes $second_port $equal" "countersign-hot-key $proxy_port $walk hot")

for _ in $(seq "$rounds"); do
    for target in "${targets[@]}"; do
        read -r name port process hot <<<"$target"
        before=$(cpu_ticks "$process")
        read -r count rate p50 p99 bad < <(saturate "$port" "$hot")
        after=$(cpu_ticks "$process")
        [ "$count" -gt 0 ] || { fault "$name answered nothing."; continue; }
        [ "$bad" = none ] || fault "$name did not answer all of $count requests well: $bad."
        echo "$name $(calculate "($after - $before) * 1000000 / $ticks_a_second / $count" 1) $rate $p50 $p99" >>"$dir/peers"
    done
done
all_matched countersign "$proxy_admin"
all_matched countersign-equal-bytes "$second_admin"
end "$walk"
end "$equal"

one_side=$(median peers nginx-one-side 2) mirror=$(median peers nginx-mirror 2) of_envoy=
[ -z "$envoy" ] || of_envoy=$(median peers envoy-mirror 2)
for target in "${targets[@]}"; do
    read -r name _ <<<"$target"
    cpu=$(median peers "$name" 2)
    figure peers "$name" cpuMicrosecondsPerRequest "$cpu" requestsPerSecond "$(median peers "$name" 3)" \
        p50Microseconds "$(median peers "$name" 4)" p99Microseconds "$(median peers "$name" 5)" \
        cpuOverNginxMirror "$(calculate "$cpu / $mirror")" cpuOverNginxOneSide "$(calculate "$cpu / $one_side")"
    [ -z "$of_envoy" ] || figure peers "$name" cpuOverEnvoyMirror "$(calculate "$cpu / $of_envoy")"
done
cpu=$(median peers countersign 2)
goal peers "CPU per request, of nginx mirror's" "$(calculate "$cpu / $mirror")" 0.40
[ -z "$of_envoy" ] || goal peers "CPU per request, of Envoy mirroring's" "$(calculate "$cpu / $of_envoy")" 0.35
goal peers "CPU per request, of nginx's to one side" "$(calculate "$cpu / $one_side")" 2.0
