"""The process that reads what is not ours: it alone imports a user's module, or an ONNX file.

Reads one `Errand` as JSON from stdin, writes one `Traced` to stdout; their talk goes to stderr.
"""

import os
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path

import msgspec

from advisor.errors import AdvisorError
from advisor.model import onnx_file
from advisor.model.child import Errand, Traced
from advisor.workload import Workload


def limit(errand: Errand) -> None:
    """Bound what this process may use; where the system has no such limits, its parent's time."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        seconds = int(errand.seconds) + 1
        for name, most in ((resource.RLIMIT_DATA, errand.bytes), (resource.RLIMIT_CPU, seconds)):
            _, hard = resource.getrlimit(name)
            capped = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(name, (capped, hard))


def traced(name: str) -> Workload:
    """Import the module from the working folder, or where Python looks, and trace its network."""
    module, colon, function = name.partition(":")
    if not (module and colon and function):
        raise AdvisorError(f"trace {name}", "it is not of the form package.module:factory")
    try:
        from advisor.model import factory
    except ImportError as error:
        raise AdvisorError(
            f"trace {name}", "torch is not installed", remedy="install the extra `bench`"
        ) from error
    sys.path.insert(0, str(Path.cwd()))  # after torch, so that nothing there can take its place
    try:
        found = import_module(module)
    except (Exception, SystemExit) as error:  # whatever a user's module raises is theirs to read
        wrong = f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"
        raise AdvisorError(f"trace {name}", wrong) from error
    return factory.workload(found, function, name)


def answer(errand: Errand) -> Traced:
    """Trace, and say what went wrong in words."""
    try:
        if errand.form == "onnx":
            return Traced(workload=onnx_file.workload(Path(errand.name), errand.sequence))
        return Traced(workload=traced(errand.name))
    except AdvisorError as error:
        return Traced(wrong=error.wrong, remedy=error.remedy)
    except MemoryError:
        most = f"it needs more than {errand.bytes / 2**30:.1f} GiB"
        return Traced(wrong=most, remedy="trace on a machine with more memory free")


def main() -> None:
    """Run the errand, and keep stdout for the answer alone."""
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    errand = msgspec.json.decode(sys.stdin.buffer.read(), type=Errand)
    limit(errand)
    replies.write(msgspec.msgpack.encode(answer(errand)))
    replies.flush()
    os._exit(0)  # threads that a user's module left behind are not waited for


if __name__ == "__main__":
    main()
