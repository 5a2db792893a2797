"""Run all experiments one after the other: python -m experiments [--short]."""

import subprocess
import sys

from experiments import EXPERIMENTS

for name in EXPERIMENTS:
    print(f"experiments.{name}", flush=True)
    subprocess.run([sys.executable, "-m", f"experiments.{name}", *sys.argv[1:]], check=True)
