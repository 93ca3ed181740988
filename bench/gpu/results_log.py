"""The log of finished checks and cells, from which a later call continues."""
import json
import os


class ResultsLog:
    """A file with one JSON object per line.

    identity: the fields of the GPU and the programs. Entries with other values do not count.
    """

    def __init__(self, file, identity):
        self.file, self.identity = file, identity

    def append(self, **entry):
        with open(self.file, "a") as file:
            file.write(json.dumps({**entry, **self.identity}) + "\n")
            file.flush()
            os.fsync(file.fileno())

    def entries(self, kind):
        """The finished checks or cells by name. The last entry of a name counts."""
        return {entry[kind]: entry for entry in self.all() if kind in entry and self.is_own(entry)}

    def others(self):
        """The number of entries of another GPU or other programs."""
        return sum(not self.is_own(entry) for entry in self.all())

    def is_own(self, entry):
        return all(entry.get(key) == value for key, value in self.identity.items())

    def all(self):
        if not self.file.exists():
            return
        for line in self.file.read_text().splitlines():
            try:
                yield json.loads(line)
            except json.JSONDecodeError:
                # The call was killed while it wrote this line.
                continue
