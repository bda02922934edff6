# Sourced. quietly LOG COMMAND…: runs it with its output in LOG, and says every half minute how far a build is. Its status is the command's.
quietly() {
    local log=$1 seconds=0 pid
    shift
    "$@" >>"$log" 2>&1 &
    pid=$!
    while kill -0 "$pid" 2>/dev/null; do
        sleep 1
        seconds=$((seconds + 1))
        if [ $((seconds % 30)) -eq 0 ]; then
            echo "  … ${seconds} s $(tail -c 2000 "$log" | grep -oE '^\[[0-9]+/[0-9]+\]' | tail -n 1 || true)"
        fi
    done
    wait "$pid"
}
