"""What the stage of tally.c must say."""

DUE = 2000  # its patience, ms


class Model:
    """What the stage must say, in order, of one partition."""

    def __init__(self):
        self.counts, self.due, self.now, self.said = {}, {}, None, []

    def feed(self, offset, key, time):
        """time: of a tick, else None."""
        if time is None:
            self.counts[key] = self.counts.get(key, 0) + 1
            self.due[key] = self.now + DUE if self.now is not None else None
            self.say(offset, key, "COUNT", self.counts[key], 0, self.now)
            return
        if self.now is not None and time <= self.now:
            return
        self.now = time
        walk = sorted((due, k) for k, due in self.due.items() if due is not None and due <= time)
        for index, (due, k) in enumerate(walk, 1):
            self.due[k] = None
            self.say(offset, k, "DUE", self.counts[k], index, due)
        self.say(offset, None, "TICK", 0, 0, time)

    def say(self, offset, key, word, count, index, due):
        self.said.append((offset, key, self.now, f"{word} {count} {index} {-2**63 if due is None else due}"))
