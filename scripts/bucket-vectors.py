#!/usr/bin/env python3
"""Writes fixtures/migration-buckets.json, or with --check says whether it is right.

A key's bucket, in Python: the second statement of what Sources/Migration/Placement/Bucket.swift does.
"""
import hashlib
import hmac
import json
import pathlib
import sys

PATH = pathlib.Path(__file__).resolve().parent.parent / "fixtures" / "migration-buckets.json"


def vector(salt, plan, key):
    digest = hmac.new(salt.encode(), f"v1|{plan}|{key}".encode(), hashlib.sha256).digest()
    bucket = int.from_bytes(digest[:4], "big") * 100_000 >> 32
    # A text, since JSON readers may take a large number for a binary fraction.
    return {"salt": salt, "plan": plan, "key": key, "bucket": bucket, "mark": str(int.from_bytes(digest[4:12], "big"))}


def vectors():
    salts = ["0123456789abcdef", "countersign", "", "소금-소금-소금-소금", "s" * 65]
    plans = ["interest-payout", "p"]
    keys = [f"1000-0000-{n:04}" for n in range(16)] + ["", " ", "계좌-1", "caf\u00e9", "cafe\u0301", "a|b", "k" * 200]
    made = [vector(salt, plan, key) for salt in salts for plan in plans for key in keys]
    return {"algorithm": "(HMAC-SHA256(salt, 'v1|plan|key')[0..<4] big-endian * 100000) >> 32; mark: bytes 4..<12 big-endian",
            "vectors": made}


text = json.dumps(vectors(), ensure_ascii=True, indent=1) + "\n"
if sys.argv[1:] == ["--check"]:
    if PATH.read_text() != text:
        sys.exit(f"{PATH} is not what this script makes; run it without --check and look at the difference")
    print(f"{len(vectors()['vectors'])} vectors are right")
else:
    PATH.write_text(text)
