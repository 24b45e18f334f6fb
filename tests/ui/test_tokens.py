"""The tokens hold what the rules promise: readable colours, large targets."""

import itertools

import pytest

from ui.tokens import load_tokens

TOKENS = load_tokens()
TEXT_PAIRS = [
    *itertools.product(("ink", "ink2"), ("bg", "surface", "sunken", "primaryTint")),
    ("primary", "bg"),
    ("primary", "surface"),
    ("primary", "primaryTint"),
    ("primaryInk", "primary"),
    ("primaryInk", "primaryPressed"),
    ("success", "surface"),
    ("success", "successTint"),
    ("successInk", "success"),
    ("info", "surface"),
    ("infoInk", "info"),
    ("neutral", "surface"),
    ("neutralInk", "neutral"),
    ("caution", "surface"),
    ("caution", "cautionTint"),
    ("disabledInk", "disabledFill"),
]

SMALL_PANEL_MM = 0.264
"""A pixel of a 17 inch panel of 1280x1024."""


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("mode", ["normal", "contrast"])
@pytest.mark.parametrize(("ink", "ground"), TEXT_PAIRS)
def test_text_has_seven_to_one(mode: str, ink: str, ground: str) -> None:
    roles = TOKENS["colour"][mode]
    assert contrast(roles[ink], roles[ground]) >= 7


@pytest.mark.parametrize("mode", ["normal", "contrast"])
def test_a_shining_page_stays_readable_and_never_flickers(mode: str) -> None:
    """Below a tenth of white's luminance between two colours no change counts as a flash (WCAG 2.2, 2.3.1)."""
    shine, roles = TOKENS["shine"][mode], TOKENS["colour"][mode]
    for colour in shine.values():
        assert contrast(roles["ink"], colour) >= 7
        assert contrast(roles["ink2"], colour) >= 4.5
    levels = [luminance(colour) for colour in shine.values()]
    assert max(levels) - min(levels) < 0.1


def test_both_modes_know_the_same_roles() -> None:
    for group in ("colour", "drawing", "shine"):
        assert TOKENS[group]["normal"].keys() == TOKENS[group]["contrast"].keys()


def test_targets_are_twenty_millimetres_and_grow_in_elder_mode() -> None:
    for name, (normal, elder) in TOKENS["touch"].items():
        if name == "min_gap":
            continue
        assert normal * TOKENS["screen"]["mm_per_px"] >= 20, name
        assert elder > normal, name


def test_no_type_for_citizens_is_smaller_than_the_status_line() -> None:
    smallest = TOKENS["type"]["status"]
    for name, sizes in TOKENS["type"].items():
        assert sizes[0] >= smallest[0], name
        assert sizes[1] >= smallest[1], name


def test_words_that_shrink_to_fit_stay_readable() -> None:
    """4.8 mm, the smallest type that accessibility rules for kiosks know, on the panel that scales down."""
    landscape = TOKENS["landscape"]["square"]
    scale = {"upright": 1.0, "lying": 1280 / landscape["width"]}
    for panel, sizes in TOKENS["shrink_to"].items():
        assert min(sizes) * scale[panel] * SMALL_PANEL_MM >= 4.8, panel
