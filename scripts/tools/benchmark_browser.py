"""How fast the site opens on a phone: the pages as they are, without their maths, and with MathJax and KaTeX instead.

    python -m tools.benchmark_browser                              one page of each kind, 3 rounds, about 15 minutes
    python -m tools.benchmark_browser functions/gelu/ --rounds 1   only this page
    python -m tools.benchmark_browser --only site plain            only these variants
    python -m tools.benchmark_browser --tools ~/.cache/lighthouse  keeps the npm packages for the next run

Needs Node.js 20 and npm, which put Lighthouse, MathJax and KaTeX into a temporary folder, and Chromium. Each page is
opened with an empty cache as Lighthouse's phone does: a processor slowed four times, 1.6 Mbit/s and 150 ms, simulated.
All candidates take turns within one run, and medians are compared. Nothing here is a test: times depend on the machine.
"""

import argparse
import functools
import gzip
import http.server
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from layout import ROOT
from support.site import CHROMIUM, CHROMIUM_ARGUMENTS, mkdocs_build

PACKAGES = ("lighthouse@12.8.2", "mathjax@4.1.3", "katex@0.19.1")
# One of each kind; the page with the most maths is added.
PAGES = ("", "functions/", "functions/sigmoid/", "guide/differentiation/", "tables/kinks/")
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
AUDITS = {
    "largest-contentful-paint": "LCP ms",
    "cumulative-layout-shift": "CLS",
    "total-blocking-time": "TBT ms",
    "total-byte-weight": "bytes",
}
MATHS = re.compile(r"<math[^>]*>.*?</math>", re.DOTALL)
INLINE = re.compile(r'<math data-tex="([^"]*)">.*?</math>', re.DOTALL)
EQUATION = re.compile(r'(<div class="equation" [^>]*data-tex="([^"]*)"[^>]*>)(.*?)</div>', re.DOTALL)
FONT = re.compile(r'<link rel="stylesheet" href="[^"]*/font\.css">|<script>document\.fonts\.load.*?</script>')

MATHJAX = '<script defer src="/mathjax/tex-mml-chtml.js"></script></head>'
KATEX = """<link rel="stylesheet" href="/katex/katex.min.css"><script defer src="/katex/katex.min.js"></script>
<script defer src="/katex/contrib/auto-render.min.js" onload="renderMathInElement(document.body)"></script></head>"""


class Compressed(http.server.SimpleHTTPRequestHandler):
    """Serves files as GitHub Pages does: text compressed by gzip, connections kept open."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            return self.send_error(404)
        body, kind = path.read_bytes(), self.guess_type(path)
        self.send_response(200)
        if kind.startswith("text/") or kind in ("application/json", "image/svg+xml"):
            body = gzip.compress(body)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "max-age=600")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


def site(page):
    """The page as it is."""
    return page


def plain(page):
    """The page without its maths and their font."""
    return MATHS.sub("", EQUATION.sub("", FONT.sub("", page)))


def source(page):
    """The page with the TeX of its formulas where the formulas were."""
    page = EQUATION.sub(lambda box: rf"<div>\[{box[2]}\]</div>", FONT.sub("", page))
    return INLINE.sub(lambda found: rf"<span>\({found[1]}\)</span>", page)


def mathjax(page):
    return source(page).replace("</head>", MATHJAX)


def katex(page):
    return source(page).replace("</head>", KATEX)


VARIANTS = {variant.__name__: variant for variant in (site, plain, mathjax, katex)}


def install(tools):
    """Have the npm packages in the folder `tools`."""
    tools.mkdir(parents=True, exist_ok=True)
    subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--silent", *PACKAGES], cwd=tools, check=True)
    return tools / "node_modules"


def serve(directory):
    """Serve `directory` on a free port; return the port."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Compressed, directory=str(directory)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_port


def lighthouse(modules, url):
    """Return the scores (0 to 100) of CATEGORIES and the numbers of AUDITS for the page at `url`."""
    browser = next(filter(None, map(shutil.which, CHROMIUM)))
    found = subprocess.run(
        [
            "node",
            modules / "lighthouse/cli/index.js",
            url,
            "--quiet",
            "--output=json",
            "--output-path=stdout",
            f"--only-categories={','.join(CATEGORIES)}",
            f"--chrome-flags=--headless {' '.join(CHROMIUM_ARGUMENTS)}",
        ],
        env=os.environ | {"CHROME_PATH": browser},
        stdout=subprocess.PIPE,
        check=True,
    )
    report = json.loads(found.stdout)
    scores = {name: 100 * report["categories"][name]["score"] for name in CATEGORIES}
    return scores | {label: report["audits"][audit]["numericValue"] for audit, label in AUDITS.items()}


def measure(modules, pages, variants, rounds):
    """Return {(page, variant): {label: median}}."""
    results = {}
    with tempfile.TemporaryDirectory() as folder:
        built = Path(folder, "built")
        ports = {name: serve(Path(folder, name)) for name in variants}
        for name, port in ports.items():
            made = mkdocs_build(ROOT, "--site-dir", str(built), SITE_URL=f"http://127.0.0.1:{port}/")
            assert made.returncode == 0, made.stderr
            for path in built.rglob("*.html"):
                path.write_text(VARIANTS[name](path.read_text(encoding="utf-8")), encoding="utf-8")
            if name in ("mathjax", "katex"):
                shutil.copytree(modules / name / ("dist" if name == "katex" else "."), built / name)
            built.rename(Path(folder, name))
        for turn in range(rounds):
            for page in pages:
                for name, port in ports.items():
                    print(f"\r\x1b[Kround {turn + 1} of {rounds}: {page} {name}", end="", file=sys.stderr)
                    found = lighthouse(modules, f"http://127.0.0.1:{port}/{page}")
                    results.setdefault((page, name), []).append(found)
    print("\r\x1b[K", end="", file=sys.stderr)
    return {
        key: {label: statistics.median(run[label] for run in runs) for label in runs[0]}
        for key, runs in results.items()
    }


def heaviest():
    """Return the address of the page with the most formulas."""
    counts = {}
    for path in (ROOT / "docs").rglob("*.md"):
        if "generated" not in path.parts:
            counts[path] = path.read_text(encoding="utf-8").count("$")
    path = max(counts, key=counts.get).relative_to(ROOT / "docs").with_suffix("")
    return path.as_posix().removesuffix("index").rstrip("/") + "/"


def show(results):
    """Print a table of the medians."""
    columns = [*CATEGORIES, *AUDITS.values()]
    print(f"{'page':<24}{'':<9}" + "".join(f"{column[:11]:>14}" for column in columns))
    for (page, name), found in results.items():
        print(
            f"{page or 'home':<24}{name:<9}"
            + "".join(f"{found[column]:>14.3f}" if column == "CLS" else f"{found[column]:>14.0f}" for column in columns)
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", nargs="*", help="addresses of pages, such as functions/gelu/")
    parser.add_argument(
        "--only", nargs="+", choices=VARIANTS, default=list(VARIANTS), help="measure only these variants"
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--tools", type=Path, help="folder for the npm packages")
    given = parser.parse_args()
    pages = given.pages or list(dict.fromkeys([*PAGES, heaviest()]))
    with tempfile.TemporaryDirectory() as scratch:
        show(measure(install(given.tools or Path(scratch)), pages, given.only, given.rounds))
