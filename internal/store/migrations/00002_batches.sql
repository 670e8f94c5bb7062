-- +goose Up

-- Texts that are compared or sorted are compared by bytes (COLLATE "C"), whatever the collation of a PostgreSQL database.

-- Runs that make many documents. Times are RFC 3339 in UTC, dates ISO 8601, an empty text is an absent one; settings, found, figures,
-- data and files are JSON.
CREATE TABLE batches (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    key TEXT COLLATE "C" NOT NULL UNIQUE,
    name TEXT COLLATE "C" NOT NULL,
    folder TEXT COLLATE "C" NOT NULL,
    input TEXT NOT NULL,
    settings TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('planning', 'running', 'done', 'cancelled')),
    found TEXT NOT NULL,
    created TEXT COLLATE "C" NOT NULL,
    finished TEXT NOT NULL
);
CREATE INDEX batches_created ON batches (created, id);

-- Documents that a batch is to make. task says from what.
CREATE TABLE items (
    batch TEXT COLLATE "C" NOT NULL REFERENCES batches (id),
    position INTEGER NOT NULL CHECK (position > 0),
    name TEXT COLLATE "C" NOT NULL,
    task TEXT NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'made', 'kept', 'refused', 'failed', 'skipped')),
    found TEXT NOT NULL,
    fault TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version >= 0),
    PRIMARY KEY (batch, position),
    UNIQUE (batch, name) -- two of one name would write over each other's files
);
CREATE INDEX items_state ON items (state, batch); -- finds a pending item of a batch at once, and counts all without sorting

-- Versions of documents; none is changed. The name is the folder of the batch and the name of the item.
CREATE TABLE documents (
    name TEXT COLLATE "C" NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    key TEXT COLLATE "C" NOT NULL,
    kind TEXT NOT NULL,
    unit TEXT NOT NULL,
    symbol TEXT NOT NULL,
    number_key TEXT NOT NULL,
    title TEXT NOT NULL,
    date TEXT NOT NULL,
    data TEXT NOT NULL,
    files TEXT NOT NULL,
    pages INTEGER NOT NULL,
    found TEXT NOT NULL,
    figures TEXT NOT NULL,
    made TEXT NOT NULL,
    PRIMARY KEY (name, version)
);

-- One row, written to learn whether the database takes what is written.
CREATE TABLE pulse (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    beats BIGINT NOT NULL
);
INSERT INTO pulse (id, beats) VALUES (1, 0);

-- +goose Down
DROP TABLE pulse;
DROP TABLE documents;
DROP TABLE items;
DROP TABLE batches;
