"""Operating system, Python and torch: versions read from files, nothing imported."""

import re

import msgspec

from advisor.machine import Gap, Software
from advisor.probe.mounts import Mount
from advisor.probe.parse import pairs
from advisor.probe.source import Json, Source
from advisor.probe.surroundings import BARE, RELEASE, container

_RELEASES = ("/etc/os-release", "/usr/lib/os-release")
_VERSION = re.compile(r"^__version__(?:: \w+)? = ['\"]([^'\"]{1,60})['\"]", re.MULTILINE)
_CUDA = re.compile(r"^cuda(?:: [\w\[\]]+)? = ['\"]([^'\"]{1,20})['\"]", re.MULTILINE)
_HIP = re.compile(r"^hip(?:: [\w\[\]]+)? = ['\"]([^'\"]{1,40})['\"]", re.MULTILINE)


class Seen(msgspec.Struct, frozen=True):
    """Versions, and what could not be found out about them."""

    software: Software
    gaps: tuple[Gap, ...]


def look(source: Source, mounts: tuple[Mount, ...]) -> Seen:
    """See the system's and Python's side of the software; drivers tell theirs elsewhere."""
    path = source.process("path")
    torch = _torch(source, path)
    around = container(source, mounts)
    compiler, headers = source.process("compiler"), source.process("headers")
    spaced = source.process("torch_spaced") if torch else None
    software = Software(
        os=_name(source),
        kernel=_kernel(source),
        container=None if around == BARE else around,
        python=_said(source, "python"),
        torch=torch.get("version"),
        torch_cuda=torch.get("cuda"),
        torch_hip=torch.get("hip"),
        compiler=compiler if isinstance(compiler, str) and compiler else None,
        python_headers=headers if isinstance(headers, bool) else None,
        torch_spaced=spaced if isinstance(spaced, bool) else None,
    )
    reasons = {
        "os": source.why(_RELEASES[0]),
        "kernel": source.why(RELEASE),
        "python": source.why("python"),
    }
    if around is None:
        why = "the tree holds no trace that a container leaves, nor of one being absent"
        reasons["container"] = why
    if not isinstance(path, list):  # where Python looks is known, and torch is not there: no gap
        reasons["torch"] = source.why("path")
    if software.torch:  # without torch, nobody asks what compiles it
        reasons |= {} if compiler == "" else {"compiler": source.why("compiler")}
        reasons["python_headers"] = source.why("headers")
    missing = [(k, why) for k, why in reasons.items() if getattr(software, k) is None]
    return Seen(software, tuple(Gap(f"software.{k}", why) for k, why in missing))


def _name(source: Source) -> str | None:
    if not source.linux:
        return _said(source, "system")
    for path in _RELEASES:
        name = pairs(source.text(path), "=").get("PRETTY_NAME", "").strip("\"'")
        if name:
            return name
    return None


def _said(source: Source, name: str) -> str | None:
    answer = source.process(name)
    return answer if isinstance(answer, str) else None


def _kernel(source: Source) -> str | None:
    if not source.linux:
        return _said(source, "release")
    told = source.text(RELEASE)
    match = re.match(r"Linux version (\S{1,100})", source.text("/proc/version") or "")
    return told or (match[1] if match else None)


def _torch(source: Source, path: Json) -> dict[str, str]:
    """Version, CUDA and ROCm of the torch that this Python would import."""
    for folder in path if isinstance(path, list) else []:
        text = source.text(f"{folder}/torch/version.py")
        if text:
            found = {"version": _VERSION, "cuda": _CUDA, "hip": _HIP}
            return {name: m[1] for name, pattern in found.items() if (m := pattern.search(text))}
    return {}
