"""Checks the gate's sample outputs with parsers that others wrote. Run by scripts/check-outputs.sh."""

import json
import pathlib
import re
import sys

import jsonschema
import junitparser
import lxml.etree
import lxml.html
import markdown_it
import referencing

ROOT = pathlib.Path(__file__).resolve().parent.parent
FAULTS = []


def fault(path, sentence):
    FAULTS.append(f"{path.name}: {sentence}")


def junit(path, schema):
    document = lxml.etree.parse(path, lxml.etree.XMLParser(resolve_entities=False, huge_tree=False))
    if not schema.validate(document):
        fault(path, str(schema.error_log.last_error))
    names = [(case.get("classname"), case.get("name")) for case in document.iter("testcase")]
    if len(names) != len(set(names)):
        fault(path, "two cases share a class and a name")
    for suite in document.iter("testsuite"):
        found = {
            "tests": len(suite.findall("testcase")),
            "failures": len(suite.findall("testcase/failure")),
            "errors": len(suite.findall("testcase/error")),
            "skipped": len(suite.findall("testcase/skipped")),
        }
        if any(int(suite.get(name)) != count for name, count in found.items()):
            fault(path, f"the counts of {suite.get('name')!r} are not those of its cases: {found}")
    # As a CI's reader takes it: sums up by its own count.
    parsed = junitparser.JUnitXml.fromfile(str(path))
    claimed = parsed.tests, parsed.failures, parsed.errors
    parsed.update_statistics()
    if claimed != (parsed.tests, parsed.failures, parsed.errors):
        fault(path, f"junitparser counts {parsed.tests, parsed.failures, parsed.errors}, the file says {claimed}")
    if path.name == "pass.junit.xml" and parsed.failures + parsed.errors:
        fault(path, "a sound run must not fail")
    if path.name != "pass.junit.xml" and not parsed.failures + parsed.errors:
        fault(path, "what does not pass must fail")


def html(path, shape):
    source = path.read_text()
    document = lxml.html.document_fromstring(source)
    for element in document.iter():
        if not isinstance(element.tag, str):
            continue
        if element.tag in {"script", "img", "link", "iframe", "object", "embed", "a", "form"}:
            fault(path, f"<{element.tag}> in a file that should load nothing")
        for name in element.attrib:
            if name.startswith("on") or name in {"src", "href"}:
                fault(path, f"an attribute {name}")
    found = [element.tag for element in document.iter() if isinstance(element.tag, str)]
    if shape and found != shape:
        fault(path, "text from outside changed the document's elements")
    return found


def markdown(path):
    """Values never become markup: the only HTML is our own folding."""
    allowed = re.compile(r"</?(details|summary|code)>")
    reader = markdown_it.MarkdownIt("commonmark").enable("table")
    tokens = reader.parse(path.read_text())
    for token in [t for t in tokens] + [c for t in tokens for c in t.children or []]:
        if token.type in {"html_block", "html_inline"}:
            rest = allowed.sub("", token.content)
            if "<" in rest.replace("&lt;", ""):
                fault(path, f"foreign markup: {rest[:120]!r}")
        if token.type in {"link_open", "image"}:
            fault(path, "a link or image from outside")
    headings = [t for t in tokens if t.type == "heading_open"]
    if not headings or headings[0].tag != "h1" or sum(t.tag == "h1" for t in headings) != 1:
        fault(path, "not exactly one first heading")
    if path.stat().st_size > 900_000:
        fault(path, "larger than 900 KB")


def main(folder):
    schema = lxml.etree.XMLSchema(lxml.etree.parse(ROOT / "scripts" / "junit.xsd"))
    schemas = {p.name: json.loads(p.read_text()) for p in (ROOT / "docs" / "schema").glob("*.json")}
    registry = referencing.Registry().with_resources(
        (name, referencing.Resource.from_contents(contents)) for name, contents in schemas.items()
    )
    for contents in schemas.values():
        jsonschema.Draft202012Validator.check_schema(contents)
    read = 0
    for kind in ("gate", "run"):
        validator = jsonschema.Draft202012Validator(schemas[f"{kind}.schema.json"], registry=registry)
        for path in sorted(folder.glob(f"*.{kind}.json")):
            read += 1
            for error in list(validator.iter_errors(json.loads(path.read_text())))[:3]:
                fault(path, f"{error.json_path}: {error.message[:200]}")
        if not list(validator.iter_errors({})):
            FAULTS.append(f"{kind}.schema.json takes an empty document")
    shape = None
    for path in sorted(folder.glob("hostile-*.html")):
        read += 1
        shape = html(path, shape)
    for path in [folder / "pass.html", folder / "fail.html"]:
        read += 1
        html(path, None)
    for path in sorted(folder.glob("*.junit.xml")):
        read += 1
        junit(path, schema)
    for path in sorted(folder.glob("*.md")):
        read += 1
        markdown(path)
    for line in FAULTS[:40]:
        print(line, file=sys.stderr)
    print(f"{read} outputs read by lxml, junitparser, jsonschema and markdown-it: {len(FAULTS) or 'no'} faults")
    return 1 if FAULTS else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
