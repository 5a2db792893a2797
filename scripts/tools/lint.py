"""What can be said of the code without running it: `python -m tools.lint`, which CI calls beside the tests.

ruff reads each file, import-linter holds who may import whom, mypy holds the types; pyproject.toml sets all three.
"""

import os
import re
import subprocess
import sys
import tomllib
from collections import Counter

from layout import ROOT, SCRIPTS

COMMANDS = (
    ("ruff", "check"),
    ("ruff", "format", "--check"),
    ("lint-imports", "--no-cache"),
)
MYPY_ERROR = re.compile(r"scripts/(\w+)(?:\.py|/\S+?):\d+: error: ")


def run(*command, quiet=False):
    """Run a tool that stands beside this Python, on this checkout even if another one is installed."""
    tool = os.path.join(os.path.dirname(sys.executable), command[0])
    environment = {**os.environ, "PYTHONPATH": str(SCRIPTS)}
    return subprocess.run([tool, *command[1:]], cwd=ROOT, env=environment, capture_output=quiet, text=True)


def types():
    """A line for each room with more errors than pyproject.toml allows it, or fewer: its number only falls."""
    result = run("mypy", quiet=True)
    if result.returncode > 1 or result.stderr:
        return [result.stdout + result.stderr]
    allowed = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["ratchet"]["mypy"]
    errors = [(found[1], line) for line in result.stdout.splitlines() if (found := MYPY_ERROR.match(line))]
    count = Counter(room for room, _ in errors)
    problems = []
    for room in sorted(allowed.keys() | count.keys()):
        limit = allowed.get(room, 0)
        if count[room] > limit:
            problems += [line for where, line in errors if where == room]
            problems.append(f"{room}: mypy finds {count[room]} errors, expected at most {limit}")
        elif count[room] < limit:
            problems.append(f"{room}: mypy finds {count[room]} errors only; write this number into pyproject.toml")
    return problems


def main():
    failed = [" ".join(command) for command in COMMANDS if run(*command).returncode]
    if problems := types():
        print(*problems, sep="\n")
        failed.append("mypy")
    print(f"failed: {', '.join(failed)}" if failed else "ruff, import-linter and mypy find nothing")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
