#!/usr/bin/env bash
# Rows and CPU seconds of three generators on the same models, and what each leaves uncovered by `countersign matrix check`.
#   compare-generators.sh [-t SECONDS] [-s STRENGTHS] [MODEL.pict …]
# Ours; PICT (Microsoft's, from the library in PyPI's pypict); allpairspy (PyPI), with the constraints as its filter function.
# Models are fixtures/matrices/pict/*.pict unless named, strengths 2 3 4, and a run is given 120 s. Nothing is installed outside .build.
set -euo pipefail
seconds=120 strengths="2 3 4"
while getopts t:s: o; do case $o in t) seconds=$OPTARG ;; s) strengths=$OPTARG ;; *) exit 64 ;; esac done
shift $((OPTIND - 1))
here=$(cd "$(dirname "$0")/.." && pwd)
program=${COUNTERSIGN:-$here/.build/release/countersign}
[ -x "$program" ] || { echo "No $program: run make build first." >&2; exit 66; }
peers=$here/.build/generators
python=$peers/venv/bin/python
[ -x "$python" ] || python3 -m venv "$peers/venv"
"$python" -c 'import allpairspy' 2>/dev/null || "$python" -m pip install -q --disable-pip-version-check allpairspy==2.5.1
if ! compgen -G "$peers/pypict/pypict.libs/libpict*.so" >/dev/null; then
    # The wheel is of Python 3.10; its library is called without Python's part, so that any Python will do.
    "$python" -m pip download -q --disable-pip-version-check --no-deps --only-binary=:all: --python-version 3.10 \
        --implementation cp --abi cp310 --platform manylinux2014_x86_64 -d "$peers" pypict==0.3.0
    "$python" -m zipfile -e "$peers"/pypict-0.3.0-*.whl "$peers/pypict"
fi
[ $# -gt 0 ] || set -- "$here"/fixtures/matrices/pict/*.pict
exec "$python" "$here/scripts/compare_generators.py" "$program" "$peers" "$seconds" "$strengths" "$@"
