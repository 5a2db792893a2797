"""A small experiment; in a module that the processes of a pool can import."""

from experiments import harness


def counting(**change):
    """An experiment with the cases a/x, a/y and b/x, each with two tasks, whose value is given."""
    fields = {
        "name": "counting",
        "about": "Counts.\n",
        "settings": {"activations": ["a", "b"], "runs": 2},
        "cases": lambda: [("a", "x"), ("a", "y"), ("b", "x")],
        "tasks": lambda cases, values: [(*case, run) for case in cases for run in range(2)],
        "short": lambda: [("a", "x", 0)],
        "work": number,
        "summarise": lambda cases, values: {"/".join(c): {"sum": values[(*c, 0)] + values[(*c, 1)]} for c in cases},
        "tolerance": 0.01,
    }
    return harness.Experiment(**fields | change)


def number(task):
    return len(task) + task[-1]


def more(task):
    return 10 + number(task)
