"""Writes the figures of a bench run as one JSON file and prints them as tables.

report.py FOLDER OUT KEY=VALUE ...
FOLDER has `figures` (section, row, column, value), `goals` (section, what, value, bound: met when value <= bound) and `faults` (a sentence a
line), tabs between; the KEY=VALUE pairs describe the run.
"""

import json
import math
import os
import sys

HEADINGS = {
    "cpuMicrosecondsPerRequest": "cpu µs/req",
    "requestsPerSecond": "req/s",
    "p50Microseconds": "p50 µs",
    "p99Microseconds": "p99 µs",
    "offP99Microseconds": "p99 off",
    "addedP50Microseconds": "+p50 µs",
    "addedP99Microseconds": "+p99 µs",
    "cpuOverNginxMirror": "x mirror",
    "cpuOverNginxOneSide": "x one side",
    "cpuOverEnvoyMirror": "x Envoy",
    "p99OverOff": "p99 / off",
    "addedP99OverNginxOneSide": "+p99 / nginx",
    "memoryMiB": "MiB",
    "memoryBeforeMiB": "MiB before",
    "memoryPeakMiB": "MiB peak",
    "memoryAboveOffMiB": "MiB / off",
    "unansweredRequests": "failed",
}


def rows(folder, name):
    try:
        with open(os.path.join(folder, name), encoding="utf-8") as lines:
            return [line.rstrip("\n").split("\t") for line in lines]
    except FileNotFoundError:
        return []


def number(text):
    """The number, or the text where it is none; a nan is no JSON and becomes null."""
    try:
        value = float(text)
    except ValueError:
        return text
    if math.isnan(value):
        return None
    return int(value) if value == int(value) and abs(value) < 1e15 else value


def cell(value):
    if value is None or isinstance(value, str):
        return value or ""
    return f"{value:.0f}" if abs(value) >= 1000 else f"{value:g}"


def table(section, measured):
    """One line a row; columns of words come last, unaligned with anything."""
    columns = list(dict.fromkeys(column for row in measured.values() for column in row))
    words = [c for c in columns if any(isinstance(row.get(c), str) for row in measured.values())]
    figures = [c for c in columns if c not in words]
    first = max(len(name) for name in [section, *measured])
    widths = {c: max(len(HEADINGS.get(c, c)), *(len(cell(row.get(c))) for row in measured.values())) for c in figures}
    print("\n" + "  ".join([section.ljust(first), *(HEADINGS.get(c, c).rjust(widths[c]) for c in figures)]))
    for name, row in measured.items():
        print("  ".join([name.ljust(first), *(cell(row.get(c)).rjust(widths[c]) for c in figures)]))
        for column in words:
            if row.get(column):
                print(f"{' ' * first}  {HEADINGS.get(column, column)}: {row[column]}")


def main():
    folder, out, *described = sys.argv[1:]
    sections = {}
    for section, row, column, value in rows(folder, "figures"):
        sections.setdefault(section, {}).setdefault(row, {})[column] = number(value)
    goals = []
    for section, what, value, bound in rows(folder, "goals"):
        value, bound = number(value), number(bound)
        goals.append({"section": section, "goal": what, "value": value, "bound": bound, "met": None if value is None else value <= bound})
    faults = ["\t".join(line) for line in rows(folder, "faults")]
    report = {key: number(value) for key, value in (pair.split("=", 1) for pair in described)}
    report.update(schema="countersign.bench/1", sections=sections, goals=goals, faults=faults)
    with open(out, "w", encoding="utf-8") as file:
        json.dump(report, file, indent=1, ensure_ascii=False)
        file.write("\n")
    for section, measured in sections.items():
        table(section, measured)
    if goals:
        width = max(len(each["goal"]) for each in goals)
        print(f"\n{'goal'.ljust(width)}   measured      bound")
        for each in goals:
            value = "?" if each["value"] is None else cell(each["value"])
            verdict = "not measured" if each["value"] is None else "met" if each["met"] else "missed"
            print(f"{each['goal'].ljust(width)} {value.rjust(10)} {('≤ %g' % each['bound']).rjust(10)}   {verdict}")
    for each in faults:
        print(f"fault: {each}", file=sys.stderr)


main()
