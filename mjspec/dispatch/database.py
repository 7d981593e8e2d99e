"""Opens the ledger's database, and says in words why one cannot be used."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING
from urllib.parse import quote

from mjspec.diagnostics import MjspecError
from mjspec.dispatch.schema import APPLICATION_ID, MIGRATIONS, SCHEMA_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = [
    "LEDGER_NAME",
    "LedgerError",
    "LedgerFullError",
    "LedgerMissingError",
    "open_for_reading",
    "open_for_writing",
    "reading",
    "transaction",
    "translated",
]

LEDGER_NAME = "mjspec.db"
_MAGIC = b"SQLite format 3\x00"
_BUSY_SECONDS = 30.0


class LedgerError(MjspecError):
    """The ledger cannot be used; the message says why and what to do."""


class LedgerFullError(LedgerError):
    """The ledger cannot be written any more: the disk is full or fails."""


class LedgerMissingError(LedgerError):
    """There is no ledger, or its process died before it had a table."""


def open_for_writing(out: Path) -> sqlite3.Connection:
    """The one connection that writes, to a ledger of the present version.

    The ledger is made if there is none and brought up to date if it is older.
    """
    path = out / LEDGER_NAME
    try:
        out.mkdir(parents=True, exist_ok=True)
        _check_magic(path)
    except OSError as error:
        raise LedgerError(f"{path}: {error.strerror or error}") from None
    with translated(path):
        connection = sqlite3.connect(
            path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
    try:
        with translated(path):
            _prepare(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def open_for_reading(out: Path) -> sqlite3.Connection:
    """A connection that cannot write, also while a runner is at work.

    Raises:
        LedgerMissingError: There is no ledger, which for some questions is no mistake.
    """
    path = out / LEDGER_NAME
    if not path.is_file():
        raise _missing(path)
    _check_magic(path)
    name = quote(str(path.resolve()))
    with translated(path):
        try:
            connection = _reader(f"file:{name}?mode=ro")
        except sqlite3.OperationalError:
            # In a folder that cannot be written SQLite cannot put its index beside the ledger.
            connection = _reader(f"file:{name}?immutable=1")
        try:
            _check_tables(connection, path)
            _check_identity(connection, path)
        except BaseException:
            connection.close()
            raise
    return connection


@contextmanager
def reading(out: Path) -> Iterator[sqlite3.Connection]:
    """The same for the length of a block, in which errors of SQLite are told in words as well."""
    with closing(open_for_reading(out)) as connection, translated(out / LEDGER_NAME):
        yield connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """All of it or nothing, on the disk when the block ends."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turns errors of SQLite into errors that say what is the matter."""
    try:
        yield
    except sqlite3.IntegrityError:
        raise
    except sqlite3.Error as error:
        raise _ledger_error(path, error) from error


def _ledger_error(path: Path, error: sqlite3.Error) -> LedgerError:
    text = str(error).lower()
    if "readonly" in text or "unable to open" in text:
        return LedgerError(f"{path} cannot be written: {error}")
    if "full" in text or "disk i/o" in text:
        return LedgerFullError(f"{path} cannot be written: {error}")
    if "locked" in text or "busy" in text:
        return LedgerError(f"{path} is in use by another program: {error}")
    if "malformed" in text or "not a database" in text or "encrypted" in text:
        return LedgerError(
            f"{path} is damaged ({error}). Nothing more is sent. Put a copy of it aside; "
            f"`sqlite3 {path} .recover` may save what it holds, and events.jsonl has every task id"
        )
    return LedgerError(f"{path}: {error}")


def _check_magic(path: Path) -> None:
    if not path.exists():
        return
    with path.open("rb") as file:
        head = file.read(len(_MAGIC))
    if head and head != _MAGIC:
        raise LedgerError(f"{path} is not a ledger of mjspec, or it is damaged")


def _reader(uri: str) -> sqlite3.Connection:
    connection = sqlite3.connect(uri, uri=True, timeout=_BUSY_SECONDS, isolation_level=None)
    connection.row_factory = sqlite3.Row
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    if not _is_empty(connection):
        _check_identity(connection, path)
        verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if verdict != "ok":
            raise sqlite3.DatabaseError(f"malformed: {verdict}")
    # A network file system may refuse WAL and keep its older mode, which is slower and as safe.
    connection.execute("PRAGMA journal_mode = WAL")
    _migrate(connection)


def _missing(path: Path) -> LedgerMissingError:
    return LedgerMissingError(
        f"{path} does not exist; `mjspec submit ... --out {path.parent}` makes it"
    )


def _check_tables(connection: sqlite3.Connection, path: Path) -> None:
    if _is_empty(connection):
        raise _missing(path)


def _is_empty(connection: sqlite3.Connection) -> bool:
    return not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]


def _check_identity(connection: sqlite3.Connection, path: Path) -> None:
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise LedgerError(f"{path} is a database of another program")
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > SCHEMA_VERSION:
        raise LedgerError(
            f"{path} was written by a newer mjspec (ledger version {version}, this one knows "
            f"{SCHEMA_VERSION}); update mjspec"
        )


def _migrate(connection: sqlite3.Connection) -> None:
    with transaction(connection):
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        for statements in MIGRATIONS[version:]:
            for statement in statements:
                connection.execute(statement)
        if version < SCHEMA_VERSION:
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
