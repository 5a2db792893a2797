"""Reads the curves of a drawing back."""

import re

import numpy as np

SVG = "{http://www.w3.org/2000/svg}"


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
