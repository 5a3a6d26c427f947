"""Takes out of a look what tells whose machine it is: names, paths, serials, addresses.

Each secret becomes a token, the same one wherever it occurs, so that a file still belongs to its
folder and a group to its mount. What may stay is listed; what is not listed goes.
"""

import re
from collections.abc import Callable, Iterable

_UUID = r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"
_MAC = r"(?<![\w:.])(?:[0-9a-fA-F]{2}[:-]){5,19}[0-9a-fA-F]{2}(?![\w:])"
_MAC_NAME = r"(?<=\b(?:en|wl|ww)x)[0-9a-f]{12}\b"  # udev names links after their address
_IPV4 = r"(?<![\w.-])(?:\d{1,3}\.){3}\d{1,3}(?![\w.-])"
_IPV6 = r"(?<![\w:.])(?:(?:[0-9a-fA-F]{1,4}:){4,7}[0-9a-fA-F]{1,4}|[0-9a-fA-F:]*::[0-9a-fA-F:]+)"
_BUILDER = r"(?<=\()[^()@\s]{1,80}@[^()\s]{1,80}(?=\))"  # /proc/version: user@host of the kernel
_PATTERNS = re.compile(f"{_UUID}|{_MAC}|{_MAC_NAME}|{_IPV4}|{_IPV6}|{_BUILDER}")
_ADDRESSLESS = re.compile(f"{_UUID}|{_MAC}|{_MAC_NAME}|{_BUILDER}")
# Versions may look like addresses: 5.15.90.1-microsoft-standard-WSL2.
_VERSIONS = ("/osrelease", "/version", "/os-release", "/version.py")

# Folder and file names that say nothing of who uses the machine.
_WORDS = frozenset(
    """
    . .. proc self sys fs cgroup unified systemd memory cpu cpuacct cpu,cpuacct cpuset etc usr
    lib lib64 lib32 libexec bin sbin opt var run dev shm pts mqueue hugepages tmp home root
    mnt media srv local share boot efi kernel debug tracing config security bpf pstore
    site-packages dist-packages torch nvidia dri kfd accel by-path mapper block net class
    devices bus pci containerenv .containerenv .dockerenv .singularity.d os-release machine-id
    dbus hostname hosts resolv.conf overlay overlay2 docker containers user.slice system.slice
    machine.slice init.scope kubepods kubepods.slice lxc wsl x86_64-linux-gnu
    aarch64-linux-gnu powerpc64le-linux-gnu cpus mems container nvidiactl nvidia-uvm
    """.split()  # noqa: SIM905 -- a list of sixty words reads best as words
)
_PLAIN = re.compile(
    r"python[\d.]*t?|version\.py|lib[\w+-]*\.so[\d.]*|(?:cuda|rocm|cudnn)[\d.-]*|renderD\d+|card\d+"
    r"|(?:sd|vd|xvd|hd)[a-z]{1,2}\d*|nvme\d+n\d+(?:p\d+)?|(?:dm-|md|loop|mmcblk|nvidia|accel)\d+"
    r"|(?:cgroup|memory|cpu|cpuset|cpuacct|pids|io|hugetlb)\.[\w.]+"
)
_RUNTIMES = re.compile(r"(kubepods|docker|libpod|containerd|lxc)\b")
_SIZES = re.compile(r"\d+[kKmMgG]?|0?[0-7]{3,4}")
_PATH_OPTIONS = frozenset({"upperdir", "lowerdir", "workdir"})

_STATUS = ("Cpus_allowed", "Mems_allowed", "VmSize", "VmData")
_SYSINFO = ("Control Program", "Manufacturer", "Type", "Model")
_GENERIC = frozenset({"root", "localhost", "linux", "ubuntu", "debian", "admin", "user", "test"})


class Redactor:
    """Replaces secrets; `known` are words to take out wherever they stand (host and user name)."""

    def __init__(self, known: Iterable[str] = ()) -> None:
        """Start without tokens."""
        self._tokens: dict[str, str] = {}
        words = sorted({w for w in known if len(w) > 2 and w.lower() not in _GENERIC}, key=len)
        self._known = [re.compile(rf"(?<!\w){re.escape(w)}(?!\w)") for w in reversed(words)]

    def token(self, secret: str) -> str:
        """Return the token of a secret."""
        return self._tokens.setdefault(secret, f"redacted-{len(self._tokens) + 1}")

    def words(self, text: str, *, addresses: bool = True) -> str:
        """Replace what looks like a secret anywhere: UUIDs, addresses, known names."""
        pattern = _PATTERNS if addresses else _ADDRESSLESS
        text = pattern.sub(lambda match: self.token(match[0]), text)
        for known in self._known:
            text = known.sub(lambda match: self.token(match[0]), text)
        return text

    def path(self, path: str) -> str:
        """Replace each name in a path that is not known to be everybody's."""
        own = not path.startswith(("/proc/", "/sys/")) or "/cgroup" in path
        return "/".join(map(self._name, path.split("/"))) if own else self.words(path)

    def _name(self, name: str) -> str:
        if not name or name in _WORDS or _PLAIN.fullmatch(name):
            return name
        runtime = _RUNTIMES.match(name)
        return f"{runtime[1]}-{self.token(name)}" if runtime else self.token(name)

    def file(self, path: str, text: str) -> str:
        """Redact a file's text by what is known of the file."""
        for end, lines in _FILES.items():
            if path.endswith(end):
                return "\n".join(lines(self, line) for line in text.splitlines())
        return self.words(text, addresses=not path.endswith(_VERSIONS))

    def value(self, text: str) -> str:
        """Redact a fact: one path, several between colons, or any text."""
        if text.startswith("/"):
            return ":".join(self.path(part) for part in text.split(":"))
        return self.words(text)


def _mount(hide: Redactor, line: str) -> str:
    """A line of mountinfo, or of the older table, whose first word is not a number."""
    words = line.split(" ")
    dash = words.index("-", 6) if "-" in words[6:] else 0
    origin = dash + 2 if dash else 0
    for at in (3, 4) if dash else (1,):
        if at < len(words):
            words[at] = hide.path(words[at])
    for at in (5, dash + 3) if dash else (3,):
        if at < len(words):
            words[at] = ",".join(_option(hide, option) for option in words[at].split(","))
    kind = words[dash + 1 if dash else 2] if len(words) > dash + 2 else ""
    if origin < len(words):
        words[origin] = _origin(hide, words[origin], kind)
    return " ".join(words)


def _origin(hide: Redactor, origin: str, kind: str) -> str:
    if origin.startswith("/"):
        return hide.path(origin)
    return origin if origin in {kind, "none"} or origin in _WORDS else hide.token(origin)


def _option(hide: Redactor, option: str) -> str:
    name, mark, value = option.partition("=")
    if not mark or _SIZES.fullmatch(value):
        return option
    if name in _PATH_OPTIONS:
        return f"{name}={':'.join(hide.path(part) for part in value.split(':'))}"
    return f"{name}={hide.token(value)}"


def _group(hide: Redactor, line: str) -> str:
    head, slash, path = line.partition("/")
    return head + hide.path(slash + path)


def _cpu(hide: Redactor, line: str) -> str:
    key, mark, value = line.partition(":")
    if "serial" in key.lower() and value.strip():
        return f"{key}{mark} {hide.token(value.strip())}"
    # s390: the CPU's serial number.
    return re.sub(r"(?<=identification = )\w+", lambda match: hide.token(match[0]), line)


def _only(*starts: str) -> Callable[[Redactor, str], str]:
    return lambda hide, line: hide.words(line) if any(s in line for s in starts) else ""


_FILES: dict[str, Callable[[Redactor, str], str]] = {
    "/mountinfo": _mount,
    "/mounts": _mount,
    "/proc/self/cgroup": _group,
    "/proc/self/cpuset": _group,
    "/proc/cpuinfo": _cpu,
    "/proc/self/status": _only(*_STATUS),
    "/proc/sysinfo": _only(*_SYSINFO),
    "/machine-id": lambda hide, line: hide.token(line),
}
