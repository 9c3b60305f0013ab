"""libcrosslane by ctypes: what crosslane/*.h declare, as far as it is used here."""
import ctypes
import ctypes.util
import os
from ctypes import (POINTER, Structure, c_char_p, c_double, c_float, c_int, c_size_t, c_uint32,
                    c_void_p)

import pandas

from ._errors import Error

SOVERSION = 0
KINDS = ("", "usage", "config", "data", "system", "trial", "interrupted")
CODES, FLOAT, DOUBLE, SETS = range(4)  # enum crosslane_column_type


class Column(Structure):
    """struct crosslane_column."""
    _fields_ = [("type", c_int), ("values", c_void_p), ("stride", c_size_t),
                ("offsets", c_void_p)]


_TEXTS = POINTER(c_char_p)
# Name: result, arguments.
_FUNCTIONS = {
    "version": (c_char_p, []),
    "error_new": (c_void_p, []),
    "error_free": (None, [c_void_p]),
    "error_kind_of": (c_int, [c_void_p]),
    "error_message": (c_char_p, [c_void_p]),
    "error_file": (c_char_p, [c_void_p]),
    "error_line": (c_size_t, [c_void_p]),
    "error_column": (c_size_t, [c_void_p]),
    "model_open_isa": (c_void_p, [c_char_p, c_char_p, c_void_p]),
    "model_free": (None, [c_void_p]),
    "model_isa": (c_char_p, [c_void_p]),
    "model_key": (c_char_p, [c_void_p]),
    "model_label": (c_char_p, [c_void_p]),
    "model_mse": (c_double, [c_void_p]),
    "model_levels": (c_size_t, [c_void_p]),
    "model_level": (c_float, [c_void_p, c_size_t]),
    "model_inputs": (c_size_t, [c_void_p]),
    "model_input_name": (c_char_p, [c_void_p, c_size_t]),
    "model_input_kind": (c_int, [c_void_p, c_size_t]),
    "model_input_words": (c_size_t, [c_void_p, c_size_t]),
    "model_input_word": (c_char_p, [c_void_p, c_size_t, c_uint32]),
    "model_encode": (c_int, [c_void_p, c_size_t, c_size_t, _TEXTS, c_void_p, c_void_p]),
    "model_encode_sets": (c_int, [c_void_p, c_size_t, c_size_t, _TEXTS, c_void_p, c_size_t,
                                  c_void_p, c_void_p]),
    "predict_coded": (c_int, [c_void_p, c_size_t, POINTER(Column), c_void_p, c_void_p]),
    "probabilities_coded": (c_int, [c_void_p, c_size_t, POINTER(Column), c_void_p, c_void_p]),
}


def _load():
    named = os.environ.get("CROSSLANE_LIBRARY")
    names = [named] if named else [f"libcrosslane.so.{SOVERSION}", f"libcrosslane.{SOVERSION}.dylib",
                                   ctypes.util.find_library("crosslane")]
    reasons = []
    for name in filter(None, names):
        try:
            return ctypes.CDLL(name)
        except OSError as fault:
            reasons.append(str(fault))
    raise Error("libcrosslane is not found: install Crosslane, or name the file in "
                "CROSSLANE_LIBRARY (" + "; ".join(reasons) + ")", "system")


class _Library:
    """Its functions without the prefix; loaded when the first of them is used."""

    def __getattr__(self, name):
        if name not in _FUNCTIONS:
            raise AttributeError(name)
        if "_loaded" not in self.__dict__:
            self._loaded = _load()
        function = getattr(self._loaded, "crosslane_" + name)
        function.restype, function.argtypes = _FUNCTIONS[name]
        setattr(self, name, function)
        return function


library = _Library()


class Fault:
    """A crosslane_error for the calls of one `with`.

    with Fault() as fault:
        fault.check(library.predict_coded(..., fault.error))
    """

    def __enter__(self):
        self.error = library.error_new()
        return self

    def __exit__(self, *_):
        library.error_free(self.error)

    def check(self, done):
        """Raises what the call says, unless it is done: a pointer, or status 0."""
        if not done:
            raise Error(library.error_message(self.error).decode(),
                        KINDS[library.error_kind_of(self.error)],
                        library.error_file(self.error).decode(),
                        library.error_line(self.error), library.error_column(self.error))
        return done


def version():
    """The version of libcrosslane: "0.2.0"."""
    return library.version().decode()


def texts(values):
    """An array of C strings, and how many they are; None and NaN are NULL."""
    encoded = [value.encode() if isinstance(value, str)
               else None if pandas.isna(value) else str(value).encode() for value in values]
    return (c_char_p * len(encoded))(*encoded), len(encoded)
