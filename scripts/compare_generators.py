"""Runs the generators that compare-generators.sh names, each in a process of its own, and prints a table."""

import ctypes
import fnmatch
import glob
import os
import re
import resource
import subprocess
import sys
import tempfile
import time


def read_model(path):
    """Parameters as [(name, values)], a `~` kept, and the constraints as Python functions of a row."""
    with open(path, encoding="utf-8") as file:
        lines = [line for line in file.read().splitlines() if line.strip() and not line.lstrip().startswith("#")]
    parameters = []
    while lines and not re.match(r"\s*(IF\b|NOT\b|\[|\()", lines[0]):
        name, values = lines.pop(0).split(":", 1)
        names = [re.sub(r"\s*\(\d+\)\s*$", "", value).split("|")[0].strip() for value in values.split(",")]
        parameters.append((name.strip(), names))
    sentences = [text.strip() for text in "\n".join(lines).split(";") if text.strip()]
    return parameters, [eval("lambda v: " + translated(text), {"like": like}) for text in sentences]


def like(text, pattern):
    return fnmatch.fnmatchcase(text.lower(), pattern.lower().replace("[", "[[]"))


def translated(text):
    """One sentence of PICT's constraint language in Python; IF a THEN b ELSE c as (not a or b) and (a or c)."""
    branch = re.match(r"(?is)IF\b(.*)\bTHEN\b(.*)$", text)
    if branch:
        condition = translated(branch[1])
        parts = re.split(r"(?i)\bELSE\b", branch[2])
        result = f"((not ({condition}) or ({translated(parts[0])}))"
        return result + (f" and (({condition}) or ({translated(parts[1])})))" if len(parts) > 1 else ")")
    words = re.findall(r'\[[^\]]*\]|"[^"]*"|<>|<=|>=|[=<>(){},]|[-+.\w]+', text)
    signs = {"=": "==", "<>": "!=", "{": "(", "}": ",)", "AND": "and", "OR": "or", "NOT": "not", "IN": "in"}
    result, pattern = [], False
    for word in words:
        if word.upper() == "LIKE":
            result[-1] = "like(" + result[-1] + ","
            pattern = True
        elif word.startswith("["):
            result.append(f"v[{word[1:-1].strip().lower()!r}]")
        elif word.startswith('"'):
            result.append(repr(word[1:-1].lower()) + (")" if pattern else ""))
            pattern = False
        else:
            result.append(signs.get(word.upper(), word))
    return " ".join(result)


def typed(parameters):
    """Values as constraints see them: whole numbers where a parameter has nothing else, texts in lower case elsewhere."""
    table = {}
    for name, values in parameters:
        plain = [value.lstrip("~") for value in values]
        numeric = all(re.fullmatch(r"-?\d+", value) for value in plain)
        table[name] = {value: int(text) if numeric else text.lower() for value, text in zip(values, plain)}
    return table


def run_allpairspy(path, ways):
    from allpairspy import AllPairs

    parameters, constraints = read_model(path)
    names, table = [name for name, _ in parameters], typed(parameters)

    def allowed(row):
        if sum(value.startswith("~") for value in row) > 1:
            return False
        values = {name.lower(): table[name][value] for name, value in zip(names, row)}
        for constraint in constraints:
            try:
                if not constraint(values):
                    return False
            except KeyError:
                pass  # it depends on what is not chosen yet
        return True

    start = time.process_time()
    rows = [list(row) for row in AllPairs([values for _, values in parameters], filter_func=allowed, n=ways)]
    took = time.process_time() - start
    print("\n".join("\t".join(row) for row in [names] + rows))
    print(took, file=sys.stderr)


def run_pict(path, ways, peers):
    library = ctypes.CDLL(glob.glob(os.path.join(peers, "pypict/pypict.libs/libpict*.so"))[0])
    arguments = ["pict", path, f"/o:{ways}"]
    start = time.process_time()
    status = getattr(library, "_Z5wmainiPPw")(len(arguments), (ctypes.c_wchar_p * 4)(*arguments, None))
    took = time.process_time() - start
    ctypes.CDLL(None).fflush(None)
    print(took, file=sys.stderr)
    sys.stderr.flush()
    os._exit(status)


def measure(command, seconds):
    """Rows as text and the CPU seconds they took; the text is None beyond the bound, which is of elapsed seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=int(seconds))
    except subprocess.TimeoutExpired:
        return None, f"> {seconds}"
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        return None, (done.stderr.strip().splitlines() or ["failed"])[-1][:40]
    own = done.stderr.strip().splitlines()
    took = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return done.stdout, f"{float(own[-1]) if own and re.fullmatch(r'[0-9.e-]+', own[-1]) else took:.2f}"


def main(program, peers, seconds, strengths, models):
    me = [sys.executable, os.path.abspath(__file__), "run"]
    print(f"{'model':<14} {'t':>1}  {'generator':<11} {'rows':>6} {'CPU s':>8} {'valid':>8} {'missing':>8} {'invalid rows':>12}")
    for model in models:
        name = os.path.splitext(os.path.basename(model))[0]
        for ways in strengths.split():
            commands = {
                "countersign": [program, "matrix", "generate", model, "--strength", ways, "--format", "pict", "--within", f"{seconds}s"],
                "PICT": me + ["pict", model, ways, peers],
                "allpairspy": me + ["allpairspy", model, ways],
            }
            for generator, command in commands.items():
                text, took = measure(command, seconds)
                if text is None:
                    print(f"{name:<14} {ways:>1}  {generator:<11} {'-':>6} {took:>8}", flush=True)
                    continue
                with tempfile.NamedTemporaryFile("w", suffix=".tsv", encoding="utf-8") as file:
                    file.write(text)
                    file.flush()
                    check = [program, "matrix", "check", file.name, "--model", model, "--strength", ways, "--show", "0"]
                    found = subprocess.run(check, capture_output=True, text=True)
                counts = re.search(r"valid (\d+), covered \d+, missing (\d+); rows (\d+), invalid (\d+)", found.stdout)
                if not counts:
                    print(f"{name:<14} {ways:>1}  {generator:<11} {found.stderr.strip()}", flush=True)
                    continue
                valid, missing, rows, invalid = counts.groups()
                print(f"{name:<14} {ways:>1}  {generator:<11} {rows:>6} {took:>8} {valid:>8} {missing:>8} {invalid:>12}", flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "run":
        {"pict": run_pict, "allpairspy": run_allpairspy}[sys.argv[2]](sys.argv[3], int(sys.argv[4]), *sys.argv[5:])
    else:
        main(*sys.argv[1:5], sys.argv[5:])
