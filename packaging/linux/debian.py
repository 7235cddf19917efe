"""The Debian package."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Collection
from pathlib import Path
from typing import Final

from needs import Needs, needs_of
from product import COMMANDS, HOMEPAGE, MAINTAINER, NAME, ROOT, SHARE, Product
from system_libraries import leave_to_debian
from tree import copy_file, lay_out_shared, settle, write_file, write_packed

PROGRAM: Final = Path("usr", "lib", NAME)
"""Where the program lies."""

READ_AT_RUN: Final = ("tzdata", "xkb-data")
"""Packages with what no library is linked to: the times of the day, the keyboards."""

RECOMMENDS: Final = ("ca-certificates", "fonts-noto-color-emoji", "fonts-noto-core", "xdg-utils")
"""What it uses and works without: hubs by TLS, letters of every script, the browser for links."""

CONTROL: Final = """\
Package: {name}
Version: {version}
Architecture: {architecture}
Maintainer: {maintainer}
Installed-Size: {size}
Depends: {depends}
Recommends: {recommends}
Section: net
Priority: optional
Homepage: {homepage}
Description: room at home for people and their voice assistant
 Open a room on this computer. Everybody at home scans a code with the phone,
 gives a name, and is in: nothing has to be installed on the other devices.
 .
 They talk with each other and with the family's voice assistant, OpenVoiceOS
 behind a HiveMind hub. Each is answered in their own language. Until there is
 a hub, a small built-in assistant answers.
 .
 What is said is kept on this computer, and no account and no company is
 needed.
"""

CHANGES: Final = """\
{name} ({version}) unstable; urgency=medium

  * What has changed is told in CHANGELOG.md.gz beside this file.

 -- {maintainer}  {date}
"""

COMPRESSION: Final = ("-Zxz", "-z9", "--threads-max=2")
"""The number of threads is fixed: one thread makes other bytes than several."""


def make_package(program: Path, icons: Path, product: Product, work: Path, to: Path) -> Path:
    """Make the Debian package.

    Args:
        program: The folder with the program, which is moved into the package.
        icons: The folder `hicolor` with the icon in every size.
        product: What is packaged.
        work: An empty folder to make it in.
        to: The folder for the finished package.

    Returns:
        The package.
    """
    place = work / PROGRAM
    place.parent.mkdir(parents=True)
    program.rename(place)
    leave_to_debian(place)
    lay_out_shared(work / "usr" / "share", product, icons)
    _lay_out_documents(work / "usr" / "share" / "doc" / NAME, product)
    _lay_out_for_system(work)
    _write_control(work, product, needs_of(place, place / NAME))
    settle(work, product.date)
    package = to / product.debian_package
    subprocess.run(  # noqa: S603 - a tool of the system's
        ["/usr/bin/dpkg-deb", "--root-owner-group", *COMPRESSION, "--build", work, package],
        check=True,
        stdout=subprocess.DEVNULL,
        env={"PATH": "/usr/bin:/bin", "SOURCE_DATE_EPOCH": str(product.date)},
    )
    return package


def depends_of(needs: Needs) -> list[str]:
    """Return what `Depends` says.

    The C library is the only one that needs a version: whatever has it so new has the others newer
    than what is called of them.
    """
    libc = f"libc6 (>= {needs.glibc[0]}.{needs.glibc[1]})"
    others = {*needs.libraries.values(), *READ_AT_RUN} - {"libc6"}
    return [libc, *sorted(others)]


def _lay_out_documents(folder: Path, product: Product) -> None:
    copy_file(SHARE / "copyright", folder / "copyright")
    write_packed(folder / "CHANGELOG.md.gz", (ROOT / "CHANGELOG.md").read_text("utf-8"))
    changes = CHANGES.format(
        name=NAME,
        version=product.debian_version,
        maintainer=MAINTAINER,
        date=product.moment,
    )
    write_packed(folder / "changelog.gz", changes)


def _lay_out_for_system(root: Path) -> None:
    """Put where they are looked for: the commands, and what firewalls and AppArmor may be told."""
    for command in COMMANDS:
        _link(root / "usr" / "bin" / command, Path("..", "lib", NAME, command))
    ours = root / "usr" / "share" / NAME
    copy_file(SHARE / f"{NAME}.apparmor", ours / "apparmor")
    copy_file(SHARE / f"{NAME}.ufw", ours / "ufw")
    # What lies in /etc stays when a package is removed, as it could have been changed; a link is
    # taken away, and whoever wants another port writes another profile.
    _link(root / "etc" / "ufw" / "applications.d" / NAME, Path("/usr/share", NAME, "ufw"))
    services = root / "usr" / "lib" / "firewalld" / "services"
    copy_file(SHARE / f"{NAME}.firewalld.xml", services / f"{NAME}.xml")
    overrides = root / "usr" / "share" / "lintian" / "overrides"
    copy_file(SHARE / "lintian-overrides", overrides / NAME)


def _write_control(root: Path, product: Product, needs: Needs) -> None:
    files = [path for path in sorted(root.rglob("*")) if path.is_file() and not path.is_symlink()]
    control = root / "DEBIAN"
    write_file(control / "md5sums", "".join(_sum_of(file, root) for file in files))
    for script in ("postinst", "prerm"):
        copy_file(SHARE.parent / script, control / script)
    write_file(
        control / "control",
        CONTROL.format(
            name=NAME,
            version=product.debian_version,
            architecture=product.architecture,
            maintainer=MAINTAINER,
            size=_kibibytes(files),
            depends=", ".join(depends_of(needs)),
            recommends=", ".join(sorted({*RECOMMENDS, *needs.dispensable.values()})),
            homepage=HOMEPAGE,
        ),
    )


def _sum_of(file: Path, root: Path) -> str:
    with file.open("rb") as content:
        digest = hashlib.file_digest(content, lambda: hashlib.md5(usedforsecurity=False))
    return f"{digest.hexdigest()}  {file.relative_to(root)}\n"


def _kibibytes(files: Collection[Path]) -> int:
    """Return what files take on a disk (Debian Policy 5.6.20)."""
    return sum(-(-file.stat().st_size // 1024) for file in files)


def _link(link: Path, to: Path) -> None:
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(to)
