"""A CSV file is read whatever wrote it, and a broken line costs itself and no other."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscribers.errors import TransferError
from subscribers.transfer import cells, reading
from subscribers.transfer.reading import Row

PEOPLE = """メールアドレス,氏名,同意
taro@example.org,山田太郎,2026年の旅行フェアで申込書に記入
hanako@example.org,髙橋花子,ウェブサイトの旧フォームで登録
jiro@example.org,渡邉次郎,セミナーの参加申込書に記入
"""


def write(folder: Path, content: str | bytes, encoding: str = "utf-8") -> Path:
    path = folder / "people.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le-bom", "cp932", "euc_jp", "iso2022_jp_2004"]
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_japanese_files_are_read_in_any_usual_encoding(tmp_path: Path, encoding: str, end: str) -> None:
    text = (
        PEOPLE if encoding in {"utf-8", "utf-8-sig", "utf-16", "utf-16-le-bom", "cp932"} else PEOPLE.replace("髙", "高")
    )
    text = text.replace("\n", end)
    raw = b"\xff\xfe" + text.encode("utf-16-le") if encoding == "utf-16-le-bom" else None

    table = reading.read(write(tmp_path, raw or text, encoding if not raw else "utf-8"))

    assert table.header == ("メールアドレス", "氏名", "同意")
    rows = list(table.rows)
    assert [row.cells["氏名"][-2:] for row in rows] == ["太郎", "花子", "次郎"]
    assert [row.line for row in rows] == [2, 3, 4]
    assert not any(row.fault for row in rows)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_separator_is_found(tmp_path: Path, separator: str) -> None:
    table = reading.read(write(tmp_path, f"email{separator}name\na@example.org{separator}A\n"))

    assert table.separator == separator
    assert next(table.rows).cells == {"email": "a@example.org", "name": "A"}


def test_excels_own_hint_is_followed(tmp_path: Path) -> None:
    table = reading.read(write(tmp_path, 'sep=;\nemail;"a, b, c, d"\nx@example.org;1\n'))

    assert table.header == ("email", "a, b, c, d")
    assert list(table.rows) == [Row(3, {"email": "x@example.org", "a, b, c, d": "1"})]


def test_a_header_of_several_lines_is_one_header(tmp_path: Path) -> None:
    table = reading.read(write(tmp_path, '\n\nemail,"name\n(full)"\nx@example.org,X\n'))

    assert table.header == ("email", "name\n(full)")
    assert [(row.line, row.cells["email"]) for row in table.rows] == [(5, "x@example.org")]


def test_a_stray_quote_costs_its_line_and_no_other(tmp_path: Path) -> None:
    table = reading.read(
        write(
            tmp_path,
            'email,name\na@example.org,"A\nb@example.org,"B"\nc@example.org,C\nd@example.org,x"y\n"e@example.org"z,E\nf@example.org,"F\nF"\n',
        )
    )

    rows = list(table.rows)

    assert [(row.line, row.fault) for row in rows] == [
        (2, "quoting"),
        (3, ""),
        (4, ""),
        (5, ""),
        (6, "quoting"),
        (7, ""),
    ]
    assert rows[0].cells["email"] == 'a@example.org,"A'
    assert rows[5].cells == {"email": "f@example.org", "name": "F\nF"}


def test_an_open_quote_at_the_end_costs_its_line(tmp_path: Path) -> None:
    lines = [f"r{number}@example.org,R" for number in range(100)]
    table = reading.read(write(tmp_path, 'email,name\n"x@example.org,X\n' + "\n".join(lines)))

    rows = list(table.rows)

    assert rows[0].fault == "quoting"
    assert len([row for row in rows if not row.fault]) == 100


def test_a_row_with_a_cell_too_many_is_not_guessed_at(tmp_path: Path) -> None:
    table = reading.read(write(tmp_path, "email,name\na@example.org,A,B\nb@example.org\nc@example.org,C,,\n"))

    assert [(row.fault, row.cells["name"]) for row in table.rows] == [("cells", "A,B"), ("", ""), ("", "C")]


def test_letters_that_cannot_be_read_are_noticed(tmp_path: Path) -> None:
    raw = PEOPLE.encode("cp932") + b"x@example.org,\x81\xff,paper\n"

    table = reading.read(write(tmp_path, raw))

    assert table.encoding == "cp932"
    assert "unreadable" in [row.fault for row in table.rows]
    assert len([row for row in table.rows if not row.fault]) == 3


def test_blank_lines_are_no_rows(tmp_path: Path) -> None:
    table = reading.read(write(tmp_path, "email\n\na@example.org\n  \n,\n\n"))

    assert [row.cells["email"] for row in table.rows] == ["a@example.org"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "empty"),
        ("\n \n", "empty"),
        ("a,b,a\n1,2,3\n", "two columns named 'a'"),
        ("a,,,x\n", "without a name"),
        (",".join(f"c{number}" for number in range(201)), "201 columns"),
        ('"a,b\n', "line 1"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_a_sentence(tmp_path: Path, content: str, words: str) -> None:
    with pytest.raises(TransferError, match=words):
        reading.read(write(tmp_path, content))


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(TransferError, match="cannot be read"):
            reading.read(path)


@pytest.mark.parametrize("start", [b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1"])
def test_a_workbook_is_refused_with_the_way_out(tmp_path: Path, start: bytes) -> None:
    with pytest.raises(TransferError, match="Save it as CSV"):
        reading.read(write(tmp_path, start + bytes(100)))


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.truncate(reading.MAX_BYTES + 1)

    with pytest.raises(TransferError, match="larger than 50 MB"):
        reading.read(path)


@given(st.binary(max_size=400))
def test_any_bytes_end_as_rows_or_one_sentence(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(raw)

    try:
        rows = list(reading.read(path).rows)
    except TransferError as error:
        rows = []
        said = str(error)
    else:
        said = "any.csv"
    assert "any.csv" in said
    assert all(isinstance(row.line, int) for row in rows)


@pytest.mark.parametrize("text", ["=1+1", "+65", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "'=1", "'", "''"])
def test_a_formula_is_text_after_export(text: str) -> None:
    assert cells.safe(text) == f"'{text}"
    assert cells.plain(cells.safe(text)) == text


@given(st.text())
def test_a_safe_cell_reads_back(text: str) -> None:
    assert cells.plain(cells.safe(text)) == text
    assert not cells.safe(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


def test_a_name_with_an_apostrophe_is_left_alone() -> None:
    assert cells.plain("'t Hooft") == "'t Hooft"
    assert cells.safe("O'Hara") == "O'Hara"


def test_written_files_open_in_spreadsheets(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"

    count = cells.write(path, [["email", "氏名"], ["a@example.org", "山田, 太郎\n"]])

    assert count == 2
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [["email", "氏名"], ["a@example.org", "山田, 太郎\n"]]
