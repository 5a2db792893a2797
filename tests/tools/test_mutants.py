"""A random sample of the mutants is refused; MUTANTS_SEED and MUTANTS_COUNT choose another or a larger one."""

import os
import random

from tools import mutants

SEED = int(os.environ.get("MUTANTS_SEED", random.randrange(10**6)))
COUNT = int(os.environ.get("MUTANTS_COUNT", 60))


def test_a_sample_of_mutants_is_refused():
    print(f"MUTANTS_SEED={SEED} reproduces this sample")
    site, chosen = mutants.sample(COUNT, SEED)
    known = mutants.equivalent()
    survivors = [
        (site.original(mutant), site.changed(mutant))
        for mutant in chosen
        if (mutant.page, site.original(mutant), site.changed(mutant)) not in known and site.survives(mutant)
    ]
    assert not survivors, f"MUTANTS_SEED={SEED}"


def test_every_kind_of_mutant_is_made():
    site = mutants.Site()
    kinds = {mutant.kind for name in site.texts for mutant in site.mutants(name)}
    assert kinds == {
        "sign",
        "digit",
        "function",
        "relation",
        "prime",
        "index",
        "variable",
        "factor",
        "case",
        "condition",
    }
