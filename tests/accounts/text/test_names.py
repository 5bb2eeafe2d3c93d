"""Names and titles stay on one line and change nothing beside them."""

import pytest

from accounts.text import names

LRE, RLE, PDF, LRO, RLO = "\u202a", "\u202b", "\u202c", "\u202d", "\u202e"
LRI, RLI, FSI, PDI = "\u2066", "\u2067", "\u2068", "\u2069"

FINE = [
    "Ana",
    "Nguyễn Thị Ấn",
    "محمد",
    "نگار\u200cسادات",
    "משה (Moshe)\u200e",
    f"{FSI}Ana{PDI}",
    f"{LRE}{RLI}محمد{PDI}{PDF}",
    "क्षितिज",
    "བཀྲ་ཤིས་",
    "👩🏽\u200d🚒 Ada",
]
TURNING = [
    f"{RLO}Bob",
    f"{RLO}Bob{PDF}",
    f"B{LRO}ob{PDF}",
    f"Bob{RLI}",
    f"{RLE}Bob",
    f"{LRI}Bob",
    f"Bob{PDI}",
    f"Bob{PDF}",
    f"{FSI}Bob{PDF}",
    f"{LRE}{RLI}Bob{PDF}{PDI}",
]


@pytest.mark.parametrize("name", FINE, ids=ascii)
def test_names_of_all_scripts_are_fine_and_shown_as_they_are(name):
    assert not names.fault(name)
    assert names.shown(name) == name


@pytest.mark.parametrize("name", TURNING, ids=ascii)
def test_signs_that_turn_around_what_follows_are_refused_and_never_shown(name):
    assert names.fault(name) == names.TURNS_AROUND
    assert names.shown(name) == "Bob"


def test_marks_are_counted():
    assert not names.fault("A" + "\u0301" * names.MOST_MARKS)
    assert names.fault("A" + "\u0301" * (names.MOST_MARKS + 1)) == names.TOO_MANY_MARKS
    assert not names.fault("e\u0323\u0302" * 20)


@pytest.mark.parametrize("sign", ["\n", "\r\n", "\t", "\u2028", "\u2029", "\x0b", "\x85"])
def test_a_name_is_one_line(sign):
    assert names.one_line(f" Ada{sign}Lake ") == names.shown(f"Ada{sign}Lake") == "Ada Lake"
