"""The gains that torch.nn.init.calculate_gain recommends: a column of tables/gains.md."""

from reference import CATALOGUE


def ask(key, framework):
    """{"gains": {function: gain}}, for those that it knows by the name of their call."""
    if key != "torch":
        return None
    calculate_gain = framework.module.nn.init.calculate_gain
    found = {}
    for f in CATALOGUE.values():
        call = f.frameworks.get("torch", "").partition("(")[0]
        try:
            found[f.name] = float(calculate_gain(call.rpartition(".")[2]))
        except ValueError:  # no recommendation
            continue
    return {"gains": found}
