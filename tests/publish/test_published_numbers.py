"""The numbers that tables, downloads and facts show, against the definition on each function's page."""

import csv
import io
import math

import pytest
from derivations import definition
from facts import features
from publish import downloads, tables
from support.catalogue import EACH_ELEMENTWISE, EACH_VECTOR
from support.tables import read, rows


def defaults(f):
    return {p.name: p.default for p in f.parameters.values()}


def truths(f, z):
    """The published g, g', g'' at z as floats; at a kink a pair of one-sided limits for each derivative that jumps."""
    oracle = definition(f.name)
    if z not in f.kinks():
        return [float(ball) for ball in oracle.jet(z, 2, **defaults(f))]
    sides = [[float(ball) for ball in oracle.jet(z, 2, side=side, **defaults(f))] for side in (-1, 1)]
    return [a if a == b else (a, b) for a, b in zip(*sides)]


def agrees(shown, truth, rel):
    """Whether a number is the truth, or lies between the one-sided limits where there are two."""
    low, high = (min(truth), max(truth)) if isinstance(truth, tuple) else (truth, truth)
    return low - rel * abs(low) <= shown <= high + rel * abs(high)


@EACH_ELEMENTWISE
def test_every_digit_of_the_table_is_right(f):
    for line in rows(tables.values(f))[1:]:
        z, *cells = map(read, line)
        for cell, truth in zip(cells, truths(f, z), strict=True):
            # Four digits: half a unit of the fourth is at most 1/2000 of the number.
            assert agrees(cell, truth, 5e-4), (z, cell, truth)


@EACH_ELEMENTWISE
def test_every_digit_of_the_download_is_right(f):
    lines = list(csv.reader(io.StringIO(downloads.values(f))))[1:]
    assert len(lines) > 100
    for line in lines:
        z, *cells = map(float, line)
        for cell, truth in zip(cells, truths(f, z), strict=True):
            # Near a zero of a derivative only absolute accuracy is attainable; 1e-15 is five roundings near slope 1.
            assert agrees(cell, truth, 4e-15) or abs(cell - truth) < 1e-15, (z, cell, truth)


@EACH_VECTOR
def test_the_table_of_a_vector_function_is_right(f):
    line = features.shown(f)[0]
    for cells in rows(tables.values(f))[1:]:
        z, *cells = map(read, cells)
        outputs = f.demonstration.outputs
        value = definition(f.name).tensor([float(x) for x in line.inputs(z)], 0)
        assert cells[: len(outputs)] == pytest.approx([float(value[i,]) for i in outputs], rel=5e-4), z
        sides = []  # at a kink the slope lies between those beside it, else it is the one
        for step in (-1e-9, 1e-9) if z in f.demonstration.kinks else (0,):
            slope = definition(f.name).tensor([float(x) for x in line.inputs(z + step)], 1)
            sides.append([sum(float(slope[i, j]) for j in line.moving) for i in outputs])
        for cell, *ends in zip(cells[len(outputs) :], *sides, strict=True):
            assert min(ends) - 5e-4 * abs(min(ends)) <= cell <= max(ends) + 5e-4 * abs(max(ends)), z


@EACH_ELEMENTWISE
def test_extrema_are_those_of_the_definition(f):
    """On either side of an extremum of the k-th derivative the (k+1)-th has the sign that the kind asks for."""
    oracle, found = definition(f.name), features.features(f)
    for order, extrema in enumerate(found.extrema):
        for extremum in extrema:
            if extremum.z in found.kinks:
                continue
            step = 1e-7 * max(1, abs(extremum.z))
            before, at, after = (oracle.jet(extremum.z + d, order + 1, **defaults(f)) for d in (-step, 0, step))
            sign = 1 if extremum.kind == "maximum" else -1
            assert sign * before[order + 1] > 0 > sign * after[order + 1], extremum
            assert extremum.value == pytest.approx(float(at[order]), rel=1e-14)


@EACH_ELEMENTWISE
def test_bounds_hold_for_the_definition(f):
    """Range and largest slope, at points over all magnitudes."""
    oracle, found = definition(f.name), features.features(f)
    points = [s * m * 2.0**e for s in (-1, 1) for e in range(-8, 9) for m in (1, 1.37, 1.74)]
    for z in points:
        value, slope = oracle.jet(z, 1, **defaults(f))
        assert found.range.low - 1e-15 <= value and value <= found.range.high + 1e-15, z
        assert abs(slope) <= found.lipschitz * (1 + 1e-14), z


@EACH_ELEMENTWISE
def test_zeros_are_those_of_the_definition(f):
    oracle, found = definition(f.name), features.features(f)
    for low, high in found.zeros:
        if math.isfinite(high):
            assert abs(oracle.jet(high, 0, **defaults(f))[0]) < 1e-15
        if math.isfinite(low):
            assert abs(oracle.jet(low, 0, **defaults(f))[0]) < 1e-15
