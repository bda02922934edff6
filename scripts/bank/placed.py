"""Prints the accounts of a fixture file that a proxy places on the candidate: placed.py SALT PER-CENT FILE (docs/migration.md)."""

import hashlib
import hmac
import json
import sys

salt, per_cent, path = sys.argv[1].encode(), int(sys.argv[2]), sys.argv[3]
for line in open(path, encoding="utf-8"):
    key = json.loads(line)["account"]["id"]
    code = hmac.new(salt, b"v1|proxy|" + key.encode(), hashlib.sha256).digest()
    if int.from_bytes(code[:4], "big") * 100_000 >> 32 < per_cent * 1000:
        sys.stdout.write(line)
