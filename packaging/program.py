"""The built app's entry: ``torchloom [ARGUMENTS]``, and ``torchloom -m MODULE`` for the processes that it starts.

It takes ``-m`` as Python does, but for its own programs only, so that the rest of the app need not know that it is
built.
"""

import faulthandler
import io
import multiprocessing
import os
import sys

multiprocessing.freeze_support()  # before anything else: torch may start this program as one of its own processes


def main() -> int:
    """Run what is asked for; gives the exit status."""
    _heed_environment()
    if sys.argv[1:2] != ["-m"]:
        from gui.__main__ import main as torchloom

        return torchloom()
    module, sys.argv[1:] = sys.argv[2] if len(sys.argv) > 2 else "", sys.argv[3:]
    match module:
        case "engine":
            from engine.cli import main as command_line

            return command_line()
        case "engine.cli.standby":
            from engine.cli.standby import main as standby

            return standby()
        case "engine.runtime.worker":
            from engine.runtime.worker import main as worker

            return worker()
        case "selftest":
            from selftest import main as selftest

            return selftest()
    print(f"torchloom: -m {module}: this program has no such part.", file=sys.stderr)
    return 2


def _heed_environment() -> None:
    """Do what Python would have done, and give the processes we start the libraries of the system."""
    if os.environ.get("PYTHONFAULTHANDLER") and sys.stderr is not None:
        faulthandler.enable()
    if os.environ.get("PYTHONUNBUFFERED"):
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(write_through=True)
    # The path was for the loader, which has done its work. A file manager or browser must not load our libraries.
    before = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
    if before:
        os.environ["LD_LIBRARY_PATH"] = before
    elif getattr(sys, "frozen", False):
        os.environ.pop("LD_LIBRARY_PATH", None)
    os.environ["PYINSTALLER_RESET_ENVIRONMENT"] = "1"  # one of us that we start sets up its own


if __name__ == "__main__":
    sys.exit(main())
