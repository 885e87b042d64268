"""Errors with a cause outside the program: a file, a device, a disk or a process that is not as it should be."""


class EngineError(Exception):
    """An error that the user can understand and act on; never shown with a traceback.

    ``code`` is stable, a letter and three digits: ``F`` file, ``D`` data, ``R`` run, ``M`` machine, ``E`` export,
    ``G`` graph.
    """

    code = "E000"

    def __init__(self, message: str, *, hint: str = "", node: str | None = None, code: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.node = node
        if code:
            self.code = code

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class FileProblem(EngineError):
    """A file that cannot be read or written, or is not what it should be."""

    code = "F001"


class DataProblem(EngineError):
    """A data set that cannot be loaded as asked.

    ``remedy``: the `SettingFix` of a reader, which would solve it.
    """

    code = "D001"

    def __init__(self, message: str, *, hint: str = "", code: str = "", remedy: object = None) -> None:
        super().__init__(message, hint=hint, code=code)
        self.remedy = remedy


class RunProblem(EngineError):
    """A run folder that is missing, damaged or busy, or a training that cannot continue."""

    code = "R001"


class MachineProblem(EngineError):
    """A device, memory or disk that this machine does not have."""

    code = "M001"


class ExportProblem(EngineError):
    """An export that cannot be written as asked."""

    code = "E001"
