"""Builds what is missing, brings the database up to date and serves: ready for a first visit."""

import argparse
import contextlib
import os
import time
from collections.abc import Mapping
from urllib.parse import urlsplit

from chotxanh.cli import front_end, server
from chotxanh.cli.companion import worker_beside
from chotxanh.cli.in_use import hold_home
from chotxanh.cli.orphans import end_orphans, remembering
from chotxanh.cli.preparation import prepare_database
from chotxanh.cli.progress import say, step, tell
from chotxanh.cli.stopped import Stopped

PAGES = {
    "/": "Trang đầu (home)",
    "/declare": "Khai báo (declare)",
    "/verify": "Kiểm tra giấy (verify)",
    "/office/": "Quản lý (office)",
}
STATION = ("/station/", "Màn hình chốt (station)")
LOOK_SECONDS = 0.5
PORTS_TRIED = 50
# Without these a real province would issue papers in the name of the demonstration's.
OF_THE_PROVINCE = ("CHOTXANH_DEPARTMENT", "CHOTXANH_ISSUER_CODE", "CHOTXANH_PROVINCE")
DEMONSTRATION_FOR_ALL = (
    "! Bản trình diễn đang mở cho mọi máy trong mạng, và ai cũng biết mật khẩu của nó: không ghi người thật vào đây.\n"
    "  This demonstration answers other machines, and everybody knows its passwords: enter no real person.\n"
)
SCHEMES = ("postgresql", "postgres", "sqlite")


def parser() -> argparse.ArgumentParser:
    """Return the command's options."""
    options = argparse.ArgumentParser(prog="./chotxanh up", description=__doc__)
    options.add_argument("--host", default="127.0.0.1", help="the address to listen at (127.0.0.1)")
    options.add_argument("--port", type=port, default=8000, help="the port to listen at (8000)")
    options.add_argument("--station-port", type=port, help="the port for stations (a free one after --port)")
    options.add_argument("--database-url", help="postgresql://... or sqlite:///...; else one SQLite file")
    options.add_argument(
        "--no-demo", action="store_true", help="leave the demonstration out, and end its accounts"
    )
    return options


def run(arguments: list[str]) -> int:
    """Serve until interrupted."""
    began = time.monotonic()
    options = parser().parse_args(arguments)
    address = server.Address(options.host, options.port)
    environment = environment_of(options)
    hold_home()
    ended = end_orphans()
    server.check_free(address)
    for_stations = station_address(address, options.station_port)
    tell("Chốt Xanh")
    if ended:
        tell(f"  ✓ Ended what an earlier `up` left behind ({ended})")
    front_end.build_if_changed()
    with step("Database"):
        demo = prepare_database(environment, with_demo=not options.no_demo)
    with (
        remembering() as remember,
        server.supervised([address, for_stations], environment, remember=remember) as servers,
        worker_beside(environment) as worker,
    ):
        companions = [*servers, worker]
        remember([each.pid for each in companions])
        tell(f"  ✓ Ready after {time.monotonic() - began:.1f} s\n")
        say("\n".join(f"{words:<26}{address}{path}" for path, words in PAGES.items()))
        say(f"{STATION[1]:<26}{for_stations}{STATION[0]}")
        say(f"\n{demo}\n" if demo else "")
        if warning := warning_of(address, demo):
            tell(warning)
        tell("Ctrl-C ends it.")
        try:
            while True:
                time.sleep(LOOK_SECONDS)
                if any(each.revive() for each in companions):  # one a turn
                    remember([each.pid for each in companions])
        except KeyboardInterrupt:
            tell("\nĐã dừng. Stopped.")
            return 0


def warning_of(address: server.Address, demo: str) -> str:
    """Return what must be said of a demonstration that other machines can open; empty where there is nothing."""
    return DEMONSTRATION_FOR_ALL if demo and address.host not in server.LOOPBACK else ""


def station_address(pages: server.Address, chosen: int | None) -> server.Address:
    """Return where stations are served: at the port chosen, or at the next one after the pages' that is free.

    Raises Stopped where nobody can listen.
    """
    if chosen is not None:
        address = server.Address(pages.host, chosen)
        server.check_free(address)
        return address
    for number in range(pages.port + 1, min(pages.port + PORTS_TRIED, 65535) + 1):
        with contextlib.suppress(Stopped):
            address = server.Address(pages.host, number)
            server.check_free(address)
            return address
    raise Stopped(f"No port after {pages.port} is free for stations: choose one with --station-port.")


def port(words: str) -> int:
    """Read a port number, 1 to 65535. Raises ValueError, which argparse turns into its own sentence."""
    number = int(words)
    if not 1 <= number <= 65535:
        raise ValueError(words)
    return number


def environment_of(options: argparse.Namespace) -> Mapping[str, str]:
    """Return the environment to serve in.

    Raises Stopped for a database URL of an unknown kind, and where it is done in earnest for no province in particular.
    """
    database_url = options.database_url or os.environ.get("CHOTXANH_DATABASE_URL")
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "chotxanh.settings"}
    if database_url:
        scheme = urlsplit(database_url).scheme
        if scheme not in SCHEMES:
            raise Stopped(f"--database-url must begin with {', '.join(f'{name}://' for name in SCHEMES)}.")
        environment["CHOTXANH_DATABASE_URL"] = database_url
    environment["CHOTXANH_DEMO"] = "0" if options.no_demo else "1"
    missing = [name for name in OF_THE_PROVINCE if not environment.get(name, "").strip()]
    if options.no_demo and missing:
        raise Stopped(
            f"Chưa biết đây là tỉnh nào nên chưa thể làm thật: hãy đặt {', '.join(missing)} rồi chạy lại "
            "(docs/guides/thiet-lap-tinh.md)."
        )
    if options.host not in server.LOOPBACK:
        environment.setdefault("CHOTXANH_HOSTS", f"127.0.0.1,localhost,{options.host}")
    return environment
