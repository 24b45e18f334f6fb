"""Why a number's paper does not count: the stable words of a ``VoidedNumber``, on the wire, in logs and on notices."""

TAKEN_BACK = "paper-taken-back"
"""Printed, and taken back by the printer because nobody took it."""

INTERRUPTED = "interrupted"
"""The terminal stopped in the middle of the job."""

VOID_REASONS = frozenset(
    {
        TAKEN_BACK,
        INTERRUPTED,
        "cover-open",
        "cutter-jam",
        "head-hot",
        "job-vanished",
        "journal-failing",
        "link-lost",
        "media-empty",
        "media-jam",
        "no-acknowledgement",
        "no-answer",
        "no-such-queue",
        "not-accepting",
        "not-acknowledged",
        "offline",
        "output-full",
        "paper-not-taken",
        "presenter-full",
        "printer-error",
        "queue-failed",
        "queue-retries",
        "send-stalled",
        "sides-missing",
        "toner-empty",
        "unreachable",
    }
)
"""Beside the two above, what a printer told, or did not, of a job that had begun."""
