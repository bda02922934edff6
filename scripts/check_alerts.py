"""Reads notices that the alert tests delivered, with libraries that others wrote. Run by scripts/check-outputs.sh.

generic        standardwebhooks verifies each signature, cloudevents reads the event
               shlex reads its commands, each as one line of curl
slack          slack_sdk reads every block and checks Slack's bounds; shlex reads its commands
alertmanager   prometheus-alert-model reads the body
"""

import html
import json
import pathlib
import re
import shlex
import sys
from unittest import mock

from cloudevents.http import from_http
from prometheus_alert_model import AlertGroup
from slack_sdk.models.blocks import Block, ContextBlock, HeaderBlock, SectionBlock
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

FAULTS = []
COMMANDS = {"generic": 0, "slack": 0}


def fault(path, sentence):
    FAULTS.append(f"{path.name}: {sentence}")


def verified(sample, secret):
    """The samples are older than a receiver's five minutes: the signature alone is looked at."""
    with mock.patch.object(Webhook, "_Webhook__verify_timestamp", lambda self, text: sample_time(text)):
        return Webhook(secret).verify(sample["body"], sample["headers"])


def sample_time(text):
    from datetime import datetime, timezone

    return datetime.fromtimestamp(float(text), tz=timezone.utc)


def signatures(path, sample):
    for secret in sample["secrets"]:
        verified(sample, secret)
    forged = dict(sample, body=sample["body"] + " ")
    for wrong, secret in [(forged, sample["secrets"][0]), (sample, "whsec_" + "A" * 44)]:
        try:
            verified(wrong, secret)
            fault(path, "a body or secret that is not the signed one was taken")
        except WebhookVerificationError:
            pass


def generic(path, sample):
    signatures(path, sample)
    event = from_http(sample["headers"], sample["body"])
    if event["specversion"] != "1.0" or event["id"] != sample["headers"]["webhook-id"]:
        fault(path, "the event's id is not the webhook's")
    body = json.loads(sample["body"])
    if body["timestamp"] != body["time"] or not body["type"]:
        fault(path, "Standard Webhooks' members are not there")
    if event.data != body["data"] or not isinstance(event.data["summary"], str):
        fault(path, "the event's data did not come through")


    for incident in body["data"].get("incidents", []):
        for side in ("legacy", "candidate"):
            command(path, "generic", incident.get("reproduce", {}).get(side))


def command(path, form, line):
    """A line to be pasted: one call of curl with one address, however hostile what it sends is."""
    if line is None:
        return
    COMMANDS[form] += 1
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    lexer.commenters = ""
    words = list(lexer)
    flags, valued = {"-sS", "-g", "--path-as-is", "-I"}, {"-X", "-H", "--data-raw"}
    rest = words[1:]
    while rest and rest[0] in flags | valued:
        rest = rest[2 if rest[0] in valued else 1 :]
    if words[0] != "curl" or len(rest) != 1 or not rest[0].startswith("http://"):
        fault(path, f"a command that does something else: {words}")


def slack(path, sample):
    message = json.loads(sample["body"])
    kinds = {"header": HeaderBlock, "section": SectionBlock, "context": ContextBlock}
    if not 0 < len(message["blocks"]) <= 50 or not message["text"]:
        fault(path, "no text, or a number of blocks that Slack refuses")
    for block in message["blocks"]:
        parsed = Block.parse(block)
        if not isinstance(parsed, kinds[block["type"]]):
            fault(path, f"slack_sdk reads {block['type']} as {type(parsed)}")
        parsed.validate_json()
    for text in texts(message):
        if "<!" in text or "<@" in text or "<http" in text or any(ord(c) < 0x20 and c != "\n" for c in text):
            fault(path, f"a value became markup: {text[:80]!r}")
        for code in re.findall("```(.*?)```", text, re.DOTALL):
            command(path, "slack", html.unescape(code))


def texts(value):
    if isinstance(value, dict):
        if value.get("type") == "mrkdwn":
            yield value["text"]
        for part in value.values():
            yield from texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from texts(part)


def alertmanager(path, sample):
    group = AlertGroup.parse_raw(sample["body"])
    if group.version != "4" or group.status not in {"firing", "resolved"} or not group.alerts:
        fault(path, "no body of version 4")
    for alert in group.alerts:
        if not alert.labels.get("alertname") or any(not isinstance(v, str) for v in alert.labels.values()):
            fault(path, "an alert without a name, or with a label that is no text")
        if alert.status == "resolved" and alert.ends_at < alert.starts_at:
            fault(path, "an alert that ended before it began")
    if any(alert.labels.get(k) != v for alert in group.alerts for k, v in group.common_labels.items()):
        fault(path, "a common label that is not common")


CHECKS = {"generic": generic, "slack": slack, "alertmanager": alertmanager}

paths = sorted(pathlib.Path(sys.argv[1]).glob("*.json"))
for path in paths:
    sample = json.loads(path.read_text())
    try:
        CHECKS[sample["format"]](path, sample)
    except Exception as error:  # a parser's refusal is the finding
        fault(path, f"{type(error).__name__}: {error}")
if len(paths) < 12:
    FAULTS.append(f"there are {len(paths)} notices in {sys.argv[1]}, and there should be twelve at least")
for form, count in COMMANDS.items():
    if count < 8:
        FAULTS.append(f"there are {count} commands in {form} notices, and there should be eight at least")
for sentence in FAULTS:
    print(sentence, file=sys.stderr)
print(f"{len(paths)} notices read by the parsers of others, {len(FAULTS)} faults")
sys.exit(1 if FAULTS else 0)
