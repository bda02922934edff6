#!/usr/bin/env bash
# Installs what the build and the tests need and is missing; names it where it cannot.
set -euo pipefail

if ! command -v swift >/dev/null 2>&1; then
    echo "Swift 6.2 or newer is needed and Debian has none: install it from https://www.swift.org/install/ and run this again." >&2
    exit 69
fi

missing=()
need() { # package, test that it is there
    local package=$1
    shift
    "$@" >/dev/null 2>&1 || missing+=("$package")
}
need libcurl4-openssl-dev test -e "$(gcc -print-file-name=libcurl.so 2>/dev/null || echo /nowhere)"
need libsqlite3-dev test -e /usr/include/sqlite3.h
need python3 command -v python3
need python3-venv python3 -c 'import ensurepip'
need ca-certificates test -d /etc/ssl/certs
need openssl command -v openssl
need curl command -v curl
for extra in "$@"; do need "$extra" dpkg -s "$extra"; done

[ ${#missing[@]} -eq 0 ] && exit 0
if ! command -v apt-get >/dev/null 2>&1; then
    echo "Missing: ${missing[*]} (Debian's names). Install them with this system's package manager and run this again." >&2
    exit 69
fi
if [ "$(id -u)" -ne 0 ]; then
    if command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
        sudo=sudo
    else
        echo "Missing packages: ${missing[*]}. Install them as root (apt-get install ${missing[*]}) and run this again." >&2
        exit 69
    fi
fi
echo "Installing ${missing[*]} …"
log=$(mktemp)
if ! { ${sudo:-} apt-get update && DEBIAN_FRONTEND=noninteractive ${sudo:-} apt-get install -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
    tail -n 5 "$log" >&2
    echo "Could not install ${missing[*]}: install them by hand and run this again." >&2
    exit 69
fi
rm -f "$log"
