# Small requests beside large answers: an open loop of small ordered writes at a quarter of countersign's saturation, alone and while
# another operation (a read, compared) is answered with JSON documents of 64 KiB and of 512 KiB, about 12 MiB of them a second.
# shellcheck shell=bash disable=SC2154

callers=64
countersign_saturation
rate=$((own_saturation / 4))
statements='  - name: statement
    method: GET
    path: /v1/statements/{id}
    mode: read
    key: path.id
    compare:
      rules:
        - { path: "$.payoutId", ignore: true }'

for round in $(seq "$rounds"); do
    for size in 65536 524288; do
        start_side "$trouble" --variant LEG --behaviour large --bytes $size --only-path /v1/statements
        one=$side
        start_side "$other_trouble" --variant CAN --behaviour large --bytes $size --only-path /v1/statements
        other=$side
        proxy_config large legacy="$trouble" candidate="$other_trouble" operation="$statements"
        rm -rf "$dir/state-large"
        start_proxy large
        name=$((size / 1024))KiB large_rate=$((12 * 1048576 / size))
        for kind in alone beside; do
            if [ $kind = beside ]; then
                start large-load "$loadbench" open --target "127.0.0.1:$proxy_port" --rate $large_rate --seconds $((seconds + 1)) \
                    --warmup 0.5 --connections 8 --method GET --path-template '/v1/statements/%04d' --json
                large_load=$started
            fi
            if load open --target "127.0.0.1:$proxy_port" --rate "$rate" --seconds "$seconds" --warmup 1 --connections $callers; then
                read -r p50 p99 failed < <(loaded latencyMicroseconds.p50 latencyMicroseconds.p99 failed)
                echo "$name-$kind $p50 $p99 $failed" >>"$dir/large"
            fi
        done
        wait "$large_load" || fault "not all $name answers came: $(tail -n 1 "$dir/large-load.log")"
        end "$large_load"
        all_matched "$name" "$proxy_admin"
        end "$proxy"
        end "$one"
        end "$other"
    done
done

for name in 64KiB 512KiB; do
    for kind in alone beside; do
        figure large "small requests, $name answers $kind" p50Microseconds "$(median large "$name-$kind" 2)" \
            p99Microseconds "$(median large "$name-$kind" 3)" unansweredRequests "$(median large "$name-$kind" 4)" requestsPerSecond "$rate"
    done
    # What the large answers do to the others, and not what a busy machine does to all.
    goal large "µs that $name answers add to the p99 of small requests" \
        "$(calculate "$(median large "$name-beside" 3) - $(median large "$name-alone" 3)" 0)" 1000
done
