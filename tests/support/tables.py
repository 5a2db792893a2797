"""Reads the tables that the site shows."""

import re

SUPERSCRIPT = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")


def rows(markdown):
    """The cells of a table, of Markdown or of the HTML of a card; header first, the rule left out."""
    if markdown.startswith("<table"):
        lines = [line for line in markdown.splitlines() if "<tr" in line]
        return [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line) for line in lines]
    lines = [line.strip("| ").split(" | ") for line in markdown.splitlines() if line.startswith("|")]
    return [line for line in lines if not set(line[0]) <= set("-:")]


def read(cell):
    """The number that a cell shows."""
    mantissa, _, power = cell.replace("−", "-").partition("·10")
    return float(mantissa) * 10.0 ** int(power.translate(SUPERSCRIPT) or 0)
