"""The proxies of packaging/, as programs of Debian, with a room behind them."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import re
import shutil
import ssl
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, Protocol, Self

import httpx
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from e2e.hubs import free_port
from e2e.program import Program

ROOT: Final = Path(__file__).resolve().parents[2]
NGINX: Final = ROOT / "packaging" / "nginx" / "hivemind-chatroom.conf"
CADDY: Final = ROOT / "packaging" / "caddy" / "Caddyfile"
NAME: Final = "chat.example.org"
CODE: Final = "482193"
ANSWERS_WITHIN_S: Final = 30.0
ENDS_WITHIN_S: Final = 10.0
PATH: Final = f"{os.environ['PATH']}:/usr/sbin"
"""Where Debian has nginx, and where not everybody looks."""


class Kind(Protocol):
    """How one kind of proxy is run."""

    program: str
    """What it is called."""
    ready: str
    """What it says when it serves."""
    logs: frozenset[str]
    """Files that it has from its start on."""
    redirects: bool
    """Whether it serves the plain port here, too."""

    def command(self, site: Site) -> list[str]:
        """Write its files, and return how it is started."""
        ...


class Site:
    """A public place: a name, a port and a certificate; and the room's own port."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port, self.plain_port, self.room_port = free_port(), free_port(), free_port()
        self.certificate, self.key = folder / "cert.pem", folder / "key.pem"
        _certify("localhost", self.certificate, self.key)

    @property
    def url(self) -> str:
        return f"https://localhost:{self.port}"

    def way(self, address: str) -> httpx.HTTPTransport:
        """Return a way in from one of this computer's addresses."""
        trusted = ssl.create_default_context(cafile=str(self.certificate))
        return httpx.HTTPTransport(verify=trusted, local_address=address)

    def written(self, example: Path, changes: dict[str, str]) -> str:
        """Return an example file with what is otherwise here; each change is found in it."""
        text = example.read_text("utf-8")
        for there, here in changes.items():
            assert re.search(there, text), there
            text = re.sub(there, here, text)
        return text


class Nginx:
    """The example in a whole configuration, which at home is Debian's own."""

    program = "nginx"
    ready = "start worker process"
    logs = frozenset({"access.log"})
    redirects = True

    def command(self, site: Site) -> list[str]:
        (site.folder / "chatroom.conf").write_text(
            site.written(
                NGINX,
                {
                    r" +listen \[::\].*\n": "",
                    r"listen 80;": f"listen 127.0.0.1:{site.plain_port};",
                    r"listen 443 ": f"listen 127.0.0.1:{site.port} ",
                    r"https://chat\.example\.org\$": f"{site.url}$",
                    r"server_name chat\.example\.org": "server_name localhost",
                    r"/etc/letsencrypt/live/.*/fullchain\.pem": str(site.certificate),
                    r"/etc/letsencrypt/live/.*/privkey\.pem": str(site.key),
                    r"127\.0\.0\.1:8985": f"127.0.0.1:{site.room_port}",
                    r"/var/log/nginx/error\.log": "stderr",
                },
            )
        )
        temporary = "\n".join(
            f"{kind}_temp_path {site.folder / kind};"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        main = site.folder / "nginx.conf"
        main.write_text(
            f"daemon off; worker_processes 1; pid {site.folder}/pid; error_log stderr notice;\n"
            f"{'user root;' if os.geteuid() == 0 else ''}\n"
            "events {}\n"
            f"http {{ access_log {site.folder}/access.log; {temporary}\n"
            f"include {site.folder}/chatroom.conf; }}\n"
        )
        return ["nginx", "-e", "stderr", "-p", str(site.folder), "-c", str(main)]


class Caddy:
    """The example, with a certificate of the test's own."""

    program = "caddy"
    ready = "serving initial configuration"
    logs: frozenset[str] = frozenset()
    redirects = False

    def command(self, site: Site) -> list[str]:
        own = f"admin off\nauto_https disable_redirects\nstorage file_system {site.folder}"
        changes = {
            r"\nchat\.example\.org \{": (
                f"\nhttps://localhost:{site.port} {{\n"
                f"\tbind 127.0.0.1\n\ttls {site.certificate} {site.key}"
            ),
            r"127\.0\.0\.1:8985": f"127.0.0.1:{site.room_port}",
        }
        file = site.folder / "Caddyfile"
        file.write_text(f"{{\n{own}\n}}\n" + site.written(CADDY, changes))
        return ["caddy", "run", "--adapter", "caddyfile", "--config", str(file)]


class Front:
    """A proxy that runs, and the room behind it."""

    def __init__(self, kind: Kind, folder: Path) -> None:
        self.site = Site(folder)
        self.room = Program(
            folder, "--port", str(self.site.room_port), "--hub", "none", "--no-lan", "--code", CODE
        )
        self.room.environment |= {
            "HIVEMIND_CHATROOM_TRUSTED_PROXIES": "127.0.0.1",
            "HIVEMIND_CHATROOM_PUBLIC_URL": self.site.url,
        }
        self.logged: list[str] = []
        """What the proxy has said."""
        self.kind = kind
        self._running = contextlib.ExitStack()

    def __enter__(self) -> Self:
        with contextlib.ExitStack() as started:
            started.enter_context(self.room)
            command = self.kind.command(self.site)
            self.logged = started.enter_context(running(self.kind, command))
            self._running = started.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._running.close()

    def visitor(self, address: str, **fields: str) -> httpx.Client:
        """Return a browser at an address."""
        return httpx.Client(
            base_url=self.site.url,
            headers={"Origin": self.site.url, **fields},
            transport=self.site.way(address),
            timeout=ANSWERS_WITHIN_S,
        )


@contextlib.contextmanager
def running(kind: Kind, command: list[str]) -> Iterator[list[str]]:
    """Run a proxy, from when it serves; yield what it says, which grows."""
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "PATH": PATH},
    ) as process:
        assert process.stderr
        try:
            said: list[str] = []
            while not any(kind.ready in line for line in said[-1:]):
                said.append(process.stderr.readline())
                assert said[-1], "".join(said)
            with ThreadPoolExecutor(1) as listening:
                listening.submit(said.extend, process.stderr)  # or a full pipe would stop the proxy
                try:
                    yield said
                finally:
                    _ended(process)
        finally:
            process.kill()  # one that never served


def _ended(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(ENDS_WITHIN_S)
    except subprocess.TimeoutExpired:
        process.kill()
        raise


def is_installed(kind: Kind) -> bool:
    """Tell whether this computer has the program, and loopback addresses to come from."""
    return sys.platform == "linux" and shutil.which(kind.program, path=PATH) is not None


def _certify(name: str, certificate: Path, key: Path) -> None:
    """Write a certificate that nobody but the test trusts."""
    private = ec.generate_private_key(ec.SECP256R1())
    called = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(called)
        .issuer_name(called)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(private, hashes.SHA256())
    )
    certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    key.write_bytes(
        private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
