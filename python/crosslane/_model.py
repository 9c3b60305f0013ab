"""A saved model."""
import os
from typing import NamedTuple

import numpy as np

from ._errors import Error
from ._library import CODES, DOUBLE, FLOAT, SETS, Column, Fault, library, texts

_KINDS = ("category", "number", "multi_hot")
_NUMBERS = {np.dtype(np.float32): FLOAT, np.dtype(np.float64): DOUBLE}
_CODES = (np.dtype(np.uint32), np.dtype(np.int32))


class Sets(NamedTuple):
    """The codes of a multi-hot input: row r has codes[offsets[r]:offsets[r + 1]].

    codes    uint32, those of all rows one after another
    offsets  uintp, (rows + 1)
    """
    codes: np.ndarray
    offsets: np.ndarray


class Model:
    """A trained model, opened from models/KEY.safetensors of a run folder.

    path  the file
    isa   the instruction set that it computes with ("scalar", "avx2", "avx512", "neon"); None:
          the best one of this machine. All give the same numbers to the last bit.

    Raises Error: kind "data" for a file that is no model, or damaged; "usage" for an
    instruction set that this machine does not run, and for a model that reads histories, which
    only a data set has.

    One model may be used by several threads at once.
    """

    def __init__(self, path, isa=None):
        self._model = None
        with Fault() as fault:
            self._model = fault.check(library.model_open_isa(
                os.fsencode(path), isa.encode() if isa else None, fault.error))
        count = library.model_inputs(self._model)
        if count == 0:
            raise Error("the model reads a history, which only a data set has")
        #: Names of the columns that it reads.
        self.inputs = [library.model_input_name(self._model, i).decode() for i in range(count)]
        #: The ratings that an ordinal head tells apart, float32, ascending; empty of a linear one.
        self.levels = np.array([library.model_level(self._model, k)
                                for k in range(library.model_levels(self._model))], np.float32)

    def __del__(self):
        if getattr(self, "_model", None) is not None:
            library.model_free(self._model)
            self._model = None

    @property
    def isa(self):
        """The instruction set that it computes with."""
        return library.model_isa(self._model).decode()

    @property
    def label(self):
        """Of its architecture in the run."""
        return library.model_label(self._model).decode()

    @property
    def mse(self):
        """Its mean squared error on the test rows."""
        return library.model_mse(self._model)

    def _input(self, name):
        if name not in self.inputs:
            raise Error(f"the model reads no '{name}', but {', '.join(self.inputs)}")
        return self.inputs.index(name)

    def kind(self, name):
        """Of an input: "category", "number" or "multi_hot"."""
        return _KINDS[library.model_input_kind(self._model, self._input(name))]

    def words(self, name):
        """The words of a category or multi-hot input; word c has code c. None of a number."""
        i = self._input(name)
        return [library.model_input_word(self._model, i, code).decode()
                for code in range(library.model_input_words(self._model, i))]

    def encode(self, name, values):
        """Codes of the words of an input, once for many predictions.

        values  (rows) texts; None and NaN are no word. Others than texts are taken as str()
                writes them. Of a multi-hot input each is words joined by its separator.

        Returns uint32 (rows) for a category, where words that the model does not have are
        0xFFFFFFFF; Sets for a multi-hot input, without them. Raises Error for a number.
        """
        i, (array, rows) = self._input(name), texts(values)
        with Fault() as fault:
            if self.kind(name) == "multi_hot":
                return self._encode_sets(i, array, rows, fault)
            codes = np.empty(rows, np.uint32)
            fault.check(library.model_encode(self._model, i, rows, array, codes.ctypes.data,
                                             fault.error) == 0)
        return codes

    def _encode_sets(self, i, array, rows, fault):
        offsets = np.zeros(rows + 1, np.uintp)
        library.model_encode_sets(self._model, i, rows, array, None, 0, offsets.ctypes.data,
                                  fault.error)
        codes = np.empty(int(offsets[rows]), np.uint32)
        fault.check(library.model_encode_sets(self._model, i, rows, array, codes.ctypes.data,
                                              codes.size, offsets.ctypes.data, fault.error) == 0)
        return Sets(codes, offsets)

    def predict(self, columns, out=None):
        """The ratings of rows.

        columns  a dict of arrays, or a DataFrame, with one column (rows) for each input:
                 a number: float32 or float64 are read where they lie, also with strides; others
                 become float64. NaN is missing.
                 a category: uint32 or int32 codes of `encode` are read where they lie (-1 is no
                 word); texts are encoded. Other integers are refused, as they might be either.
                 a multi-hot input: Sets, or texts.
        out      float32 (rows), contiguous, to be filled; None: a new array

        Returns float32 (rows), on the scale of the ratings; the bits are those of `crosslane
        predict`. Raises Error with the row as `line` and the input as `column`.
        """
        return self._answer(library.predict_coded, columns, (), out)

    def probabilities(self, columns, out=None):
        """How likely each of `levels` is, of an ordinal head.

        columns  as of `predict`

        Returns float32 (rows, levels). Raises Error for a linear head.
        """
        return self._answer(library.probabilities_coded, columns, (len(self.levels),), out)

    def _answer(self, function, columns, shape, out):
        kept, table, rows = [], (Column * len(self.inputs))(), None
        for i, name in enumerate(self.inputs):
            if name not in columns:
                raise Error(f"no column for '{name}': the model reads {', '.join(self.inputs)}")
            count = self._fill(table[i], name, columns[name], kept)
            if rows not in (None, count):
                raise Error(f"'{name}' has {count} rows, the columns before it {rows}")
            rows = count
        shape = (rows, *shape)
        if out is None:
            out = np.empty(shape, np.float32)
        elif out.dtype != np.float32 or out.shape != shape or not out.flags.c_contiguous:
            raise Error(f"out must be float32 of the shape {shape}, contiguous")
        with Fault() as fault:
            fault.check(function(self._model, rows, table, out.ctypes.data, fault.error) == 0)
        return out

    def _fill(self, column, name, values, kept):
        """One input; `kept` holds the arrays until the call is done. Returns its rows."""
        kind = self.kind(name)
        if kind == "multi_hot":
            sets = values if isinstance(values, Sets) else self.encode(name, values)
            codes = np.ascontiguousarray(sets.codes, np.uint32)
            offsets = np.ascontiguousarray(sets.offsets, np.uintp)
            kept += [codes, offsets]
            column.type, column.values = SETS, codes.ctypes.data
            column.offsets = offsets.ctypes.data
            if len(offsets) == 0 or int(offsets.max()) > len(codes):
                raise Error(f"'{name}': the offsets do not fit the codes")
            return len(offsets) - 1
        array = np.asarray(values)
        if array.ndim != 1:
            raise Error(f"'{name}' has {array.ndim} dimensions, not one")
        if kind == "number":
            if array.dtype not in _NUMBERS:
                array = array.astype(np.float64)
            column.type = _NUMBERS[array.dtype]
        else:
            array = self._codes(name, array)
            column.type = CODES
        if array.size > 1 and array.strides[0] <= 0:
            array = np.ascontiguousarray(array)
        kept.append(array)
        column.values, column.stride = array.ctypes.data, array.strides[0]
        return len(array)

    def _codes(self, name, array):
        if array.dtype in _CODES:
            return array
        if np.issubdtype(array.dtype, np.number) or array.dtype == bool:
            raise Error(f"'{name}' is {array.dtype}: are they codes or words? Give uint32 codes, or "
                        f"model.encode('{name}', values)")
        return self.encode(name, array)
