"""What is installed is what the short lists ask for: every pin, with its hashes, and nothing loose."""

import re

import pytest
from layout import ROOT

PIN = re.compile(r"^([a-z0-9.-]+)==(\S+?)(?= |;|$)", re.MULTILINE)


@pytest.mark.parametrize("folder", [ROOT, ROOT / "tests"], ids=["site", "tests"])
def test_the_locked_file_has_every_pin_and_a_hash_of_each(folder):
    asked, locked = ((folder / f"requirements.{kind}").read_text(encoding="utf-8") for kind in ("in", "txt"))
    assert set(PIN.findall(asked)) <= set(PIN.findall(locked)) and PIN.findall(asked)
    entries = re.split(r"\n(?=[a-z])", re.sub(r"^\s*#.*\n", "", locked, flags=re.MULTILINE).strip())
    assert all(PIN.match(entry) and "--hash=sha256:" in entry for entry in entries)
    assert len(entries) >= len(PIN.findall(asked))


def test_both_files_agree():
    site, tests = (
        dict.fromkeys(PIN.findall((ROOT / path).read_text())) for path in ("requirements.txt", "tests/requirements.txt")
    )
    both = {name for name, _ in site} & {name for name, _ in tests}
    assert {pin for pin in site if pin[0] in both} == {pin for pin in tests if pin[0] in both}
