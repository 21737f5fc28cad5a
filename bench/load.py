"""A small load generator: raw requests over kept connections from one gevent process, bounded in count and time."""

from __future__ import annotations

from gevent import monkey

monkey.patch_all()

import json  # noqa: E402
import socket  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
from collections import Counter  # noqa: E402
from collections.abc import Iterator  # noqa: E402
from dataclasses import dataclass  # noqa: E402
from typing import Any  # noqa: E402

import gevent  # noqa: E402


@dataclass(frozen=True)
class Request:
    """One request of the plan."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any = None

    def bytes(self, host: str) -> bytes:
        """The request as it goes over the wire."""
        data = b"" if self.body is None else json.dumps(self.body).encode()
        lines = [f"{self.method} {self.path} HTTP/1.1", f"Host: {host}", f"Content-Length: {len(data)}"]
        if data:
            lines.append("Content-Type: application/json")
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + data


def _answer(connection: socket.socket, buffer: bytearray) -> int:
    """Read one answer; gives its status and leaves what follows in the buffer."""
    while (end := buffer.find(b"\r\n\r\n")) < 0:
        piece = connection.recv(65536)
        if not piece:
            raise ConnectionError("the server closed")
        buffer += piece
    head = bytes(buffer[:end]).lower()
    length = int(head.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
    while len(buffer) < end + 4 + length:
        buffer += connection.recv(65536)
    del buffer[: end + 4 + length]
    return int(head.split(b" ", 2)[1])


def run(port: int, plan: Iterator[bytes], clients: int, seconds: float) -> dict[str, Any]:
    """Let `clients` work through the plan for at most `seconds`; gives rate, latencies in ms and counts by status."""
    statuses: Counter[int] = Counter()
    times: list[float] = []
    stop = time.perf_counter() + seconds

    def client() -> None:
        connection = socket.create_connection(("127.0.0.1", port))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        buffer = bytearray()
        for each in plan:
            began = time.perf_counter()
            if began > stop:
                break
            connection.sendall(each)
            statuses[_answer(connection, buffer)] += 1
            times.append(time.perf_counter() - began)
        connection.close()

    began = time.perf_counter()
    gevent.joinall([gevent.spawn(client) for _ in range(clients)], raise_error=True)
    took = time.perf_counter() - began
    times.sort()
    return {
        "rate": len(times) / took,
        "p50": 1000 * times[len(times) // 2] if times else 0.0,
        "p99": 1000 * times[int(0.99 * len(times))] if times else 0.0,
        "statuses": {str(status): count for status, count in sorted(statuses.items())},
        "count": len(times),
    }


def main() -> None:
    """Read a plan from standard input (JSON: port, clients, seconds, requests) and print the result as JSON."""
    plan = json.load(sys.stdin)
    host = f"127.0.0.1:{plan['port']}"
    requests = iter([Request(**each).bytes(host) for each in plan["requests"]])
    print(json.dumps(run(plan["port"], requests, plan["clients"], plan["seconds"])))


if __name__ == "__main__":
    main()
