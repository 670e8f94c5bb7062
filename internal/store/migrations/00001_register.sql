-- +goose Up

-- Texts that are compared or sorted are compared by bytes (COLLATE "C"), whatever the collation of a PostgreSQL database.

-- The last number given in each series; its row is the lock of whoever takes the next.
CREATE TABLE series (
    unit TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    year INTEGER NOT NULL,
    last INTEGER NOT NULL CHECK (last > 0),
    PRIMARY KEY (unit, name, year)
);

-- Dates are ISO 8601, times RFC 3339 in UTC; an empty text is an absent one. folded is what words are looked for in.
CREATE TABLE entries (
    key TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    unit TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    year INTEGER NOT NULL,
    number INTEGER NOT NULL CHECK (number > 0),
    symbol TEXT NOT NULL,
    date TEXT NOT NULL,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    signer TEXT NOT NULL,
    recipients TEXT NOT NULL,
    kept_by TEXT NOT NULL DEFAULT '',
    copies INTEGER NOT NULL DEFAULT 0,
    sent TEXT NOT NULL DEFAULT '',
    note TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL CHECK (state IN ('reserved', 'issued', 'void')),
    reason TEXT NOT NULL DEFAULT '',
    hash TEXT NOT NULL DEFAULT '',
    taken TEXT NOT NULL,
    folded TEXT COLLATE "C" NOT NULL,
    UNIQUE (year, unit, name, number), -- in the order of lists
    FOREIGN KEY (unit, name, year) REFERENCES series (unit, name, year)
);

-- +goose Down
DROP TABLE entries;
DROP TABLE series;
