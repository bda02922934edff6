"""Reads the histograms that the benchmark programs print, writes them as one JSON file and prints them as tables.

micro_report.py OUT FOLDER ROUNDS SOME MACHINE
FOLDER has one file for each round, named 1, 2, ...; SOME is empty when all benchmarks were run, and then all of them must be there.
"""

import json
import os
import re
import sys

DOCUMENTS = ["payout", "statement-4k", "statement-64k"]
CONTENDERS = ["scan", "compare", "compare-reordered", "simdjson", "foundation-parse", "foundation"]
PEERS = [("simdjson", "timeOverSimdjson"), ("foundation-parse", "timeOverFoundationParse"), ("foundation", "timeOverFoundation")]
STYLES = ["plain", "elements", "any-depth"]
RULES = ["rules-walk/none"] + [f"{group}/{style}-{count}" for group in ("rules-walk", "rules-ignore") for style in STYLES for count in (10, 100)]
RULES += [f"rules-walk-many/{style}-{count}" for style in STYLES[1:] for count in (10, 100)]
KEYS = [f"key-order/{name}" for name in ("one-key-alone", "one-key-8-under-way", "10000-keys-one-under-way", "10000-keys-all-under-way")]
PLACEMENT = ["placement/remembered-key", "placement/new-key"]
LANE = [f"lane/{name}" for name in ("read", "read-in-key-order", "mirrored-write-in-key-order")]
ALL = [f"{contender}/{document}" for document in DOCUMENTS for contender in CONTENDERS] + RULES + KEYS + PLACEMENT + LANE


def read(path, found):
    """Adds the median of one call's wall clock, in nanoseconds, to each benchmark's list."""
    name, tags, in_wall_clock = None, {}, False
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            if match := re.match(r"Debug results for (\S+)(?: \((.*)\))?:", line):
                name = match[1]
                tags = dict(tag.split(": ", 1) for tag in (match[2] or "").split(", ") if tag)
            elif line.rstrip().endswith(":"):
                in_wall_clock = line.startswith("Time (wall clock)")
            elif in_wall_clock and (match := re.match(r"\s*([\d.]+)\s+([01]\.\d{12})\s", line)) and float(match[2]) >= 0.5:
                # Of few measurements not every percentile is listed.
                in_wall_clock = False
                entry = found.setdefault(name, {"bytes": int(tags.get("bytes", 0)), "nanoseconds": []})
                entry["nanoseconds"].append(float(match[1]) / int(tags.get("calls", 1)))


def shown(nanoseconds):
    return f"{nanoseconds:,.0f} ns" if nanoseconds < 100_000 else f"{nanoseconds / 1_000:,.0f} µs"


def comparison_tables(found):
    for document in DOCUMENTS:
        rows = [(contender, found.get(f"{contender}/{document}")) for contender in CONTENDERS]
        if not any(entry for _, entry in rows):
            continue
        size = next(entry["bytes"] // (1 if contender == "scan" else 2) for contender, entry in rows if entry)
        title = f"{document}, {size:,} bytes"
        print(f"\n{title:<40}{'time':>14}{'MB/s':>9}{'x simdjson':>13}{'x F. parse':>13}{'x Foundation':>13}")
        for contender, entry in rows:
            if not entry:
                continue
            ratios = ""
            if contender.startswith("compare"):
                for _, key in PEERS:
                    ratios += f"{entry[key]:>13.3f}" if key in entry else f"{'':>13}"
            print(f"  {contender:<38}{shown(entry['best']):>14}{entry['megabytesPerSecond']:>9,.0f}{ratios}")


def other_tables(found):
    for title, names in (("rules, one comparison", RULES), ("keyed queue, one request", KEYS), ("a rollout's decision", PLACEMENT), ("a lane in memory, one request", LANE)):
        if not any(name in found for name in names):
            continue
        print(f"\n{title}")
        for name in names:
            if name in found:
                print(f"  {name:<38}{shown(found[name]['best']):>14}")


def main():
    out, folder, rounds, some, machine = sys.argv[1:6]
    found = {}
    for number in range(1, int(rounds) + 1):
        read(os.path.join(folder, str(number)), found)
    missing = [name for name in ALL if len(found.get(name, {}).get("nanoseconds", [])) != int(rounds)]
    for entry in found.values():
        entry["best"] = min(entry["nanoseconds"])
        if entry["bytes"]:
            entry["megabytesPerSecond"] = entry["bytes"] * 1_000 / entry["best"]
    for document in DOCUMENTS:
        for contender in ("compare", "compare-reordered"):
            for peer, key in PEERS:
                ours, theirs = found.get(f"{contender}/{document}"), found.get(f"{peer}/{document}")
                if ours and theirs:
                    ours[key] = ours["best"] / theirs["best"]
    comparison_tables(found)
    other_tables(found)
    with open(out, "w", encoding="utf-8") as file:
        json.dump({"machine": machine, "rounds": int(rounds), "benchmarks": found}, file, indent=2)
        file.write("\n")
    if missing and not some:
        sys.exit("No figure, or not one for every round, of " + ", ".join(missing) + ".")
    if not found:
        sys.exit("No benchmark has that name.")


main()
