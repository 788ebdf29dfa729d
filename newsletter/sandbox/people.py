"""Five hundred made-up readers: several countries, one language or both, every choice of topics. Nobody here exists."""

import csv
import random
from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from subscribers import languages

SEED = 1990  # the same people in every sandbox

_NAMES: dict[str, tuple[tuple[str, ...], tuple[str, ...], str]] = {
    # country: given names, family names, order of the two ("{g}", "{f}")
    "JP": (("太郎", "花子", "健一", "美咲", "翔", "陽子"), ("山田", "佐藤", "鈴木", "高橋", "髙田", "渡邉"), "{f} {g}"),
    "SG": (("Wei Ming", "Hui Ling", "Jia Hao", "Siew Lan"), ("Tan", "Lim", "Ng", "Lee"), "{f} {g}"),
    "MY": (("Aisyah", "Farid", "Nurul", "Hafiz"), ("Ibrahim", "Rahman", "Osman", "Abdullah"), "{g} binti/bin {f}"),
    "TH": (("สมชาย", "มาลี", "อนงค์", "ประวิทย์"), ("ใจดี", "ศรีสุข", "ทองดี"), "{g} {f}"),
    "VN": (("Thị Hoa", "Văn Nam", "Minh Anh", "Đức Huy"), ("Nguyễn", "Trần", "Lê", "Phạm"), "{f} {g}"),
    "ID": (("Putri", "Budi", "Dewi", "Agus"), ("Santoso", "Wijaya", "Lestari"), "{g} {f}"),
    "PH": (("José", "Maria", "Angelo", "Luz"), ("Reyes", "Peña", "Santos", "O'Hara"), "{g} {f}"),
    "IN": (("Priya", "Arjun", "अनिता", "Rohan"), ("Sharma", "Iyer", "Patel", "Das"), "{g} {f}"),
    "LK": (("Nimal", "Kumari", "Sunil"), ("Perera", "Silva", "Fernando"), "{g} {f}"),
    "BN": (("Hakim", "Siti", "Zulkifli"), ("Salleh", "Yusof"), "{g} {f}"),
    "KH": (("Sokha", "Dara", "Bopha"), ("Chea", "Sok", "Keo"), "{f} {g}"),
    "LA": (("Khamla", "Noy"), ("Vongsa", "Sayavong"), "{g} {f}"),
    "MM": (("Aung", "Hla", "Thida"), ("Win", "Myint"), "{g} {f}"),
    "TL": (("João", "Filomena"), ("da Costa", "Soares"), "{g} {f}"),
}
_WEIGHTS = {"JP": 30, "SG": 18, "MY": 10, "TH": 10, "VN": 8, "ID": 7, "PH": 6, "IN": 4}
_JAPANESE_IN_SINGAPORE = 0.2
_READS_BOTH = 25  # one reader in so many wants both languages in one mail
_NAMES_COUNTRIES = 0.15
_TELLS_A_NAME = 0.93
_TOPICS = ("fairs", "food", "industry", "government")


@dataclass(frozen=True)
class Person:
    """One row of the sample file; `topics` and `interests` are separated by spaces."""

    email: str
    name: str
    language: str
    country: str
    topics: str
    interests: str
    source: str
    consent: str


def people(count: int = 500) -> Iterator[Person]:
    """Yield made-up readers under example.org, the same ones each time."""
    chance = random.Random(SEED)  # noqa: S311 - nothing secret hangs on it
    countries = list(_NAMES)
    weights = [_WEIGHTS.get(country, 2) for country in countries]
    for number in range(1, count + 1):
        country = chance.choices(countries, weights)[0]
        given, family, order = _NAMES[country]
        name = order.format(g=chance.choice(given), f=chance.choice(family)).replace("binti/bin", "bin")
        japanese = country == "JP" or (country == "SG" and chance.random() < _JAPANESE_IN_SINGAPORE)
        topics = chance.sample(_TOPICS, chance.choices((1, 2, 3, 4), (3, 4, 2, 3))[0])
        interests = chance.sample(["SG", "MY", "TH", "VN", "PH", "BN"], 2) if chance.random() < _NAMES_COUNTRIES else []
        yield Person(
            email=f"reader{number:03d}@readers.example.org",
            name=name if chance.random() < _TELLS_A_NAME else "",
            language=_wish("ja" if japanese else "en", number),
            country=country,
            topics=" ".join(sorted(topics)),
            interests=" ".join(sorted(interests)),
            source=chance.choice(("web", "natas-2026", "seminar", "mail")),
            consent="made up for the sandbox",
        )


def _wish(own: str, number: int) -> str:
    other = "en" if own == "ja" else "ja"
    return languages.wish(own, "" if number % _READS_BOTH else other)


def write_csv(path: Path, count: int = 500) -> None:
    """Write the people as the CSV file that `newsletter subscribers import` takes."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([field.name for field in fields(Person)])
        writer.writerows(astuple(person) for person in people(count))
