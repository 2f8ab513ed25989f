"""Workbooks as people save them, and as nobody should."""

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import openpyxl
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

Rows = Sequence[Sequence[Any]]
ERROR = object()
CALC = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"
PLAIN: Rows = [
    ["city", "people", "area", "founded", "coast"],
    ["Rome", 2873000, 1285.5, date(2020, 1, 2), False],
    ["Oslo", 709000, 454.0, date(2021, 5, 3), True],
    ["Nice", 342000, None, date(1960, 3, 24), True],
    ["Bonn", 331000, 141.06, None, False],
]


def xlsx(rows: Rows = PLAIN, change: Callable[[Any], None] = lambda book: None, title: str = "Data") -> bytes:
    """A workbook by Excel's rules; `change` may do to it what people do."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    change(book)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def xls(rows: Rows = PLAIN) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Data")
    day = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            if isinstance(cell, date):
                sheet.write(number, place, cell, day)
            elif cell is not None:
                sheet.write(number, place, cell)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def ods(rows: Rows = PLAIN) -> bytes:
    book, sheet = OpenDocumentSpreadsheet(), Table(name="Data")
    for row in rows:
        line = TableRow()
        for cell in row:
            line.addElement(_ods_cell(cell))
        sheet.addElement(line)
    book.spreadsheet.addElement(sheet)
    made = io.BytesIO()
    book.write(made)
    return made.getvalue()


def _ods_cell(value: Any) -> Any:
    if value is None:
        return TableCell()
    if value is ERROR:
        cell = TableCell(valuetype="string")
        cell.setAttrNS(CALC, "value-type", "error")
        cell.addElement(P(text="#DIV/0!"))
        return cell
    if isinstance(value, bool):
        return TableCell(valuetype="boolean", booleanvalue=str(value).lower())
    if isinstance(value, int | float):
        return TableCell(valuetype="float", value=value)
    if isinstance(value, date):
        return TableCell(valuetype="date", datevalue=value.isoformat())
    cell = TableCell(valuetype="string")
    cell.addElement(P(text=value))
    return cell


def with_part(book: bytes, parts: Mapping[str, bytes]) -> bytes:
    """The same workbook with other bytes in some of its parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in {*old.namelist(), *parts}:
            new.writestr(name, parts.get(name) or old.read(name))
    return made.getvalue()


def compound(stream: str) -> bytes:
    """The beginning of an old Office document that names one stream."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + f"{stream}\0".encode("utf-16-le") + bytes(1000)


SHEET = (
    b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    b"<sheetData>%s</sheetData></worksheet>"
)
