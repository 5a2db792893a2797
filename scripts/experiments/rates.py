"""Training on the digits at a learning rate that was chosen for the case, and what each rate gave on the way.

Rates lie on a grid of four to a decade. Every second one is tried in 4 runs. Then the best one and its two neighbours
on the fine grid are tried in 8, and again around whichever is best, until the best lies between two that are worse (or
at the grid's end). Best is the highest mean validation accuracy, where a run that diverged counts as guessing one of
ten digits; of equals, the smallest rate. With it, the test runs: each with its own weights, batches and division of
1347 examples into 1047 for training and 300 for validation. Their accuracy on the other 450 examples, by which nothing
was chosen, is the result. Run k of one case and run k of another share their random numbers.
"""

import numpy as np

from experiments.data import digits
from experiments.harness import key, plain, quartiles
from experiments.network import finite, generator, right, sgd, stack, train

GUESSING = 0.1
SETTINGS = {
    "epochs": 20,
    "batch": 32,
    "rates": [float(f"{10 ** (quarter / 4):.2g}") for quarter in range(-9, 6)],
    "choosing_runs": {"first": [0, 1, 2, 3], "more": [4, 5, 6, 7]},
    "test_runs": list(range(8, 20)),
}
RATES = SETTINGS["rates"]
GROUPS = SETTINGS["choosing_runs"] | {"test": SETTINGS["test_runs"]}


def train_on_digits(start, gradient, logits, step, runs, epochs=SETTINGS["epochs"]):
    """Validation and test accuracy of each run after training, None if its numbers overflowed: a list of pairs.

    `start(random)` makes a network, `gradient` is for network.train, and `logits(layers, seen, x)` the output for x
    where `seen` is the training set.
    """
    randoms = [generator(3, run) for run in runs]
    layers = stack([start(random) for random in randoms])
    data = [digits(run) for run in runs]
    training, validation, test = ([np.stack(part) for part in zip(*which)] for which in zip(*data))
    for _ in train(gradient, layers, *training, step, SETTINGS["batch"], epochs, randoms):
        if not finite(layers).any():
            break
    with np.errstate(over="ignore", invalid="ignore"):
        shares = [right(logits(layers, training[0], x), labels) for x, labels in (validation, test)]
    return [pair if whole else None for pair, whole in zip(zip(*shares), finite(layers))]


def work(task, start, gradient, logits, epochs=SETTINGS["epochs"]):
    """The value of a task (*case, rate, group), from functions of a case: accuracies as of `train_on_digits`.

    `start(case, random)` makes a network; `gradient(case)` and `logits(case)` are as in `train_on_digits`.
    """
    *case, rate, group = task
    case, runs = tuple(case), GROUPS[group]
    return train_on_digits(lambda random: start(case, random), gradient(case), logits(case), sgd(rate), runs, epochs)


def tasks(cases, values):
    """The first tries of each case, then those around its best rate, then its test runs."""
    found = []
    for case in cases:
        found += [(*case, rate, "first") for rate in RATES[1::2]]
        if not all(task in values for task in found[-len(RATES[1::2]) :]):
            continue
        tried = {rate for rate in RATES if (*case, rate, "more") in values}
        best = best_rate(case, values, tried or RATES[1::2])
        i = RATES.index(best)
        around = RATES[max(0, i - 1) : i + 2]
        found += [(*case, rate, group) for rate in sorted(tried | set(around)) for group in SETTINGS["choosing_runs"]]
        if tried >= set(around):
            found.append((*case, best, "test"))
    return found


def guess(pair, which=0):
    """A run's validation (0) or test accuracy (1); that of guessing where it diverged."""
    return GUESSING if pair is None else pair[which]


def trials(case, rate, values):
    """What the choosing runs at this rate gave: a list of pairs and None."""
    return [pair for group in SETTINGS["choosing_runs"] for pair in values.get((*case, rate, group), [])]


def score(case, rate, values):
    return np.mean([guess(pair) for pair in trials(case, rate, values)])


def best_rate(case, values, among):
    return max(sorted(among), key=lambda rate: score(case, rate, values))


def summarise(cases, values):
    """For each case its rate, the test accuracy of each run, and the mean validation accuracy at each rate tried."""
    results = {}
    for case in cases:
        tried = [rate for rate in RATES if (*case, rate, "first") in values]
        chosen = best_rate(case, values, [rate for rate in tried if (*case, rate, "more") in values])
        tests = values[(*case, chosen, "test")]
        results[key(case)] = plain(quartiles([guess(test, 1) for test in tests])) | {
            "rate": chosen,
            "diverged": tests.count(None),
            "runs": [guess(test, 1) for test in tests],
            "tried": {
                f"{rate:g}": [score(case, rate, values), (runs := trials(case, rate, values)).count(None), len(runs)]
                for rate in tried
            },
        }
    return results


def short(cases):
    """A few tasks that take seconds."""
    return [(*case, 0.1, "first") for case in cases]
