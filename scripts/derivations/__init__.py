"""The published LaTeX, read and checked; `definition` evaluates a page's own definition as an oracle."""

__all__ = ["definition"]


def definition(page):
    """The function that a page defines (a name such as "sigmoid", or a path), to be evaluated in ball arithmetic."""
    from .oracle import definition  # python-flint is needed for this alone, and the site is built without it

    return definition(page)
