"""The gains that torch.nn.init.calculate_gain recommends: a column of tables/gains.md."""

from reference import CATALOGUE


def rows(frameworks):
    """Function -> gain, for those that it knows by the name of their call."""
    calculate_gain = frameworks["torch"].module.nn.init.calculate_gain
    found = {}
    for f in CATALOGUE.values():
        call = f.frameworks.get("torch", "").partition("(")[0]
        try:
            found[f.name] = float(calculate_gain(call.rpartition(".")[2]))
        except ValueError:  # no recommendation
            continue
    return found
