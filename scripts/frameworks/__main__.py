"""Ask the frameworks what pages show and tables compare: python -m frameworks writes records/frameworks.json."""

import argparse
import json
import sys

from layout import FRAMEWORKS
from records import RecordError

from frameworks import read
from frameworks.entries import ENTRIES, TABLES, collect, differences, merged
from frameworks.run import LineError


def main():
    parser = argparse.ArgumentParser(prog="python -m frameworks", description=__doc__)
    parser.add_argument("--only", metavar="NAME", help=f"one entry: a function, or one of {', '.join(TABLES)}")
    parser.add_argument("--check", action="store_true", help="compare with the record, and write nothing")
    options = parser.parse_args()
    if options.only and options.only not in ENTRIES:
        sys.exit(f"found no entry {options.only!r}, expected one of {', '.join(ENTRIES)}")
    entries = [options.only] if options.only else list(ENTRIES)
    try:
        record = read()
        found, missing = collect(entries)
    except (RecordError, LineError) as error:
        sys.exit(str(error))
    missing = [key for key in missing if any(key in record.get(name, {}) for name in entries)]
    if missing and options.check:
        sys.exit(f"found no {', '.join(missing)}, expected all that scripts/frameworks/requirements.txt names")
    if missing:
        print(f"not installed, so their answers stay as they were: {', '.join(missing)}", file=sys.stderr)
    if options.check:
        lines = differences({name: record.get(name, {}) for name in entries}, found)
        sys.exit("\n".join(lines) if lines else None)
    text = json.dumps(merged(record, found, missing), indent=1, ensure_ascii=False)
    FRAMEWORKS.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
