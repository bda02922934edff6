# What callers notice of trouble that is none of theirs: open loop at a quarter of the rate that saturates countersign; each run with a
# trouble is paired with one just before it whose operation is `mode: never`, so that there is no shadow at all. Every run has a fresh
# proxy with fresh state. p99 / off is the median over the rounds of the two runs' ratio; memory is the peak (VmHWM) above that of `off`.
# Troubles: the shadow healthy (none, to compare with), answering after 2 s, stopped (SIGSTOP), refusing connections, resetting in
# mid-body, never ending its body; every answer differing (evidence of each); the same with a webhook receiver that never answers; the same
# with the state's disk full (a small tmpfs, which needs root). BENCH_TROUBLES names some of them (healthy slow-2s …) to run no others.
# shellcheck shell=bash disable=SC2154

callers=64
countersign_saturation
rate=${BENCH_BAD_SHADOW_RATE:-$((own_saturation / 4))}
# Two runs a trouble and round: a little shorter each.
short=$((seconds > 1 ? seconds - 1 : 1))
note "$rate requests/s due"

start_side "$webhook" --behaviour webhook-dead
receiver=$side

wanted() { [ -z "${BENCH_TROUBLES:-}" ] || [[ " $BENCH_TROUBLES " == *" $1 "* ]]; }

# One run against the proxy of that configuration; leaves $run_p99 and $run_memory. False when there was nothing to measure.
one_run() { # configuration, [command between start and load]
    start_proxy "$1"
    [ -z "${2:-}" ] || "$2"
    if ! load open --target "127.0.0.1:$proxy_port" --rate "$rate" --seconds "$short" --warmup 0.5 --connections $callers --timeout 5; then
        end "$proxy"
        return 1
    fi
    read -r run_unanswered run_p99 < <(loaded failed latencyMicroseconds.p99)
    if ! kill -0 "$proxy" 2>/dev/null; then
        fault "the proxy died ($1): $(tail -n 1 "$dir/$1.log")"
        end "$proxy"
        return 1
    fi
    run_memory=$(memory "$proxy" VmHWM)
    if reading "$proxy_admin"; then
        run_verdicts=$(verdicts)
        run_bounds=$(awk '/^countersign_(bounds_reached|evidence_dropped|webhook_deliveries)/ && $NF > 0 {
            name = match($1, /"[^"]+"/) ? substr($1, RSTART + 1, RLENGTH - 2) : "evidence-dropped"
            printf "%s%s %d", s++ ? ", " : "", name, $NF }' "$dir/metrics")
        conserved "$1"
    else
        fault "the metrics can't be read ($1)."
    fi
    end "$proxy"
    rm -rf "$dir/state-$1"
}

off() {
    proxy_config off mode=never candidate="$trouble"
    one_run off
}

# paired NAME [command between start and load]: an `off` run, then one of NAME.yaml. What the sides need stands already.
paired() {
    local off_p99 off_memory
    wanted "$1" || return 0
    off || return 0
    off_p99=$run_p99 off_memory=$run_memory
    one_run "$@" || return 0
    echo "$1 $run_p99 $off_p99 $(calculate "$run_p99 / $off_p99" 3) $(calculate "$run_memory - $off_memory" 1) $run_unanswered" >>"$dir/bad-shadow"
    figure bad-shadow "$1" verdicts "$run_verdicts" bounds "$run_bounds"
}

with_side() { # name, options of the side
    local name=$1
    shift
    start_side "$trouble" "$@"
    proxy_config "$name" candidate="$trouble"
    paired "$name" ${hindrance:-}
    kill -CONT "$side" 2>/dev/null || true
    end "$side"
}

stop_side() { kill -STOP "$side"; }

# Mounts a small disk for the state; false, with a sentence, where that may not be.
small_disk() {
    disk=$dir/disk
    mkdir -p "$disk"
    mount -t tmpfs -o size=16m countersign-bench "$disk" 2>"$dir/mount.err" || return 1
    mounts+=("$disk")
}

free_disk() {
    umount "$disk"
    mounts=()
}

fill_disk() { dd if=/dev/zero of="$disk/full" bs=64k >/dev/null 2>&1 || true; }

for round in $(seq "$rounds"); do
    with_side healthy --variant CAN
    with_side slow-2s --variant CAN --behaviour slow --delay-ms 2000
    hindrance=stop_side with_side stopped --variant CAN
    proxy_config refusing candidate="$nobody"
    paired refusing
    with_side resetting --variant CAN --behaviour reset
    with_side endless --variant CAN --behaviour endless

    start_side "$trouble" --variant CAN
    proxy_config differing candidate="$trouble" ignore=no
    paired differing
    proxy_config webhook-dead candidate="$trouble" ignore=no webhook="$webhook"
    paired webhook-dead
    if small_disk; then
        proxy_config disk-full candidate="$trouble" ignore=no state="$disk/state"
        paired disk-full fill_disk
        free_disk
    elif [ "$round" = 1 ]; then
        note "disk-full is left out: a tmpfs can't be mounted here ($(tail -n 1 "$dir/mount.err"))."
    fi
    end "$side"
done
end "$receiver"

for name in healthy slow-2s stopped refusing resetting endless differing webhook-dead disk-full; do
    grep -q "^$name " "$dir/bad-shadow" 2>/dev/null || continue
    ratio=$(median bad-shadow "$name" 4) above=$(median bad-shadow "$name" 5)
    figure bad-shadow "$name" p99Microseconds "$(median bad-shadow "$name" 2)" offP99Microseconds "$(median bad-shadow "$name" 3)" \
        p99OverOff "$ratio" memoryAboveOffMiB "$above" unansweredRequests "$(median bad-shadow "$name" 6)"
    goal bad-shadow "$name: callers' p99, of that without a shadow" "$ratio" 1.10
    goal bad-shadow "$name: MiB above a run without a shadow" "$above" 32
done
