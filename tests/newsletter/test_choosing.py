"""A reader gets the stories of the topics and countries they chose, in order."""

from newsletter.choosing import Choice, stories_for

FAIRS, FOOD = 1, 2
SINGAPORE, THAILAND = 1, 2
EVERYBODY = Choice(1, topic=0, countries=0)
FAIR_IN_THAILAND = Choice(2, topic=FAIRS, countries=THAILAND)
FOOD_ANYWHERE = Choice(3, topic=FOOD, countries=0)
ALL = (FOOD_ANYWHERE, EVERYBODY, FAIR_IN_THAILAND)


def test_order_is_the_issues_order() -> None:
    assert stories_for(ALL, FAIRS | FOOD, 0) == (3, 1, 2)


def test_a_story_without_a_topic_goes_to_everybody() -> None:
    assert stories_for(ALL, 0, 0) == (1,)


def test_no_interests_means_all_countries() -> None:
    assert 2 in stories_for(ALL, FAIRS, 0)


def test_a_country_not_chosen_is_left_out() -> None:
    assert 2 not in stories_for(ALL, FAIRS, SINGAPORE)


def test_a_story_without_countries_reaches_every_interest() -> None:
    assert 3 in stories_for(ALL, FOOD, SINGAPORE)


def test_an_issue_may_hold_nothing_for_a_reader() -> None:
    assert stories_for((FAIR_IN_THAILAND,), FOOD, 0) == ()
