"""The schema of the terminal's file, as numbered scripts: script n makes version n of version n - 1.

A script that has left the house is never changed: files of its version are in the field. A new one comes at the end.
"""

MIGRATIONS = (
    """
    CREATE TABLE record (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        key TEXT NOT NULL UNIQUE,
        kind TEXT NOT NULL,
        size INTEGER NOT NULL,
        queued_at REAL NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0,
        next_at REAL NOT NULL,
        lease_until REAL,
        dead_reason TEXT
    );
    CREATE TABLE envelope (id INTEGER PRIMARY KEY REFERENCES record (id), data BLOB NOT NULL);
    CREATE TABLE chain (one INTEGER PRIMARY KEY CHECK (one = 1), head TEXT NOT NULL);
    CREATE TABLE receipt_counter (
        kind TEXT NOT NULL,
        day TEXT NOT NULL,
        last INTEGER NOT NULL,
        PRIMARY KEY (kind, day)
    );
    """,
    """
    CREATE TABLE print_try (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        job TEXT NOT NULL,
        digest TEXT NOT NULL,
        rows INTEGER NOT NULL,
        bands INTEGER NOT NULL,
        opened_at REAL NOT NULL,
        stage TEXT NOT NULL,
        band INTEGER NOT NULL,
        verdict TEXT CHECK (verdict IN ('printed', 'not-printed', 'unknown')),
        reason TEXT,
        bytes_sent INTEGER,
        settled INTEGER NOT NULL DEFAULT 0
    );
    CREATE INDEX print_try_of_job ON print_try (job, id);
    CREATE UNIQUE INDEX print_try_once ON print_try (job) WHERE verdict IS NULL OR verdict <> 'not-printed';
    CREATE INDEX print_try_age ON print_try (opened_at);
    CREATE TABLE paper_roll (one INTEGER PRIMARY KEY CHECK (one = 1), remaining_mm INTEGER NOT NULL);
    """,
    """
    CREATE TABLE staff_lock (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        tries INTEGER NOT NULL,
        unlocked INTEGER NOT NULL
    );
    """,
    """
    ALTER TABLE paper_roll ADD COLUMN full_mm INTEGER;
    """,
    """
    CREATE TABLE next_record (
        id INTEGER PRIMARY KEY,
        key TEXT NOT NULL UNIQUE,
        kind TEXT NOT NULL,
        size INTEGER NOT NULL,
        queued_at REAL NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0,
        next_at REAL NOT NULL,
        lease_until REAL,
        dead_reason TEXT,
        lane INTEGER NOT NULL,
        priority INTEGER NOT NULL,
        faults INTEGER NOT NULL DEFAULT 0,
        receipt TEXT,
        put_back INTEGER NOT NULL DEFAULT 0
    );
    INSERT INTO next_record
        SELECT id, key, kind, size, queued_at, attempts, next_at, lease_until, dead_reason, -id,
            CASE WHEN kind = 'voided-number' THEN 0 WHEN size > 32768 THEN 2 ELSE 1 END, 0, NULL, 0
        FROM record;
    DROP TABLE record;
    ALTER TABLE next_record RENAME TO record;
    CREATE TABLE next_chain (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        head TEXT NOT NULL,
        last_record INTEGER NOT NULL,
        lane_key BLOB NOT NULL
    );
    INSERT INTO next_chain
        SELECT one, head, ifnull((SELECT seq FROM sqlite_sequence WHERE name = 'record'), 0), zeroblob(32) FROM chain;
    DROP TABLE chain;
    ALTER TABLE next_chain RENAME TO chain;
    CREATE TABLE link (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        phase TEXT NOT NULL,
        since REAL NOT NULL,
        until REAL NOT NULL,
        probes INTEGER NOT NULL,
        reason TEXT NOT NULL
    );
    CREATE TABLE receipt (
        id INTEGER PRIMARY KEY,
        key TEXT NOT NULL,
        number TEXT NOT NULL,
        kind TEXT NOT NULL,
        queued_at REAL NOT NULL,
        sent_at REAL,
        outcome TEXT,
        confirmed_on TEXT,
        next_due TEXT,
        resumes_on TEXT,
        replaced_by TEXT
    );
    """,
    """
    CREATE TABLE day_closed (day TEXT PRIMARY KEY, closed_at REAL NOT NULL);
    INSERT INTO day_closed SELECT DISTINCT day, 1e12 FROM (
        SELECT day FROM receipt_counter
        UNION SELECT substr(job, 4, 4) || '-' || substr(job, 8, 2) || '-' || substr(job, 10, 2) FROM print_try
    );
    CREATE TABLE bundle (
        name TEXT NOT NULL,
        version INTEGER NOT NULL,
        data BLOB NOT NULL,
        PRIMARY KEY (name, version)
    );
    CREATE TABLE bundle_check (name TEXT PRIMARY KEY, next_at REAL NOT NULL, unanswered INTEGER NOT NULL);
    """,
)
