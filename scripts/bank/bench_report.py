"""The tables of scripts/bench-bank.sh from the driver's reports, and one JSON file with all figures."""

import json
import pathlib
import sys

folder, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
settings = dict(pair.split("=", 1) for pair in sys.argv[3:])
columns = ("mean", "p50", "p99", "p999", "max")


def report(name):
    return json.loads((folder / f"{name}.json").read_text())


def latencies(name):
    run = report(name)
    return {
        "sent": run["sent"],
        "answers": run["answers"],
        "failures": run["failures"],
        "milliseconds": {key: run["latency"][key] / 1000 for key in columns},
    }


def held(name):
    before, after = (values := [float(value) for value in (folder / f"{name}.held").read_text().split()])[:3], values[3:]
    calls = after[2] - before[2]
    return {"heldMillisecondsPerCall": (after[0] - before[0]) * 1000 / calls, "roundTripsPerCall": (after[1] - before[1]) / calls}


def rate(name):
    run = report(name)
    done = sum(count for status, count in run["answers"].items() if status.startswith("20"))
    return done * 1000 / run["elapsedMilliseconds"]


def line(title, row, more=""):
    refused = sum(count for status, count in row["answers"].items() if not status.startswith("2"))
    print(f"  {title:<38}" + "".join(f"{row['milliseconds'][column]:>10.2f}" for column in columns)
          + f"{refused:>9}{sum(row['failures'].values()):>8}{more}")


def heading(text, more=""):
    print()
    print(text)
    print(" " * 40 + "".join(f"{column:>10}" for column in ("mean", "p50", "p99", "p99.9", "longest")) + f"{'refused':>9}{'failed':>8}{more}")


titles = {"legacy": "legacy, no latency", "legacy-talk": "legacy, talk (emulated)", "payout": "payout service"}
midnight = {name: latencies(f"{name}-midnight") | held(name) for name in titles}
heading(f"Payouts in the midnight profile, {settings['midnight']}/s on average, {settings['accounts']} accounts; ms",
        f"{'held/call':>11}{'trips/call':>11}")
for name, title in titles.items():
    row = midnight[name]
    line(title, row, f"{row['heldMillisecondsPerCall']:>11.2f}{row['roundTripsPerCall']:>11.1f}")

steady = {name: latencies(f"{name}-steady") for name in ("legacy", "payout")}
heading(f"Payouts at a steady {settings['rate']}/s; ms")
for name, row in steady.items():
    line(titles[name], row)

saturation = {
    name: {
        "payoutsPerSecond": rate(f"{name}-saturated"),
        "previewsPerSecond": rate(f"{name}-previews"),
        "oneAccountLongestMilliseconds": report(f"{name}-one")["latency"]["max"] / 1000,
        "oneAccountAnswers": report(f"{name}-one")["answers"],
    }
    for name in ("legacy", "payout")
}
two = rate("payout-two-0") + rate("payout-two-1")
redis = rate("payout-redis-previews")
print()
print(f"{'At saturation':<40}{'payouts/s':>10}{'previews/s':>12}{'64 callers at one account, longest ms':>39}")
for name in ("legacy", "payout"):
    row = saturation[name]
    print(f"  {titles[name]:<38}{row['payoutsPerSecond']:>10.0f}{row['previewsPerSecond']:>12.0f}{row['oneAccountLongestMilliseconds']:>39.1f}")
print(f"  {'payout service, two instances':<38}{two:>10.0f}")
print(f"  {'payout service, previews in Redis':<38}{'':>10}{redis:>12.0f}")

isolation = {state: latencies(f"isolation-{state}") for state in ("well", "saturated", "stopped")}
heading("Through the verifier, accounts that are the payout service's, 100/s, 40 % payouts; ms")
for state, row in isolation.items():
    line(f"legacy {state}", row)

legacy, talk, payout = midnight["legacy"], midnight["legacy-talk"], midnight["payout"]
goals = [
    (f"mean at {settings['rate']}/s, ms", steady["payout"]["milliseconds"]["mean"], "<=", 3),
    (f"p99.9 at {settings['rate']}/s, ms", steady["payout"]["milliseconds"]["p999"], "<=", 11),
    ("payouts a second at saturation", saturation["payout"]["payoutsPerSecond"], ">=", 800),
    ("connection held per payout, of the legacy's", payout["heldMillisecondsPerCall"] / legacy["heldMillisecondsPerCall"], "<=", 0.4),
    ("previews a second, of the legacy's", max(saturation["payout"]["previewsPerSecond"], redis) / saturation["legacy"]["previewsPerSecond"], ">=", 20),
    ("two instances' payouts a second, of one's", two / saturation["payout"]["payoutsPerSecond"], ">=", 1.7),
    ("one account, 64 callers: longest answer, ms", saturation["payout"]["oneAccountLongestMilliseconds"], "<=", 1000),
    ("p99 with the legacy saturated, of that when well", isolation["saturated"]["milliseconds"]["p99"] / isolation["well"]["milliseconds"]["p99"], "<=", 1.1),
    ("p99 with the legacy stopped, of that when well", isolation["stopped"]["milliseconds"]["p99"] / isolation["well"]["milliseconds"]["p99"], "<=", 1.1),
]
print()
print(f"{'Goal':<52}{'measured':>10}{'bound':>10}")
for name, measured, sign, bound in goals:
    met = measured <= bound if sign == "<=" else measured >= bound
    print(f"  {name:<50}{measured:>10.2f}{sign + ' ' + str(bound):>10}   {'met' if met else 'missed'}")


def ratio(left, right, column):
    return left["milliseconds"][column] / right["milliseconds"][column]


print()
print(f"Without emulated latency: mean {ratio(legacy, payout, 'mean'):.1f} x, longest {ratio(legacy, payout, 'max'):.1f} x.")
print(f"With the talk's latency emulated: mean {ratio(talk, payout, 'mean'):.1f} x, longest {ratio(talk, payout, 'max'):.1f} x; "
      "the talk: 250 -> 7 ms (35.7 x), 1.72 s -> 11 ms (156 x).")
figures = {
    "midnight": midnight, "steady": steady, "saturation": saturation, "twoInstancesPayoutsPerSecond": two,
    "redisPreviewsPerSecond": redis, "isolation": isolation,
    "goals": [{"name": name, "measured": measured, "sign": sign, "bound": bound} for name, measured, sign, bound in goals],
}
out.parent.mkdir(parents=True, exist_ok=True)
out.write_text(json.dumps({"settings": settings, "figures": figures}, indent=2) + "\n")
