"""The table of scripts/bench-bank.sh from the driver's reports, and one JSON file with all figures."""

import json
import pathlib
import sys

folder, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
settings = dict(pair.split("=", 1) for pair in sys.argv[3:])


def report(name):
    path = folder / f"{name}.json"
    return json.loads(path.read_text()) if path.exists() else None


def paced(name):
    run = report(f"{name}-paced")
    times = run["latency"]
    held = [float(value) for value in (folder / f"{name}.held").read_text().split()]
    calls = held[5] - held[2]
    return {
        "sent": run["sent"],
        "answers": run["answers"],
        "failures": run["failures"],
        "milliseconds": {key: times[key] / 1000 for key in ("mean", "p50", "p99", "p999", "max")},
        "heldMillisecondsPerCall": (held[3] - held[0]) * 1000 / calls,
        "roundTripsPerCall": (held[4] - held[1]) / calls,
    }


def rate(name):
    run = report(name)
    paid = sum(count for status, count in run["answers"].items() if status.startswith("20"))
    return paid * 1000 / run["elapsedMilliseconds"]


figures = {name: paced(name) for name in ("legacy", "legacy-talk", "payout")}
for name in ("legacy", "payout"):
    figures[name]["payoutsPerSecondSaturated"] = rate(f"{name}-saturated")
    figures[name]["previewsPerSecond"] = rate(f"{name}-previews")
    one = report(f"{name}-one")
    figures[name]["oneAccount"] = {"answers": one["answers"], "failures": one["failures"], "maxMilliseconds": one["latency"]["max"] / 1000}

columns = ("mean", "p50", "p99", "p999", "max")
print()
print(f"payouts at {settings['rate']}/s, {settings['accounts']} accounts, ms" + " " * 4 + "".join(f"{column:>10}" for column in columns)
      + f"{'held/call':>11}{'trips/call':>11}{'refused':>9}{'failed':>8}")
for name, title in (("legacy", "legacy, no latency"), ("legacy-talk", "legacy, talk (emulated)"), ("payout", "payout service")):
    row = figures[name]
    refused = sum(count for status, count in row["answers"].items() if not status.startswith("2"))
    print(f"{title:<40}" + "".join(f"{row['milliseconds'][column]:>10.2f}" for column in columns)
          + f"{row['heldMillisecondsPerCall']:>11.2f}{row['roundTripsPerCall']:>11.1f}{refused:>9}{sum(row['failures'].values()):>8}")
print()
print(f"{'at saturation':<40}{'payouts/s':>10}{'previews/s':>12}{'one account, 64 callers: longest ms':>38}")
for name in ("legacy", "payout"):
    row = figures[name]
    print(f"{name:<40}{row['payoutsPerSecondSaturated']:>10.0f}{row['previewsPerSecond']:>12.0f}{row['oneAccount']['maxMilliseconds']:>38.1f}")

legacy, talk, payout = figures["legacy"], figures["legacy-talk"], figures["payout"]
goals = [
    ("mean of the payout service, ms", payout["milliseconds"]["mean"], "<=", 3),
    ("p99.9 of the payout service, ms", payout["milliseconds"]["p999"], "<=", 11),
    ("payouts a second at saturation", payout["payoutsPerSecondSaturated"], ">=", 800),
    ("connection held per payout, of the legacy's", payout["heldMillisecondsPerCall"] / legacy["heldMillisecondsPerCall"], "<=", 0.4),
    ("previews a second, of the legacy's", payout["previewsPerSecond"] / legacy["previewsPerSecond"], ">=", 20),
    ("one account, 64 callers: longest answer, ms", payout["oneAccount"]["maxMilliseconds"], "<=", 1000),
]
print()
print(f"{'goal':<50}{'measured':>10}{'bound':>10}")
for name, measured, sign, bound in goals:
    met = measured <= bound if sign == "<=" else measured >= bound
    print(f"{name:<50}{measured:>10.2f}{sign + ' ' + str(bound):>10}   {'met' if met else 'missed'}")
figures["goals"] = [{"name": name, "measured": measured, "sign": sign, "bound": bound} for name, measured, sign, bound in goals]
mean = legacy["milliseconds"]["mean"] / payout["milliseconds"]["mean"]
longest = legacy["milliseconds"]["max"] / payout["milliseconds"]["max"]
print()
print(f"Ratio without emulated latency: mean {mean:.1f} x, longest {longest:.1f} x.")
print(f"With the talk's latency emulated: mean {talk['milliseconds']['mean'] / payout['milliseconds']['mean']:.1f} x, longest "
      f"{talk['milliseconds']['max'] / payout['milliseconds']['max']:.1f} x; the talk: 250 -> 7 ms (35.7 x), 1.72 s -> 11 ms (156 x).")
out.parent.mkdir(parents=True, exist_ok=True)
out.write_text(json.dumps({"settings": settings, "figures": figures}, indent=2) + "\n")
