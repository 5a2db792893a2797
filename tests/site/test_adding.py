"""Two files are two files: the guide's example and four functions of other kinds, added at once to a copy.

Each is an entry and a page and nothing else; then come the guide's commands, and the copy's tests of these functions.
The whole fast suite of the copy takes as long as that of the project, and runs at night.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from layout import ROOT

ADDING = Path(__file__).parent / "adding"
# Kinks away from 0; a slope without a bound and calls that are expressions; periodic, with a parameter, and in no
# framework; a vector function with kinks. The guide's own example is smooth but for one jump of its curvature.
TRIED = sorted(path.stem for path in ADDING.glob("*.py"))
ADDED = ("softsign", *TRIED)
LEFT_OUT = {
    ".git",
    ".venv",
    ".cache",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
    ".hypothesis",
    "site",
    "generated",
}
pytestmark = pytest.mark.slow


def left_out(folder, names):
    """Of the names in a folder, what isn't part of the project: environments, caches, and what a build makes."""
    here = Path(folder)
    made = LEFT_OUT if here == ROOT else LEFT_OUT - {"site"} if here == ROOT / "docs" else set()
    return {name for name in names if name in made or name == "__pycache__" or name.endswith(".egg-info")}


def run(project, *command):
    """Run python with these arguments in the copy, with its modules and no other's."""
    return subprocess.run(
        [sys.executable, *command],
        cwd=project,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(project / "scripts")},
    )


def example():
    """(entry, page, commands) that the guide tells to write and to run."""
    guide = (ROOT / "docs" / "guide" / "adding.md").read_text(encoding="utf-8")
    entry, page = (re.search(rf"```{language}\n(.*?)```", guide, re.DOTALL)[1] for language in ("python", "markdown"))
    commands = re.findall(r"^python (scripts/\S+(?: \S+)?)$", guide, re.MULTILINE)
    return entry, page.replace(";--8<--", "--8<--"), [command.split() for command in commands]


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A copy of the project with an entry and a page more for each function."""
    copy = tmp_path_factory.mktemp("adding") / "project"
    shutil.copytree(ROOT, copy, ignore=left_out)
    entries, pages = copy / "scripts" / "reference" / "entries", copy / "docs" / "functions"
    for name in TRIED:
        shutil.copy(ADDING / f"{name}.py", entries)
        shutil.copy(ADDING / f"{name}.md", pages)
    entry, page, _ = example()
    with open(entries / "sigmoidal.py", "a", encoding="utf-8") as file:
        file.write(f"\n\n{entry}")
    (pages / "softsign.md").write_text(page, encoding="utf-8")
    return copy


def test_the_guide_tells_to_check_and_to_build():
    commands = [" ".join(command) for command in example()[2]]
    assert commands == ["scripts/check.py docs/functions/softsign.md", "scripts/check.py", "scripts/build.py softsign"]


def test_two_files_are_enough(project):
    """Check and build of each function, then of all, and their tests. What goes wrong first is what is shown."""
    imported = run(project, "-c", "import reference; print(reference.__file__, *reference.CATALOGUE)").stdout.split()
    assert Path(imported[0]).is_relative_to(project) and set(ADDED) < set(imported[1:])
    for name in ADDED:
        for command in example()[2]:
            if "softsign" in command[-1]:
                done = run(project, *(part.replace("softsign", name) for part in command))
                assert done.returncode == 0, f"{name}: {done.stdout}{done.stderr}"
    for command in (["scripts/check.py"], ["scripts/build.py"]):
        done = run(project, *command)
        assert done.returncode == 0, done.stdout + done.stderr
    for name in ADDED:
        included = re.findall(r'--8<-- "(.+)"', (project / "docs" / "functions" / f"{name}.md").read_text())
        assert included and all((project / "docs" / "generated" / piece).is_file() for piece in included)
    hold(project, "-k", " or ".join(ADDED))


@pytest.mark.nightly
def test_the_whole_fast_suite_holds_with_them(project):
    hold(project)


def hold(project, *chosen):
    """Run the fast suite of the copy, or what is chosen of it."""
    suite = run(project, "-m", "pytest", "-m", "not slow and not browser", "--tb=short", *chosen)
    assert suite.returncode == 0, suite.stdout[-20000:] + suite.stderr


def test_another_checkout_s_modules_are_not_tested(project):
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-n0", "--collect-only", "tests/tools"],
        cwd=project,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "scripts")},
    )
    assert done.returncode != 0
    assert f"found the module layout in {ROOT / 'scripts' / 'layout.py'}, expected it below {project}" in done.stderr
