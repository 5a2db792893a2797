"""Stochastic gradient descent beside Adam: accuracy over a fine grid of learning rates, for six activations.

Networks with 6 hidden layers of 32 units, own gains, on the 8x8 digits; batches of 32, 20 epochs, no schedule. For each
optimiser a grid of four rates to a decade, and at each rate 8 runs, whose validation accuracy is what the file holds; a
run that diverged counts as guessing. Nothing is chosen, so that nothing has to be tested on other data.
"""

from experiments import digits, network, rates
from experiments.functions import FUNCTIONS
from experiments.harness import Experiment, key, main, quartiles
from experiments.network import adam, sgd

ACTIVATIONS = ["sigmoid", "tanh", "relu", "elu", "gelu", "mish"]
OPTIMISERS = {"sgd": sgd, "adam": adam}


def grid(low, high):
    return [float(f"{10 ** (quarter / 4):.2g}") for quarter in range(low, high + 1)]


SETTINGS = {
    "activations": ACTIVATIONS,
    "rates": {"sgd": grid(-8, 4), "adam": grid(-16, -2)},
    "depth": 6,
    "width": 32,
    "epochs": rates.SETTINGS["epochs"],
    "batch": rates.SETTINGS["batch"],
    "runs": list(range(8)),
}


def cases():
    return [(name, optimiser) for name in ACTIVATIONS for optimiser in OPTIMISERS]


def tasks(cases, values):
    return [(*case, rate) for case in cases for rate in SETTINGS["rates"][case[1]]]


def short():
    return [("tanh", "sgd", 0.1), ("tanh", "adam", 0.01)]


def work(task):
    """The validation accuracy of each run, None where it diverged."""
    name, optimiser, rate = task
    case = (name, "own", SETTINGS["depth"])
    pairs = rates.train_on_digits(
        lambda random: digits.start(case, random),
        network.gradient(FUNCTIONS[name]),
        digits.logits(case),
        OPTIMISERS[optimiser](rate),
        SETTINGS["runs"],
    )
    return [pair and pair[0] for pair in pairs]


def summarise(cases, values):
    results = {}
    for case in cases:
        runs = [values[(*case, rate)] for rate in SETTINGS["rates"][case[1]]]
        shares = [[rates.GUESSING if share is None else share for share in at] for at in runs]
        results[key(case)] = {"diverged": [at.count(None) for at in runs]} | quartiles(shares, axis=1)
    return results


EXPERIMENT = Experiment(
    "optimisers", __doc__, SETTINGS, cases, tasks, short, work, summarise, 0.03, ("numpy", "scikit-learn")
)

if __name__ == "__main__":
    main(EXPERIMENT)
