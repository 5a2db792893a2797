"""The functions that tests run over, each in one place."""

import contextlib

import pytest
from reference import CATALOGUE
from reference.registry import activation, try_out

ALL = list(CATALOGUE.values())
ELEMENTWISE = [f for f in ALL if not f.vector]
VECTOR = [f for f in ALL if f.vector]
PARAMETRIC = [f for f in ELEMENTWISE if f.parameters]
KINKED = [f for f in ELEMENTWISE if f.kinks()]


def each(functions):
    """Run a test with `f` for each of these functions."""
    return pytest.mark.parametrize("f", functions, ids=lambda f: f.name)


EVERY, EACH_ELEMENTWISE, EACH_VECTOR = map(each, (ALL, ELEMENTWISE, VECTOR))


def everything(f, z, **parameters):
    """Value, first and second derivative, whatever kind of function it is."""
    if f.vector:
        return f(z, **parameters), f.jacobian(z, **parameters), f.hessian(z, **parameters)
    return f.jet(z, **parameters)


@contextlib.contextmanager
def registered(orders, **facts):
    """An entry that is in the catalogue for this test only."""
    before = dict(CATALOGUE)
    usual = {"title": orders.__name__, "papers": (), "frameworks": {}}
    usual["family"] = "vector" if facts.get("vector") else "rectifier"
    try:
        f = activation(**usual | facts)(orders)
        try_out(f)
        yield f
    finally:
        CATALOGUE.clear()
        CATALOGUE.update(before)
