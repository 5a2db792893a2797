"""The readers of committed results: a file of another shape is one message, and each entry has its state."""

import json
import shutil

import layout
import pytest
from records import FRESH, NOT_RUN, STALE, RecordError, experiments, frameworks, ledger, shapes


@pytest.mark.parametrize(
    "value, shape, expected",
    [
        ({"a": 1}, {"a": float}, []),
        ({"a": True}, {"a": float}, ["True as a"]),
        ({"a": 1, "b": 2}, {"a": int}, []),
        ({"b": 2}, {"a": int}, ["no 'a'"]),
        ({}, {"a?": int}, []),
        ({"a": "x"}, {"a?": int}, ["'x' as a"]),
        ({"a": {"x": {}, "y": {"n": 1}}}, {"a": {"*": {"n": int}}}, ["no 'n' in a, x"]),
        ({"x": 1}, {"*": int, "y": str}, ["no 'y'"]),
        ({"x": "1", "y": 1}, {"*": int, "y": str}, ["'1' as x", "1 as y"]),
        ([1, None, "x"], [(float, None)], ["'x' as 2"]),
        ({"a": None}, {"a": {"b": int}}, ["None as a"]),
        (3, {"a": int}, ["3 as its whole"]),
        ({"a": 1.5}, {"a": (str, {"b": int})}, ["1.5 as a"]),
    ],
)
def test_faults_are_named_with_their_place(value, shape, expected):
    assert list(shapes.faults(value, shape)) == expected


def test_a_value_has_its_own_shape():
    value = {"a": [1, 2.5], "b": {"c": "x"}, "d": [], "e": [[1, 2]]}
    assert shapes.like(value) == {"a": [float], "b": {"c": str}, "d": list, "e": [[float]]}
    assert not list(shapes.faults(value, shapes.like(value)))


READERS = {
    "frameworks.json": (frameworks.read, "python -m frameworks"),
    "ledger.json": (ledger.read, "python scripts/check.py"),
    "experiments/correlation.json": (
        lambda: experiments.read("correlation", {"activations": ["relu"], "starts": [0.5]}),
        "python -m experiments.correlation",
    ),
}


@pytest.fixture
def records(tmp_path, monkeypatch):
    """A copy to break."""
    shutil.copytree(layout.RECORDS, tmp_path / "records", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    for name, path in (("LEDGER", "ledger.json"), ("FRAMEWORKS", "frameworks.json"), ("RESULTS", "experiments")):
        monkeypatch.setattr(layout, name, tmp_path / "records" / path)
    return tmp_path / "records"


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("text, said", [("{", "found no JSON"), ("[]", "found [] as its whole"), ("{}", "found no '")])
def test_a_file_of_another_shape_is_one_message(name, text, said, records):
    read, command = READERS[name]
    read()
    (records / name).write_text(text)
    with pytest.raises(RecordError) as caught:
        read()
    message = str(caught.value)
    assert message.startswith(f"{records / name}: {said}") and "\n" not in message and f"`{command}`" in message


def edited(path, edit):
    record = json.loads(path.read_text())
    edit(record)
    path.write_text(json.dumps(record))


def test_an_answer_without_its_parts_is_refused(records):
    edited(records / "frameworks.json", lambda record: record["relu"]["jax"].pop("slope"))
    with pytest.raises(RecordError, match="found no 'slope' in relu, jax, expected what `python -m frameworks` writes"):
        frameworks.read()


def test_a_function_that_no_record_has_is_let_through(records):
    edited(records / "frameworks.json", lambda record: record.pop("relu"))
    assert "relu" not in frameworks.read()


def test_the_states_of_a_call():
    ran = {"line": "f(z)", "kinks": {"0.0": 1.0}}
    assert frameworks.state(None, "f(z)") == NOT_RUN
    assert frameworks.state(ran, "f(z)", (0,)) == FRESH
    assert frameworks.state(ran, "g(z)", (0,)) == STALE and frameworks.state(ran, "f(z)", (0, 1)) == STALE
    assert frameworks.state({"line": "f(z)"}, "f(z)") == FRESH


def test_the_states_of_a_function_in_an_experiment():
    result = {"settings": {"activations": ["relu"], "runs": 3}}
    assert experiments.states(result, {"activations": ["relu", "gelu"], "runs": 3}) == {"relu": FRESH, "gelu": NOT_RUN}
    assert experiments.states(result, {"activations": ["relu"], "runs": 4}) == {"relu": STALE}
    assert experiments.states({"settings": {"cases": ["a"]}}, {"cases": ["a"]}) == {"a": FRESH}
