#!/usr/bin/env bash
# Reads what the gate's and the alerts' tests wrote (.build/gate-samples, .build/alert-samples) with real parsers: JUnit against a schema and with junitparser, JSON against
# docs/schema, Markdown and HTML as GitHub and a browser read them.
#   --offline   pass, saying so, when the parsers are neither installed nor to be had
set -euo pipefail
cd "$(dirname "$0")/.."
samples=.build/gate-samples
venv=.build/venv
if [ ! -d "$samples" ]; then
    echo "There are no samples in $samples: run the tests first (swift test --filter GateTests)." >&2
    exit 66
fi
if ! "$venv/bin/python" -c 'import lxml, jsonschema, junitparser, markdown_it' 2>/dev/null; then
    if ! { python3 -m venv "$venv" && "$venv/bin/pip" install --quiet --disable-pip-version-check --timeout 15 --retries 1 \
        'lxml>=5,<7' 'jsonschema>=4.18,<5' 'junitparser>=3,<6' 'markdown-it-py>=3,<5'; } >.build/venv.log 2>&1; then
        echo "The parsers can't be installed from PyPI (see .build/venv.log); the outputs were not checked." >&2
        [ "${1:-}" = --offline ] && exit 0
        exit 69
    fi
fi
"$venv/bin/python" scripts/check_outputs.py "$samples"

# Alerts, in an environment of their own: their parsers want other versions of what they share with the gate's.
alerts=.build/alert-samples
venv=.build/venv-alerts
if [ ! -d "$alerts" ]; then
    echo "There are no samples in $alerts: run the tests first (swift test --filter AlertingTests)." >&2
    exit 66
fi
if ! "$venv/bin/python" -c 'import cloudevents, prometheus_alert_model, slack_sdk, standardwebhooks' 2>/dev/null; then
    if ! { python3 -m venv "$venv" && "$venv/bin/pip" install --quiet --disable-pip-version-check --timeout 15 --retries 1 \
        'standardwebhooks>=1,<2' 'cloudevents>=1.11,<2' 'slack_sdk>=3.30,<4' 'prometheus-alert-model>=1,<2'; } >.build/venv-alerts.log 2>&1; then
        echo "The alerts' parsers can't be installed from PyPI (see .build/venv-alerts.log); the notices were not checked." >&2
        [ "${1:-}" = --offline ] && exit 0
        exit 69
    fi
fi
exec "$venv/bin/python" scripts/check_alerts.py "$alerts"
