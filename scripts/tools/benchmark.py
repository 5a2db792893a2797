"""How fast the site builds, against plain MkDocs, and the reference module, against numpy, scipy and PyTorch.

    python -m tools.benchmark            all
    python -m tools.benchmark build      the site's builds only
    python -m tools.benchmark serve      the way from an edit to the refreshed page only
    python -m tools.benchmark module     the reference module only

All candidates take turns within one run, and the medians are compared. Nothing here is a test: times depend on the
machine.
"""

import argparse
import contextlib
import functools
import importlib
import itertools
import os
import platform
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import numpy as np
from layout import ROOT
from reference import CATALOGUE

ROUNDS = 5
SIZE = 1_000_000

# Lines of mkdocs.yml without which generation and maths are off: what MkDocs, Material and the rest cost by themselves.
OURS = re.compile(r"^(hooks:|  - markup\.maths).*\n|^  - pymdownx\.arithmatex:\n(    .*\n)*", re.MULTILINE)


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


def copy_project(folder: Path) -> dict:
    """Copy the tracked files to `folder`, with plain.yml beside mkdocs.yml; return the environment to run there."""
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    for name in tracked.decode().rstrip("\0").split("\0"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)
    (folder / "plain.yml").write_text(OURS.sub("", (folder / "mkdocs.yml").read_text()))
    environment = os.environ | {"PYTHONPATH": str(folder / "scripts"), "NO_MKDOCS_2_WARNING": "1"}
    # Both find what is generated.
    subprocess.run([sys.executable, "scripts/build.py"], cwd=folder, env=environment, check=True)
    return environment


def report(found: dict[str, float]) -> None:
    for name, value in found.items():
        print(f"  {name:<12}{value:7.2f} s {value / found['plain']:6.2f} x plain")


def build_times() -> None:
    """Print the time of a clean, of an unchanged and of a plain build, each in a process of its own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environment = copy_project(folder)

        def mkdocs(*arguments):
            command = [sys.executable, "-m", "mkdocs", "build", "--quiet", *arguments]
            subprocess.run(command, cwd=folder, env=environment, check=True)

        def clean():
            for made in (folder / "docs/generated", folder / ".cache", folder / "site"):
                shutil.rmtree(made, ignore_errors=True)
            mkdocs()

        def plain():
            mkdocs("--config-file", "plain.yml", "--site-dir", str(folder / "plain"))

        found = medians({"clean": clean, "unchanged": mkdocs, "plain": plain})
        pages = sum(1 for _ in (folder / "site").rglob("*.html"))
    print(f"mkdocs build, {pages} pages, median of {ROUNDS}")
    report(found)


def processor(pid: int) -> float:
    """Processor seconds that a process and its finished children have used, on Linux."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def served(config: str, prepare=lambda folder: None):
    """Serve a copy of the project, which `prepare` may change, with `mkdocs serve`.

    Yields a function that edits a page, waits until it is new, and returns the processor seconds that this took.
    """
    with tempfile.TemporaryDirectory() as name, socket.socket() as probe:
        folder = Path(name)
        environment = copy_project(folder)
        prepare(folder)
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
        probe.close()
        environment["SITE_URL"] = f"http://{address}/"
        page, edits = folder / "docs/functions/sigmoid.md", itertools.count()

        def wait(text):
            end = time.monotonic() + 900
            while time.monotonic() < end:
                with contextlib.suppress(OSError):
                    if text in urllib.request.urlopen(f"http://{address}/functions/sigmoid/").read().decode():
                        return
                time.sleep(0.025)
            raise TimeoutError(f"mkdocs serve does not show {text!r}")

        def edit():
            mark, before = f"edit number {next(edits)}.", processor(server.pid)
            with page.open("a") as file:
                file.write(f"\n{mark}\n")
            wait(mark)
            return processor(server.pid) - before

        server = subprocess.Popen(
            [sys.executable, "-m", "mkdocs", "serve", "--quiet", "--config-file", config, "--dev-addr", address],
            cwd=folder,
            env=environment,
        )
        try:
            wait("Sigmoid")
            yield edit
        finally:
            server.terminate()
            server.wait()


def serve_times() -> None:
    """Print the time from an edit of a page to the refreshed page, MkDocs' own delay of 0.25 s included."""
    with served("mkdocs.yml") as edit, served("plain.yml") as plain:
        found = medians({"edit": edit, "plain": plain})
    print(f"mkdocs serve, from an edit to the refreshed page, median of {ROUNDS}")
    report(found)


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
        same = {
            "sigmoid": special.expit,
            "softmax": lambda z: special.softmax(z, axis=-1),
            "log_softmax": lambda z: special.log_softmax(z, axis=-1),
            "gelu": lambda z: z * special.ndtr(z),
        }
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
    """Print the throughput of each entry's value and jet, beside numpy.exp and what one would use instead."""
    rng = np.random.default_rng(0)
    z = rng.normal(0, 3, SIZE)
    print(f"throughput on {SIZE:,} float64 numbers, million a second, median of {ROUNDS}")
    print(f"  {'':<14}{'value':>8}{'jet':>8}{'np.exp':>8}{'scipy':>8}{'torch':>8}")
    for name, function in CATALOGUE.items():
        array = z.reshape(-1, 10) if function.vector else z
        every = function.jacobian if function.vector else function.jet  # a Hessian of a million rows would not fit
        calls = {"value": function, "jet": every, "np.exp": np.exp}
        candidates = {label: functools.partial(call, array) for label, call in calls.items()}
        found = medians(candidates | rivals(name, array))
        figures = {label: f"{SIZE / found[label] / 1e6:8.1f}" for label in found}
        print(f"  {name:<14}" + "".join(figures.get(label, f"{'-':>8}") for label in (*candidates, "scipy", "torch")))
    print("  (of a vector function, 10 entries a row, the jet is value and Jacobian)")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    measures = {"build": build_times, "serve": serve_times, "module": module_times}
    parser.add_argument("what", nargs="?", choices=measures, help="measure only this")
    what = parser.parse_args().what
    print(f"Python {platform.python_version()}, numpy {np.__version__}, {os.cpu_count()} cores")
    for measure in [measures[what]] if what else measures.values():
        measure()
