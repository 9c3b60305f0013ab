"""The one exception of the package."""


class Error(Exception):
    """What went wrong, as Crosslane says it.

    kind     "usage", "config", "data", "system", "trial" or "interrupted"
    file     the file that it is of, "" where there is none
    line     in that file, or the row of a prediction; from 1, 0: no such place
    column   in that line, or the input of a prediction; from 1, 0: no such place
    """

    def __init__(self, message, kind="usage", file="", line=0, column=0):
        super().__init__(message)
        self.kind, self.file, self.line, self.column = kind, file, line, column
