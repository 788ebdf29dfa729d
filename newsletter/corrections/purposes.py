"""The purpose of a post that puts another right: one a correction of an issue."""

PURPOSE = "correction"
LONGEST = 16


def purpose_of(number: int) -> str:
    """Return the purpose of the request that the `number`th correction of an issue makes."""
    return (PURPOSE if number == 1 else f"{PURPOSE}-{number}")[:LONGEST]


def number_of(purpose: str) -> int:
    """Return which correction of its issue a request belongs to."""
    _, _, number = purpose.partition("-")
    return int(number) if number.isdigit() else 1
