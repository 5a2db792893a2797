"""Markdown, written. Apart from the tables that need numpy: a build without a change does without it."""


def table(header, rows, align=""):
    """A Markdown table; `align` has a letter for each column, r for right."""
    rules = ["--:" if side == "r" else "---" for side in align.ljust(len(header))]
    return "\n".join(f"| {' | '.join(row)} |" for row in (header, rules, *rows)) + "\n"
