"""Holds a figure to what a page asks of it, and reads the curves of a drawing back."""

import gzip
import re
from xml.etree import ElementTree

import numpy as np

SVG = "{http://www.w3.org/2000/svg}"


def check_figure(text, most):
    """A figure of at most this many bytes as it is sent, in the colours of the page. Return its root and its ids."""
    root = ElementTree.fromstring(text)  # well-formed
    assert root.tag == "figure"
    assert all(line.strip() for line in text.splitlines()), "Markdown ends raw HTML at an empty line"
    ids = [e.get("id") for e in root.iter() if e.get("id")]
    assert len(set(ids)) == len(ids)
    for e in root.iter():
        for attribute in ("fill", "stroke"):
            assert re.fullmatch(r"none|var\(--[a-z0-9-]+,#[0-9a-f]{6}\)", e.get(attribute, "none"))
        assert not e.get("style")
    assert len(gzip.compress(text.encode(), mtime=0)) <= most
    return root, ids


def check_announced(svg):
    """A drawing is an image whose title and description are read out; return them."""
    title, description = svg[0], svg[1]
    assert svg.get("role") == "img"
    assert svg.get("aria-labelledby").split() == [title.get("id"), description.get("id")]
    return title.text, description.text


def numbers(path):
    """The points of a path in the units of its axes, each once, and what half a pixel is."""
    sx, tx, sy, ty = map(float, path.get("data-scale").split())
    points = np.array(re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", path.get("d")), float)
    points = np.array([point for i, point in enumerate(points) if i == 0 or (point != points[i - 1]).any()])
    return (points[:, 0] - tx) / sx, (points[:, 1] - ty) / sy, 0.35 / abs(sy)


def series(svg, role, measured=True):
    """The line or the dots of one series, or None."""
    classes = f"{role} measured" if measured else role
    found = [e for e in svg.iter(f"{SVG}path") if e.get("class") == classes and e.get("data-scale")]
    return numbers(found[0]) if found else None
