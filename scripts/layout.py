"""Where things are: the only file that knows the tree."""

from pathlib import Path

SCRIPTS = Path(__file__).resolve().parent
ROOT = SCRIPTS.parent
DOCS = ROOT / "docs"
FUNCTIONS = DOCS / "functions"  # one page a function
NOTATION = DOCS / "guide" / "notation.md"  # the symbols that every page may use
GENERATED = DOCS / "generated"
ENTRIES = SCRIPTS / "reference" / "entries"
SNIPPETS = SCRIPTS / "experiments" / "snippets"
RECORDS = SCRIPTS / "records"
LEDGER = RECORDS / "ledger.json"  # what the last check of all pages found
FRAMEWORKS = RECORDS / "frameworks.json"  # what frameworks return
RESULTS = RECORDS / "experiments"  # one file an experiment
CACHE = ROOT / ".cache"


def pages() -> list[Path]:
    """All pages written by hand, in the order of their paths."""
    return sorted(path for path in DOCS.rglob("*.md") if not path.is_relative_to(GENERATED))


def relative(path: str | Path) -> str:
    """A path as messages and records name it: below the repository's root, with forward slashes."""
    return Path(path).resolve().relative_to(ROOT).as_posix()
