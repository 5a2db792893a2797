"""Run every line that a page shows, and what the tables ask: python -m frameworks writes record.json."""

import json
import sys

from frameworks import RECORD, defaults, gains, kinks, run
from frameworks.run import installed


def main():
    frameworks = installed()
    if missing := run.FRAMEWORKS.keys() - frameworks.keys():
        sys.exit(f"found no {', '.join(sorted(missing))}, expected torch, jax and keras to be installed: the record is of "
                 "one run of all three")
    record = {
        "versions": {name: framework.version for name, framework in frameworks.items()},
        "lines": run.lines(frameworks),
        "kinks": kinks.rows(frameworks),
        "gains": gains.rows(frameworks),
        "defaults": defaults.rows(frameworks),
    }
    RECORD.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
