# Servers of the system's packages on free ports, with their data in "$dir"; they end with the script that reads this file.
# shellcheck shell=bash disable=SC2154

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# start_postgres [options of the server …]: leaves $postgres, an address without a schema. Root may not run it: `postgres` does then.
start_postgres() {
    local data=$dir/postgres as=() port
    port=$(free_port)
    mkdir -p "$data"
    if [ "$(id -u)" = 0 ]; then
        chmod 711 "$dir"
        chown postgres "$data"
        as=(setpriv --reuid=postgres --regid=postgres --init-groups)
    fi
    PATH=$(pg_config --bindir):$PATH
    "${as[@]}" initdb -D "$data" -U bank --auth=trust --encoding=UTF8 --no-locale >"$dir/initdb.log" 2>&1 ||
        { tail -n 3 "$dir/initdb.log" >&2; return 1; }
    "${as[@]}" postgres -D "$data" -h 127.0.0.1 -p "$port" -k '' -c max_connections=200 "$@" >"$dir/postgres.log" 2>&1 &
    servers+=($!)
    postgres_pid=$!
    for _ in $(seq 200); do
        grep -q 'ready to accept connections' "$dir/postgres.log" && break
        sleep 0.05
    done
    grep -q 'ready to accept connections' "$dir/postgres.log" || { tail -n 3 "$dir/postgres.log" >&2; return 1; }
    postgres="postgres://bank@127.0.0.1:$port/postgres"
}

# start_redis: leaves $redis, an address.
start_redis() {
    local port
    port=$(free_port)
    redis-server --port "$port" --bind 127.0.0.1 --dir "$dir" --save '' --appendonly no >"$dir/redis.log" 2>&1 &
    servers+=($!)
    for _ in $(seq 200); do
        grep -q 'Ready to accept connections' "$dir/redis.log" && break
        sleep 0.05
    done
    grep -q 'Ready to accept connections' "$dir/redis.log" || { tail -n 3 "$dir/redis.log" >&2; return 1; }
    redis="redis://127.0.0.1:$port"
}

# start_service NAME command …: waits for `listening on http://…`; leaves $url and $service, its process.
start_service() {
    local name=$1
    shift
    "$@" >"$dir/$name.out" 2>"$dir/$name.err" &
    service=$!
    servers+=($service)
    for _ in $(seq 600); do
        url=$(sed -n "s/^\(countersign: \)\{0,1\}listening on //p" "$dir/$name.out" 2>/dev/null | head -n 1)
        [ -n "$url" ] && return 0
        kill -0 "$service" 2>/dev/null || break
        sleep 0.05
    done
    echo "$name did not start: $(tail -n 1 "$dir/$name.err")" >&2
    return 1
}

end_service() {
    kill "$1" 2>/dev/null || true
    wait "$1" 2>/dev/null || true
}

end_servers() {
    local server
    # The database last: what still runs would complain that it is gone.
    for server in $(printf '%s\n' "${servers[@]:-}" | tac); do
        kill "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
    done
}
