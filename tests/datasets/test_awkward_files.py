"""Files as people have them: each comes out with its columns, their types, its rows and its gaps."""

from dataclasses import dataclass, field
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.datasets.conftest import Read, decision

INT, NUM, TEXT, DATE = "int64", "float64", "string", "datetime"


@dataclass(frozen=True)
class File:
    """A text and what is right: names and types, rows, cells missing in all, and the first row."""

    text: str
    columns: dict[str, str]
    rows: int
    first: list[Any]
    missing: int = 0
    decided: dict[str, str] = field(default_factory=dict)


FILES = {
    "a decimal comma, so a semicolon parts the cells": File(
        "name;price;share\nann;1,5;0,25\nbob;2,25;0,5\ncara;10,0;0,75\n",
        {"name": TEXT, "price": NUM, "share": NUM},
        3,
        ["ann", 1.5, 0.25],
        decided={"Separator": "semicolon"},
    ),
    "decimal commas between tabs": File(
        "a\tb\n1,5\t2,5\n3,5\t4,5\n1,25\t0,5\n",
        {"a": NUM, "b": NUM},
        3,
        [1.5, 2.5],
        decided={"Separator": "tab"},
    ),
    "points between thousands": File(
        "city;people\nBerlin;3.769.495\nHamburg;1.899.160\nUlm;126.790\n",
        {"city": TEXT, "people": INT},
        3,
        ["Berlin", 3769495],
    ),
    "points between thousands beside whole numbers": File(
        "city;doctors\nBerlin;1.613\nUlm;379\nHamburg;2.003\n",
        {"city": TEXT, "doctors": INT},
        3,
        ["Berlin", 1613],
        decided={"Thousands": "points in `doctors`"},
    ),
    "three decimals beside a whole number that groups would part": File(
        "city;share\nBerlin;1.613\nUlm;3790\nBonn;2.003\n", {"city": TEXT, "share": NUM}, 3, ["Berlin", 1.613]
    ),
    "three decimals below one": File(
        "city;share\nBerlin;0.613\nUlm;3\nBonn;2.003\n", {"city": TEXT, "share": NUM}, 3, ["Berlin", 0.613]
    ),
    "three decimals everywhere": File(
        "city;size\nBerlin;1.613\nUlm;3.790\nBonn;2.003\n", {"city": TEXT, "size": NUM}, 3, ["Berlin", 1.613]
    ),
    "three decimals beside other decimals": File(
        "share;size\n0.5;1.613\n0.25;379\n0.75;2.003\n", {"share": NUM, "size": NUM}, 3, [0.5, 1.613]
    ),
    "dates with the day first": File(
        "Datum;Wert\n31.12.2023;1\n01.01.2024;2\n15.02.2024;3\n",
        {"Datum": DATE, "Wert": INT},
        3,
        ["2023-12-31 00:00:00", 1],
    ),
    "dates with the month first": File(
        "date,v\n12/31/2023,1\n01/15/2024,2\n02/20/2024,3\n",
        {"date": DATE, "v": INT},
        3,
        ["2023-12-31 00:00:00", 1],
    ),
    "line ends and quotes inside quotes": File(
        'id,text\n1,"first\nsecond"\n2,"a, ""b"" c\nd"\n3,plain\n',
        {"id": INT, "text": TEXT},
        3,
        [1, "first\nsecond"],
    ),
    "numbers without names": File(
        "5.1,3.5,1.4\n4.9,3.0,1.4\n4.7,3.2,1.3\n",
        {"column_1": NUM, "column_2": NUM, "column_3": NUM},
        3,
        [5.1, 3.5, 1.4],
        decided={"Names": "made up"},
    ),
    "words and numbers without names": File(
        "39, State-gov, 77516\n50, Private, 83311\n38, Private, 215646\n53, State-gov, 234721\n",
        {"column_1": INT, "column_2": TEXT, "column_3": INT},
        4,
        [39, "State-gov", 77516],
        decided={"Names": "made up", "Spaces": "around values left out"},
    ),
    "words alone without names": File(
        "red,round\nblue,square\nred,square\ngreen,round\nblue,round\n",
        {"column_1": TEXT, "column_2": TEXT},
        5,
        ["red", "round"],
    ),
    "names in every script": File(
        "naïve,日本\nжук,1\nλ,2\n",
        {"naïve": TEXT, "日本": INT},
        2,
        ["жук", 1],
        decided={"Names": "from line 1"},
    ),
    "comments above and between": File(
        "# made by a logger\n# unit: C\ntime,temp\n"
        + "2024-01-01 00:00,1.5\n" * 6
        + "# moved\n2024-01-02 00:00,1\n",
        {"time": DATE, "temp": NUM},
        7,
        ["2024-01-01 00:00:00", 1.5],
        decided={"Lines above": "2 lines left out", "Comments": "1 line left out"},
    ),
    "values that begin with the sign of comments": File(
        "tag,count\n#sun,5\n#moon,6\n#stars,7\n", {"tag": TEXT, "count": INT}, 3, ["#sun", 5]
    ),
    "names in the last comment": File(
        "# made by hand\n# id,name,size\n" + "1,a,3.5\n2,b,4.5\n3,c,5.5\n" * 4,
        {"id": INT, "name": TEXT, "size": NUM},
        12,
        [1, "a", 3.5],
        decided={"Names": "from line 2"},
    ),
    "pipes around cells with commas": File(
        "a|b|c\n1|x, y|2\n3|z, w|4\n", {"a": INT, "b": TEXT, "c": INT}, 2, [1, "x, y", 2]
    ),
    "columns aligned with blanks": File(
        "x     y   z\n 1.0  2.0 3\n10.0 20.0 4\n 5.5  1.5 5\n",
        {"x": NUM, "y": NUM, "z": INT},
        3,
        [1.0, 2.0, 3],
        decided={"Separator": "spaces"},
    ),
    "words with blanks in aligned columns": File(
        "Name        Age  City\nJohn Smith   34  New York\n"
        "Ann Lee      28  Boston\nBo Li         5  San Juan\n",
        {"Name": TEXT, "Age": INT, "City": TEXT},
        3,
        ["John Smith", 34, "New York"],
        decided={"Separator": "two spaces or more"},
    ),
    "quoted words between blanks": File(
        'name x y\n"a b" 1 2\n"c d" 3 4\n"e f" 5 6\n', {"name": TEXT, "x": INT, "y": INT}, 3, ["a b", 1, 2]
    ),
    "row names of R, which have no name": File(
        '"a" "b"\n"1" 1.5 2\n"2" 2.5 3\n"3" 3.5 4\n', {"column_1": INT, "a": NUM, "b": INT}, 3, [1, 1.5, 2]
    ),
    "blanks and one tab, as in a known set of cars": File(
        '18.0   8   307.0\t"chevrolet chevelle malibu"\n15.0   8   350.0\t"buick skylark 320"\n'
        '18.0   8   318.0\t"plymouth satellite"\n',
        {"column_1": NUM, "column_2": INT, "column_3": NUM, "column_4": TEXT},
        3,
        [18.0, 8, 307.0, "chevrolet chevelle malibu"],
    ),
    "footnotes after a blank line": File(
        "a,b,c\n1,2,3\n4,5,6\n7,8,9\n\nSource: Office of Numbers\nNote: provisional\n",
        {"a": INT, "b": INT, "c": INT},
        3,
        [1, 2, 3],
        decided={"Footer": "3 lines left out", "Rows kept": "3 of 3"},
    ),
    "a title and a blank row as a spreadsheet writes them": File(
        "Report 2024,,,\n,,,\nregion,q1,q2,q3\nnorth,1,2,3\nsouth,4,5,6\neast,7,8,9\n",
        {"region": TEXT, "q1": INT, "q2": INT, "q3": INT},
        3,
        ["north", 1, 2, 3],
        decided={"Names": "from line 3"},
    ),
    "blank lines everywhere": File(
        "\n\na,b\n\n1,2\n\n\n3,4\n\n5,6\n\n", {"a": INT, "b": INT}, 3, [1, 2], decided={"Rows kept": "3 of 3"}
    ),
    "a line that names the separator": File(
        "sep=;\na;b\n1,5;2\n3,5;4\n5,5;6\n",
        {"a": NUM, "b": INT},
        3,
        [1.5, 2],
        decided={"Names": "from line 2", "Lines above": "1 line left out", "Separator": "semicolon"},
    ),
    "apostrophes for quotes": File(
        "'a','b'\n'x, y','1'\n'z','2'\n'w, u','3'\n", {"a": TEXT, "b": INT}, 3, ["x, y", 1]
    ),
    "a backslash before a quote": File(
        'id,text\n1,"she said \\"hi, you\\""\n2,"plain, text"\n3,"more \\"x, y, z\\""\n',
        {"id": INT, "text": TEXT},
        3,
        [1, 'she said "hi, you"'],
    ),
    "line ends of an old Macintosh": File("a,b\r1,x\r2,y\r3,z\r", {"a": INT, "b": TEXT}, 3, [1, "x"]),
    "line ends of several kinds": File("a,b\r\n1,x\n2,y\r\n3,z\n", {"a": INT, "b": TEXT}, 3, [1, "x"]),
    "JSON in a cell": File(
        'id,geo\n1,"{""type"": ""Point"", ""xy"": [1, 2]}"\n2,"{""type"": ""Line""}"\n',
        {"id": INT, "geo": TEXT},
        2,
        [1, '{"type": "Point", "xy": [1, 2]}'],
    ),
    "gaps, and a row of nothing but gaps": File(
        "a,b,c\n1,,3\n,,\n4,5,\n", {"a": INT, "b": INT, "c": INT}, 2, [1, None, 3], missing=2
    ),
    "years as names": File(
        "country;2019;2020;2021\nPeru;1.5;2.5;3.5\nChad;4.5;5.5;6.5\nOman;7.5;8.5;9.5\n",
        {"country": TEXT, "2019": NUM, "2020": NUM, "2021": NUM},
        3,
        ["Peru", 1.5, 2.5, 3.5],
    ),
    "names that only count": File(
        "0,1,2\n0.5,1.5,2.5\n3.5,4.5,5.5\n", {"0": NUM, "1": NUM, "2": NUM}, 2, [0.5, 1.5, 2.5]
    ),
    "data that counts": File(
        "1,2,3\n2,3,4\n3,4,5\n4,5,6\n", {"column_1": INT, "column_2": INT, "column_3": INT}, 4, [1, 2, 3]
    ),
    "addresses full of other separators": File(
        "id,url\n1,https://example.org/a?b=1;c=2|d\n2,https://example.org/x?y=1;z=2|w\n",
        {"id": INT, "url": TEXT},
        2,
        [1, "https://example.org/a?b=1;c=2|d"],
    ),
    "lists in a cell": File(
        'id,title,genres\n1,Toys (1995),Fun|Anime|Kids\n2,"Heat, The",Crime|War\n3,Ice (1995),Fun\n',
        {"id": INT, "title": TEXT, "genres": TEXT},
        3,
        [1, "Toys (1995)", "Fun|Anime|Kids"],
    ),
    "sentences with every separator": File(
        'label,text\nspam,"Win, win; now"\nham,"ok; see you, then"\nspam,"free; free"\nham,"what?"\n',
        {"label": TEXT, "text": TEXT},
        4,
        ["spam", "Win, win; now"],
    ),
    "inches between tabs": File('a\tb\n1\t5" pipe\n2\t6" pipe\n', {"a": INT, "b": TEXT}, 2, [1, '5" pipe']),
    "quotes between tabs that would swallow rows": File(
        'ham\tone, two\nham\t"two, three\nspam\tthree, four\nham\tfour, five"\nspam\tfive\nham\tsix\n',
        {"column_1": TEXT, "column_2": TEXT},
        6,
        ["ham", "one, two"],
        decided={"Quotes": "part of the text", "Separator": "tab"},
    ),
    "quotes between tabs around lines": File(
        'id\ttext\tn\n1\t"one\ntwo\tx"\t5\n2\t"a\nb"\t6\n3\tc\t7\n',
        {"id": INT, "text": TEXT, "n": INT},
        3,
        [1, "one\ntwo\tx", 5],
    ),
    "hours with gaps, the date in four columns": File(
        "No,year,month,day,hour,pm2.5,DEWP,TEMP,PRES,cbwd,Iws\n1,2010,1,1,0,NA,-21,-11,1021,NW,1.79\n"
        "2,2010,1,1,1,NA,-21,-12,1020,NW,4.92\n25,2010,1,2,0,129,-16,-4.0,1020,SE,1.79\n",
        dict.fromkeys(("No", "year", "month", "day", "hour", "pm2.5", "DEWP"), INT)
        | {"TEMP": NUM, "PRES": INT, "cbwd": TEXT, "Iws": NUM},
        3,
        [1, 2010, 1, 1, 0, None, -21, -11.0, 1021, "NW", 1.79],
        missing=2,
    ),
    "an index without a name": File(
        ",a,b\n0,1.5,x\n1,2.5,y\n2,3.5,z\n", {"column_1": INT, "a": NUM, "b": TEXT}, 3, [0, 1.5, "x"]
    ),
    "a mark before names in quotes": File(
        '\ufeff"a";"b"\n"1";"x;y"\n"3";"z"\n', {"a": INT, "b": TEXT}, 2, [1, "x;y"]
    ),
    "blanks around the cells": File(
        "a , b , c\n1 , x , 2.5\n2 , y , 3.5\n", {"a": INT, "b": TEXT, "c": NUM}, 2, [1, "x", 2.5]
    ),
    "blanks before quotes": File(
        'name, "size", "note"\nann, 1.5, "a, b"\nbob, 2.5, ?\ncara, 3.5, "c, d"\n',
        {"name": TEXT, "size": NUM, "note": TEXT},
        3,
        ["ann", 1.5, "a, b"],
        missing=1,
    ),
    "blanks around names alone": File(
        "a , b \n1,2.5\n2,3.5\n",
        {"a": INT, "b": NUM},
        2,
        [1, 2.5],
        decided={"Spaces": "around names left out"},
    ),
    "rows of separators at the end": File(
        "Date;CO;T;;\n10/03/2004;1,8;26,7;;\n11/03/2004;;28,8;;\n12/03/2004;2,1;11,6;;\n" + ";;;;\n" * 4,
        {"Date": DATE, "CO": NUM, "T": NUM},
        3,
        ["2004-03-10 00:00:00", 1.8, 26.7],
        missing=1,
        decided={"Empty rows": "4 left out", "Rows kept": "3 of 3", "Empty columns": "2 left out"},
    ),
    "rows of blanks and empty quotes": File(
        'a,b\n1,x\n , \n"",""\n,z\n', {"a": INT, "b": TEXT}, 2, [1, "x"], 1, {"Empty rows": "2 left out"}
    ),
    "days as names over figures": File(
        "Province/State,Country/Region,Lat,Long,1/1/20,1/2/20,1/3/20\n"
        ',France,36.1,42.3,121,617,629\n"Korea, South",Korea,-22.3,43.6,384,534,897\n,Peru,6.7,7,67,9,3\n',
        {"Province/State": TEXT, "Country/Region": TEXT, "Lat": NUM, "Long": NUM}
        | dict.fromkeys(("1/1/20", "1/2/20", "1/3/20"), INT),
        3,
        [None, "France", 36.1, 42.3, 121, 617, 629],
        missing=2,
    ),
    "years as names after several words": File(
        "Country Name,Country Code,Indicator,1960,1961,1962,1963,1964\n"
        "Aruba,ABW,Population,54,55,56,57,58\nChad,TCD,Population,30,31,32,33,34\nPeru,PER,Size,1,2,3,4,5\n",
        {"Country Name": TEXT, "Country Code": TEXT, "Indicator": TEXT}
        | dict.fromkeys(("1960", "1961", "1962", "1963", "1964"), INT),
        3,
        ["Aruba", "ABW", "Population", 54, 55, 56, 57, 58],
    ),
    "days as values without names": File(
        "1/1/20,5,a\n1/2/20,6,b\n1/3/20,7,a\n",
        {"column_1": DATE, "column_2": INT, "column_3": TEXT},
        3,
        ["2020-01-01 00:00:00", 5, "a"],
    ),
    "a total and a source below, as a spreadsheet writes them": File(
        "Region,Product,Units\nNorth,A,3\nSouth,B,228\nNorth,B,39\nTotal,,270\n\nSource: internal,,\n",
        {"Region": TEXT, "Product": TEXT, "Units": INT},
        3,
        ["North", "A", 3],
        decided={"Footer": "3 lines left out"},
    ),
    "a total after an empty row": File(
        "Ort;Art;Zahl\nUlm;a;3\nBonn;b;4\nKiel;a;5\n;;\nSumme:;;12\n",
        {"Ort": TEXT, "Art": TEXT, "Zahl": INT},
        3,
        ["Ulm", "a", 3],
        decided={"Footer": "1 line left out", "Empty rows": "1 left out"},
    ),
    "a source right below the rows": File(
        'a,b,c\nx,2,3\ny,5,6\nz,8,9\n"Source: Office, Bern",,\n',
        {"a": TEXT, "b": INT, "c": INT},
        3,
        ["x", 2, 3],
        decided={"Footer": "1 line left out"},
    ),
    "a total right below the rows, which nothing parts from them": File(
        "a,b,c\nx,2,3\ny,5,6\ntotal,7,9\n", {"a": TEXT, "b": INT, "c": INT}, 3, ["x", 2, 3]
    ),
    "a last row with gaps": File(
        "a,b,c\nx,2,3\ny,5,6\nz,,\n", {"a": TEXT, "b": INT, "c": INT}, 3, ["x", 2, 3], missing=2
    ),
    "a name over two lines": File(
        '"a\nb",c\n1,2\n3,4\n', {"a b": INT, "c": INT}, 2, [1, 2], decided={"Names": "from line 2"}
    ),
}


@pytest.mark.parametrize("what", FILES)
def test_a_file_comes_out_as_it_was_meant(read: Read, what: str) -> None:
    file = FILES[what]
    profile = read(file.text)
    assert {column["name"]: column["type"] for column in profile["columns"]} == file.columns
    assert (profile["rows"], sum(column["missing"] for column in profile["columns"])) == (
        file.rows,
        file.missing,
    )
    assert {name: decision(profile, name)["value"] for name in file.decided} == file.decided
    first = pq.read_table(profile["folder"] / "table.parquet").slice(0, 1).to_pylist()[0]
    assert [
        value if isinstance(value, int | float) or value is None else str(value) for value in first.values()
    ] == file.first


@pytest.mark.parametrize("word", ["–", "k. A.", "(none)", "n\\a", "[-]", "a|b", "…", "not known", "^$", "無"])
def test_any_word_may_be_read_as_missing(read: Read, word: str) -> None:
    profile = read(f"a;b\n1;x\n{word};y\n3;z\n", missing=[word])
    found = profile["columns"][0]
    assert (found["type"], found["missing"]) == (INT, 1)
