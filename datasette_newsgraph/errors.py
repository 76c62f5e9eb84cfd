"""Every exception that newsgraph raises on purpose.

::

    NewsgraphError                exit code 1
    ├── UsageError                exit code 2: the call itself is wrong
    │   ├── UnknownKey            no article, entity … of that key or name
    │   ├── AmbiguousName         several entities or articles of that name
    │   └── BadQuery              a question that is no SPARQL, or asks for what is not done here
    ├── InputError                a file that cannot be read at all
    │   └── DamagedInput          … that was read up to the damage
    ├── RecordError               one record that cannot be taken: a row of ``rejects``
    │   └── RecordLeftOut         … that is not meant to be: counted, no row of ``rejects``
    ├── DecisionError             a decision that cannot be taken
    ├── TooManyRejects            ``--max-errors`` was passed
    ├── ExtractionStopped         a process that extracts has died
    ├── LoadStopped               a process that reads for a load has died
    ├── ExportStopped             a process that exports has died
    ├── QueryStopped              a question that took too long, or found too much
    ├── ServiceError              a reconciliation service cannot be asked, or answers what it may not
    └── StoreError                the database cannot be used
        ├── SchemaMismatch        … as its tables are newer, or somebody else's
        └── WrongValue            … as it holds what no load writes

A message names the thing at fault and the remedy, on one line.
"""

from __future__ import annotations


class NewsgraphError(Exception):
    """Anything that newsgraph reports to its user; ``exit_code`` is the command line's."""

    exit_code = 1


class UsageError(NewsgraphError):
    """The call is wrong: an option, a format name, an IRI."""

    exit_code = 2


class UnknownKey(UsageError):
    """A key or name was asked for that the database does not hold."""

    exit_code = 1


class AmbiguousName(UsageError):
    """A name was asked for that several entities or articles have; the message lists their keys."""

    exit_code = 1


class BadQuery(UsageError):
    """A question is no SPARQL, or asks for what is not done here, such as an update."""


class InputError(NewsgraphError):
    """An input file cannot be read."""


class DamagedInput(InputError):
    """An input file is damaged part of the way through; what came before was read."""


class RecordError(NewsgraphError):
    """One record cannot be taken; the loader turns it into a row of ``rejects``."""


class RecordLeftOut(RecordError):
    """A record is in order, but not to be loaded: its annotators rejected or skipped it."""


class DecisionError(NewsgraphError):
    """A decision cannot be taken: a field is missing, or is not what it should be."""


class TooManyRejects(NewsgraphError):
    """More records were rejected than ``--max-errors`` allows."""


class ExtractionStopped(NewsgraphError):
    """A process that extracts has died, as where memory is short; what came before is kept."""


class LoadStopped(NewsgraphError):
    """A process that reads for a load has died, as where memory is short; what came before is kept."""


class ExportStopped(NewsgraphError):
    """A process that exports has died, as where memory is short, or cannot be started."""


class QueryStopped(NewsgraphError):
    """A question was stopped at a limit: it took too long, or found too much."""


class ServiceError(NewsgraphError):
    """A reconciliation service cannot be asked, or its answer is not as the specification has it."""


class StoreError(NewsgraphError):
    """The database cannot be opened, read or written."""


class SchemaMismatch(StoreError):
    """The database has tables of our names that are newer than this version, or not ours."""


class WrongValue(StoreError):
    """A value in the database is none that a load writes. Whoever has opened the database puts its
    name before the message.
    """
