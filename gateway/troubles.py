"""Expected trouble below the gateway, as the word a terminal and a technician are told: the database is down or busy,
a disk is full. Nothing of it is final: the terminal keeps its record and comes again."""

import errno
import sqlite3
from dataclasses import dataclass
from enum import Enum

from psycopg import errors
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionError


class GatewayBusyError(Exception):
    """More wait already than will be answered soon."""


EXPECTED = (OperationalError, InterfaceError, NoConnectionError, GatewayBusyError, OSError)
"""Exceptions that ``trouble_of`` knows; any other is a mistake of ours."""

_SQLITE_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})


class Trouble(Enum):
    DATABASE_DOWN = "database-down"
    DATABASE_BUSY = "database-busy"
    STORAGE_FULL = "storage-full"
    STORAGE_DOWN = "storage-down"


@dataclass(frozen=True, slots=True)
class Told:
    """HTTP status, and the seconds after which to come again."""

    status: int
    retry_after_s: int


TOLD = {
    Trouble.DATABASE_DOWN: Told(503, 30),
    Trouble.DATABASE_BUSY: Told(503, 5),
    Trouble.STORAGE_FULL: Told(507, 300),
    Trouble.STORAGE_DOWN: Told(503, 30),
}


def trouble_of(error: Exception) -> Trouble:
    """``error`` is one of ``EXPECTED``."""
    match error:
        case DBAPIError():
            return _of_driver(error.orig)
        case NoConnectionError() | GatewayBusyError():
            return Trouble.DATABASE_BUSY
        case OSError() if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return Trouble.STORAGE_FULL
        case OSError():
            return Trouble.STORAGE_DOWN
        case _:
            return Trouble.DATABASE_DOWN


def _of_driver(error: BaseException | None) -> Trouble:
    match error:
        case sqlite3.Error():
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF
            if code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
                return Trouble.STORAGE_FULL if code == sqlite3.SQLITE_FULL else Trouble.STORAGE_DOWN
            return Trouble.DATABASE_BUSY if code in _SQLITE_BUSY else Trouble.DATABASE_DOWN
        case errors.DiskFull():
            return Trouble.STORAGE_FULL
        case errors.DeadlockDetected() | errors.LockNotAvailable() | errors.TooManyConnections():
            return Trouble.DATABASE_BUSY
        case _:
            return Trouble.DATABASE_DOWN
