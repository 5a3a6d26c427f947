"""A door to a machine written as a dictionary of files, links and facts."""

from advisor.probe.source import Source, Unread

NONE = Unread("no such file or directory")


class Woods:
    """Files by path; links are not followed but answer where they lead."""

    def __init__(self, files, *, links=None, facts=None, programs=None, kind="tree", linux=True):
        self.kind, self.linux, self.running = kind, linux, kind == "live"
        self.files = {p: t if isinstance(t, bytes) else t.encode() for p, t in files.items()}
        self.links, self.facts, self.programs = links or {}, facts or {}, programs or {}
        self.paths = {*self.files, *self.links}

    def read(self, path):
        return self.files.get(path, NONE)

    def names(self, path):
        start = path.rstrip("/") + "/"
        found = {p.removeprefix(start).split("/")[0] for p in self.paths if p.startswith(start)}
        return tuple(sorted(found)) or NONE

    def link(self, path):
        if path in self.links:
            return self.links[path]
        return path if path in self.files or isinstance(self.names(path), tuple) else NONE

    def run(self, command):
        return self.programs.get(command, Unread("no such program here"))

    def process(self, name):
        return self.facts.get(name, Unread("not known"))


def grow(files=None, **rest):
    """Return a source over these files."""
    return Source(Woods(files or {}, **rest))


CPU = "/sys/devices/system/cpu"


def cpus(siblings, packages=None, online=None):
    """Topology files: the sibling set of each CPU, its package, and perhaps the online list."""
    files = {f"{CPU}/online": online} if online else {}
    for cpu, shared in siblings.items():
        files[f"{CPU}/cpu{cpu}/topology/thread_siblings_list"] = shared
        files[f"{CPU}/cpu{cpu}/topology/physical_package_id"] = str((packages or {}).get(cpu, 0))
    return files
