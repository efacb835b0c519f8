"""The load generator: respondents in one process of their own, as lean as Python goes.

One thread, one `epoll`, requests that were prepared as bytes; an answer is checked by its status and one header. It is
told what to do on its standard input and prints what it found as JSON.
"""

import json
import os
import select
import socket
import sys
import time
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field

from bench.respond.script import TOKEN, Exchange

CHUNK = 262_144
HEAD_ENDS = b"\r\n\r\n"
LENGTH = b"\r\ncontent-length: "
NO_BODY = b"204"
PATIENCE_SECONDS = 30.0


@dataclass
class Found:
    """What one run measured: seconds and processor seconds of this process, milliseconds waited for pages, sizes."""

    responses: int = 0
    requests: int = 0
    seconds: float = 0.0
    processor: float = 0.0
    waited: list[float] = field(default_factory=list)
    sizes: dict[str, float] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


class Respondent:
    """One connection, over which people answer one after the other."""

    def __init__(self, address: tuple[str, int], script: Sequence[Exchange], tokens: Iterator[bytes]) -> None:
        self.script, self.tokens = script, tokens
        self.socket = socket.create_connection(address, timeout=PATIENCE_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.at, self.received, self.wanted, self.began, self.token = 0, b"", 0, 0.0, b""

    def next_person(self) -> bool:
        """Begins with the next link; False when all are used up."""
        token = next(self.tokens, None)
        if token is None:
            self.socket.close()
            return False
        self.token, self.at, self.began = token, 0, time.perf_counter()
        self.ask()
        return True

    def ask(self) -> None:
        """Sends the request whose turn it is."""
        self.received, self.wanted = b"", 0
        self.socket.sendall(self.script[self.at].request.replace(TOKEN, self.token))

    def arrived(self) -> bool:
        """Takes what has come; True once the answer is whole."""
        data = self.socket.recv(CHUNK)
        if not data:
            raise ConnectionError(f"the service hung up after {self.script[self.at].kind}")
        self.received += data
        if not self.wanted:
            end = self.received.find(HEAD_ENDS)
            if end < 0:
                return False
            self.wanted = end + len(HEAD_ENDS) + self._length(end)
        return len(self.received) >= self.wanted

    def _length(self, end: int) -> int:
        at = self.received.find(LENGTH, 0, end + 2)
        return int(self.received[at + len(LENGTH) : self.received.find(b"\r", at + 2)]) if at >= 0 else 0

    def fault(self) -> str | None:
        """What is wrong with the answer, None for a right one."""
        expected, status = self.script[self.at], self.received[9:12]
        told = expected.told.replace(TOKEN, self.token)
        if status == expected.status and told in self.received[: self.wanted]:
            return None
        return f"{expected.kind}: {self.received[:200]!r}"


@dataclass
class Crowd:
    """All respondents of one run, and what was measured of them so far."""

    address: tuple[str, int]
    script: Sequence[Exchange]
    found: Found = field(default_factory=Found)
    waited: "array[float]" = field(default_factory=lambda: array("d"))
    sizes: Counter[str] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)

    def run(self, tokens: Sequence[str], *, concurrency: int) -> Found:
        """Lets all these people answer, so many at a time. Stops at the first answer that is wrong."""
        left = iter([token.encode() for token in tokens])
        people = [Respondent(self.address, self.script, left) for _ in range(min(concurrency, len(tokens)))]
        waiting, by_number = select.epoll(), {one.socket.fileno(): one for one in people}
        started, processor = time.perf_counter(), time.process_time()
        for number, one in list(by_number.items()):
            waiting.register(number, select.EPOLLIN)
            one.next_person()
        while by_number and not self.found.wrong:
            ready = waiting.poll(PATIENCE_SECONDS)
            if not ready:
                self.found.wrong.append("no answer came for too long")
            for number, _ in ready:
                one = by_number[number]
                if one.arrived() and not self._goes_on(one):
                    del by_number[number]
        self.found.seconds = time.perf_counter() - started
        self.found.processor = time.process_time() - processor
        return self._told()

    def _goes_on(self, one: Respondent) -> bool:
        """Notes an answer and asks for the next thing; False when everybody has answered."""
        exchange, now = self.script[one.at], time.perf_counter()
        if (fault := one.fault()) is not None:
            self.found.wrong.append(fault)
        if exchange.shows:
            self.waited.append(1000 * (now - one.began))
            one.began = now
        self.sizes[exchange.kind] += one.wanted
        self.counts[exchange.kind] += 1
        one.at += 1
        if one.at < len(self.script):
            one.ask()
            return True
        self.found.responses += 1
        return one.next_person()

    def _told(self) -> Found:
        self.found.requests, self.found.waited = sum(self.counts.values()), sorted(self.waited)
        self.found.sizes = {kind: self.sizes[kind] / count for kind, count in self.counts.items()}
        return self.found


def main() -> None:
    """Reads the orders, keeps to a core when told one, and prints what was found."""
    orders = json.load(sys.stdin)
    if orders["cores"]:
        os.sched_setaffinity(0, orders["cores"])
    script = [
        Exchange(one["kind"], one["request"].encode(), one["status"].encode(), one["told"].encode(), one["shows"])
        for one in orders["script"]
    ]
    address = orders["host"], orders["port"]
    found = Crowd(address, script).run(orders["tokens"], concurrency=orders["concurrency"])
    print(json.dumps(asdict(found)))


if __name__ == "__main__":
    main()
