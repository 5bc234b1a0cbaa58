"""Reads a Parquet file into a table: whole numbers, decimals and words.

A column of binary floats holds the numbers nearest to those that were written. Each is read as the shortest decimal
that stands for it, which is what was written as long as that had up to 15 digits; one that needs more is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from starrating.domain.exact import Integers, Mask
from starrating.interchange.cells import SPARE
from starrating.interchange.collecting import FaultList, shown
from starrating.interchange.numerals import REACH, Numerals, narrowed, read_numerals
from starrating.interchange.shape import CellKind, Plan, Progress, Table, TableBuilder, planned
from starrating.interchange.words import Words

_BATCH = 1 << 16
_EXACT_DIGITS = 15
"""Decimal digits that a binary float of 64 bits gives back as they were written."""


def read_parquet(
    file: BinaryIO, plan: Plan, faults: FaultList, *, may_be_empty: bool = False, progress: Progress | None = None
) -> Table:
    """The table in `file`; faults of cells are noted in `faults`, after which the table is not to be used."""
    try:
        table = _read(pq.ParquetFile(file), plan, faults, progress)
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        faults.stop("not_parquet", reason=shown(str(error).partition("\n")[0]))
    if table.rows == 0 and not len(faults) and not may_be_empty:
        faults.stop("only_header", 1)
    return table


def _read(source: Any, plan: Plan, faults: FaultList, progress: Progress | None) -> Table:
    schema = source.schema_arrow
    header = list(schema.names)
    if not header:
        faults.stop("empty_file")
    chosen = planned(header, 1, plan, faults)
    _refuse_types({name: (schema.field(at).type, kind) for at, name, kind in chosen}, faults)
    builder = TableBuilder(header, chosen, faults)
    total, done = source.metadata.num_rows, 0
    for batch in source.iter_batches(batch_size=_BATCH, columns=[name for _, name, _ in chosen]):
        faults.refuse_if_full()
        for _, name, kind in chosen:
            _add(builder, name, kind, batch.column(name), faults)
        builder.lines.add(len(batch), done + 2)
        done += len(batch)
        if progress is not None:
            progress(Fraction(done, total))
    return builder.finish()


def _refuse_types(types: Mapping[str, tuple[Any, CellKind]], faults: FaultList) -> None:
    """Refuses columns whose type cannot hold an exact number or a word."""
    for name, (kind, _) in types.items():
        number = pa.types.is_integer(kind) or pa.types.is_decimal(kind) or _is_float(kind)
        if not (number or _is_text(kind) or pa.types.is_null(kind)):
            faults.add("other_type_column", 1, header=name, type=str(kind))
    faults.refuse_if_any()


def _is_float(kind: Any) -> bool:
    return bool(pa.types.is_float64(kind) or pa.types.is_float32(kind))


def _is_text(kind: Any) -> bool:
    plain = kind.value_type if pa.types.is_dictionary(kind) else kind
    return bool(pa.types.is_string(plain) or pa.types.is_large_string(plain) or pa.types.is_string_view(plain))


def _add(builder: TableBuilder, name: str, kind: CellKind, array: Any, faults: FaultList) -> None:
    first = builder.lines.rows + 2
    if kind is not CellKind.NUMBER:
        builder.add_words(name, Words(_text(array).to_pylist()), first.__add__)
        return
    if pa.types.is_integer(array.type) or pa.types.is_decimal(array.type):
        numerals = _numbers(array)
    else:
        if _is_float(array.type):
            array = _shortest(array)
            _refuse_long(array, name, first, faults)
        array = _text(array)
        numerals = _parsed(array)
    builder.add_numbers(name, numerals, partial(_cell, array), first.__add__)


def _shortest(array: Any) -> Any:
    """Binary floats as the shortest decimals that stand for them, written out in full."""
    text = _text(array)
    powers = pc.match_substring(text, "e")
    if not pc.any(powers).as_py():
        return text
    return pa.array([f"{Decimal(cell):f}" if "e" in cell else cell for cell in text.to_pylist()], pa.large_string())


def _refuse_long(text: Any, name: str, first: int, faults: FaultList) -> None:
    """Notes binary floats that no decimal of up to 15 digits stands for: they come from a calculation."""
    digits = pc.utf8_length(pc.replace_substring_regex(text, r"^-?0*\.?0*|\.|0+$", ""))
    for row in np.flatnonzero(pc.greater(digits, _EXACT_DIGITS).to_numpy(zero_copy_only=False)).tolist():
        if faults.full:
            break
        faults.add("binary_float", first + row, header=name, text=text[row].as_py())


def _cell(array: Any, row: int) -> str:
    return str(array[row].as_py())


def _text(array: Any) -> Any:
    """The column as text with its blanks empty; refuses what is no UTF-8."""
    text = array.cast(pa.large_string()).fill_null("")
    text.validate(full=True)
    return text


def _parsed(array: Any) -> Numerals:
    """Numbers written as text, read as those of a CSV are."""
    _, places, data = array.buffers()
    ends = np.frombuffer(places, dtype=np.int64)[array.offset : array.offset + len(array) + 1]
    text = bytes(data) if data is not None else b""
    marks = np.frombuffer(text + bytes(SPARE), dtype=np.uint8)
    return read_numerals(marks, ends[None, :-1], ends[None, 1:])[0]


def _numbers(array: Any) -> Numerals:
    """Whole numbers or decimals, exactly."""
    blank: Mask = np.asarray(array.is_null().to_numpy(zero_copy_only=False), dtype=bool)
    if pa.types.is_integer(array.type):
        numbers, decimals = array.fill_null(0).to_numpy(zero_copy_only=False), 0
        numbers = numbers.astype(object) if numbers.dtype == np.uint64 else numbers.astype(np.int64)
    else:
        numbers, decimals = _unscaled(array, blank), array.type.scale
        if decimals < 0:
            numbers, decimals = numbers.astype(object) * 10**-decimals, 0
    if numbers.dtype == np.int64 and len(numbers) and not (-REACH < int(numbers.min()) <= int(numbers.max()) < REACH):
        numbers = numbers.astype(object)
    return Numerals(narrowed(numbers), decimals, blank if blank.any() else None)


def _unscaled(array: Any, blank: Mask) -> Integers:
    """The whole numbers that decimals are stored as, 0 where blank: little-endian, of 4, 8, 16 or 32 bytes."""
    width = array.type.bit_width // 8
    begin, end = array.offset * width, (array.offset + len(array)) * width
    stored = np.frombuffer(array.buffers()[1], dtype=np.uint8)[begin:end]
    if width <= 8:
        numbers: Integers = stored.view(f"<i{width}").astype(np.int64)
    else:
        limbs: NDArray[np.int64] = stored.view("<i8").reshape(len(array), width // 8)
        numbers = limbs[:, 0].copy()
        if not (limbs[:, 1:] == (numbers >> 63)[:, None]).all(where=~blank[:, None]):
            texts = [stored[at : at + width].tobytes() for at in range(0, len(stored), width)]
            numbers = np.array([int.from_bytes(text, "little", signed=True) for text in texts], dtype=object)
    numbers[blank] = 0
    return numbers
