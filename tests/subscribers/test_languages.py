"""One word says which languages a reader gets in one mail."""

import pytest

from subscribers import languages


@pytest.mark.parametrize(("own", "second", "wish"), [("en", "", "en"), ("ja", "en", "ja+en"), ("en", "en", "en")])
def test_a_wish_names_the_leading_language_first(own: str, second: str, wish: str) -> None:
    assert languages.wish(own, second) == wish


@pytest.mark.parametrize(
    ("wish", "spoken", "left"),
    [("en+ja", {"en", "ja"}, "en+ja"), ("en+ja", {"ja"}, "ja"), ("en", {"ja"}, ""), ("ja+en", {"en", "ja"}, "ja+en")],
)
def test_of_two_languages_those_are_left_in_which_something_is_said(wish: str, spoken: set[str], left: str) -> None:
    assert languages.within(wish, spoken) == left


def test_every_order_of_two_languages_can_be_wished_for() -> None:
    assert languages.wishes(("en", "ja")) == ["en", "ja", "en+ja", "ja+en"]
