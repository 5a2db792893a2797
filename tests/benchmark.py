"""How fast the site builds, against plain MkDocs, and the reference module, against numpy, scipy and PyTorch.

    python tests/benchmark.py            both
    python tests/benchmark.py build      the site only
    python tests/benchmark.py module     the reference module only

All candidates take turns within one run, and the medians are compared. Nothing here is a test: times depend on the machine.
"""

import argparse
import importlib
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from reference import CATALOGUE

ROOT = Path(__file__).parent.parent
ROUNDS = 5
SIZE = 1_000_000

# The same Markdown with neither generation nor maths: what MkDocs, Material and the other extensions cost by themselves.
PLAIN = """
import sys
from mkdocs.commands.build import build
from mkdocs.config import load_config
config = load_config("mkdocs.yml", hooks=[], site_dir=sys.argv[1])
config.markdown_extensions = [name for name in config.markdown_extensions if "maths" not in name and "arithmatex" not in name]
build(config)
"""


def seconds(run) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def medians(candidates: dict, rounds: int = ROUNDS) -> dict[str, float]:
    """Median seconds of each candidate (name -> callable); they take turns, so that a slow spell hits all alike."""
    times = {name: [] for name in candidates}
    for _ in range(rounds):
        for name, run in candidates.items():
            times[name].append(seconds(run))
    return {name: statistics.median(values) for name, values in times.items()}


def build_times() -> None:
    """Print the time of a clean, of an unchanged and of a plain build, each in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "project")
        tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
        for name in tracked.decode().rstrip("\0").split("\0"):
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, copy / name)
        environment = os.environ | {"PYTHONPATH": str(copy / "scripts"), "NO_MKDOCS_2_WARNING": "1"}

        def python(*arguments):
            subprocess.run([sys.executable, *arguments], cwd=copy, env=environment, check=True, capture_output=True)

        def clean():
            for made in (copy / "docs/generated", copy / ".cache", copy / "site"):
                shutil.rmtree(made, ignore_errors=True)
            python("-m", "mkdocs", "build", "--quiet")

        def unchanged():
            python("-m", "mkdocs", "build", "--quiet")

        def plain():
            python("-c", PLAIN, str(Path(folder, "plain")))

        # In this order: the unchanged and the plain build find what the clean one generated.
        found = medians({"clean": clean, "unchanged": unchanged, "plain": plain})
        pages = sum(1 for _ in (copy / "site").rglob("*.html"))
    print(f"mkdocs build, {pages} pages, median of {ROUNDS}")
    for name, value in found.items():
        print(f"  {name:<12}{value:7.2f} s {value / found['plain']:6.2f} x plain")


def optional(module: str):
    """The module, or None where it isn't installed."""
    try:
        return importlib.import_module(module)
    except ImportError:
        return None


def rivals(name: str, z: np.ndarray) -> dict:
    """What one would use instead for the value of the entry `name`: label -> callable."""
    found = {}
    if special := optional("scipy.special"):
        same = {"sigmoid": special.expit, "softmax": lambda z: special.softmax(z, axis=-1),
                "log_softmax": lambda z: special.log_softmax(z, axis=-1), "gelu": lambda z: z * special.ndtr(z)}
        if name in same:
            found["scipy"] = lambda: same[name](z)
    call = CATALOGUE[name].frameworks.get("torch")
    if (torch := optional("torch")) and call and not CATALOGUE[name].vector:
        function = torch
        for part in call.split("(")[0].split(".")[1:]:
            function = getattr(function, part)
        if not isinstance(function, type):
            tensor = torch.from_numpy(z)
            torch.set_num_threads(1)
            found["torch"] = lambda: function(tensor)
    return found


def module_times() -> None:
    """Print the throughput of each entry's value and jet, beside that of numpy.exp and of what one would use instead."""
    rng = np.random.default_rng(0)
    z = rng.normal(0, 3, SIZE)
    print(f"throughput on {SIZE:,} float64 numbers, million a second, median of {ROUNDS}")
    print(f"  {'':<14}{'value':>8}{'jet':>8}{'np.exp':>8}{'scipy':>8}{'torch':>8}")
    for name, function in CATALOGUE.items():
        array = z.reshape(-1, 10) if function.vector else z
        every = function.jacobian if function.vector else function.jet  # a Hessian of a million rows would not fit
        candidates = {"value": lambda: function(array), "jet": lambda: every(array), "np.exp": lambda: np.exp(array)}
        found = medians(candidates | rivals(name, array))
        figures = {label: f"{SIZE / found[label] / 1e6:8.1f}" for label in found}
        print(f"  {name:<14}" + "".join(figures.get(label, f"{'-':>8}") for label in (*candidates, "scipy", "torch")))
    print("  (of a vector function, 10 entries a row, the jet is value and Jacobian)")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="?", choices=("build", "module"), help="measure only this")
    what = parser.parse_args().what
    print(f"Python {platform.python_version()}, numpy {np.__version__}, {os.cpu_count()} cores")
    if what != "module":
        build_times()
    if what != "build":
        module_times()
