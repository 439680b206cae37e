"""How long a server takes from its start to its first answer, and how much memory it has at rest and with 1,000 idle event streams.

startup.py KITH PORT STARTS STREAMS SECONDS

The environment says how KITH reaches a database that runs already and has the schema. Prints lines of JSON.

Start-up is the time from the call that makes the process to the last byte of the first answer to GET /v1/health, which asks the
database; a client tries again every millisecond, and nothing is subtracted. Memory is the resident set (RSS) of the process and its
proportional share of it (PSS): at rest, which is after one request and two seconds, and at the end of SECONDS with the streams open.
"""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time

REQUEST = b"GET /v1/health HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"


def emit(**values) -> None:
    print(json.dumps(values), flush=True)


def is_healthy(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
            client.sendall(REQUEST)
            answer = b""
            while part := client.recv(4096):
                answer += part
            return answer.startswith(b"HTTP/1.1 200 ")
    except OSError:
        return False


def start(program: str, port: int) -> tuple[subprocess.Popen, float]:
    environment = os.environ | {"KITH_PORT": str(port)}
    begun = time.perf_counter()
    process = subprocess.Popen([program, "serve"], env=environment, stdout=subprocess.DEVNULL)
    while not is_healthy(port):
        if process.poll() is not None:
            sys.exit(f"startup.py: the server ended with {process.returncode} before it answered")
        if time.perf_counter() - begun > 60:
            stop(process)
            sys.exit("startup.py: the server does not answer after a minute")
        time.sleep(0.001)
    return process, time.perf_counter() - begun


def stop(process: subprocess.Popen) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def memory(process: subprocess.Popen) -> dict[str, int]:
    with open(f"/proc/{process.pid}/smaps_rollup") as file:
        fields = dict(line.split(":", 1) for line in list(file)[1:])
    return {name.lower(): int(fields[name].split()[0]) * 1024 for name in ["Rss", "Pss"]}


async def open_streams(port: int, count: int) -> list[asyncio.StreamWriter]:
    network, token = os.environ["KITH_BENCH_NETWORK"], os.environ["KITH_BENCH_TOKEN"]
    request = (
        f"GET /v1/networks/{network}/events HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\nAuthorization: Bearer {token}\r\n\r\n"
    ).encode()
    writers = []

    async def one() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writers.append(writer)
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200 "):
            sys.exit(f"startup.py: a stream was answered with {head.splitlines()[0].decode()}")

    for begun in range(0, count, 50):
        async with asyncio.timeout(60):
            await asyncio.gather(*(one() for _ in range(begun, min(begun + 50, count))))
    return writers


async def hold_streams(process: subprocess.Popen, port: int, count: int, seconds: float) -> None:
    before = memory(process)
    writers = await open_streams(port, count)
    await asyncio.sleep(seconds)
    after = memory(process)
    emit(measure="streams", count=count, **{f"{name}_added": after[name] - before[name] for name in before})
    for writer in writers:
        writer.close()


def main() -> None:
    program, port, starts, streams, seconds = sys.argv[1], *map(int, sys.argv[2:6])
    for attempt in range(starts):
        process, taken = start(program, port)
        emit(measure="startup", seconds=taken)
        try:
            if attempt == starts - 1:
                time.sleep(2)
                emit(measure="rest", **memory(process))
                asyncio.run(hold_streams(process, port, streams, seconds))
        finally:
            stop(process)


main()
