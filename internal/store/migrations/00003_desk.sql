-- +goose Up

-- Who works here and for whom. Texts that are compared or sorted are compared by bytes. Times are RFC 3339 in UTC, an empty text is an absent one.

-- Offices, each with papers, drafts and numbers of its own. The office '' is that of a service without any.
CREATE TABLE offices (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL,
    created TEXT COLLATE "C" NOT NULL
);

-- Versions of the don-vi.yaml of an office, the highest in force; none is changed.
CREATE TABLE profiles (
    office TEXT COLLATE "C" NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    text TEXT NOT NULL,
    author TEXT NOT NULL,
    saved TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (office, version)
);

-- password is an argon2id hash in PHC form. A user is never deleted, for the audit names it.
CREATE TABLE users (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    full_name TEXT NOT NULL,
    office TEXT COLLATE "C" NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('soan-thao', 'van-thu', 'quan-tri')),
    password TEXT NOT NULL,
    disabled INTEGER NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1)),
    created TEXT COLLATE "C" NOT NULL
);

-- hash is the SHA-256 of what the browser's cookie holds; secret is what forms of the session carry.
CREATE TABLE sessions (
    hash TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    login TEXT COLLATE "C" NOT NULL REFERENCES users (name),
    secret TEXT NOT NULL,
    created TEXT COLLATE "C" NOT NULL,
    seen TEXT NOT NULL,
    ends TEXT COLLATE "C" NOT NULL
);
CREATE INDEX sessions_login ON sessions (login);

-- Keys of programs. hash is the SHA-256 of the key, which is shown once and kept nowhere.
CREATE TABLE tokens (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    hash TEXT COLLATE "C" NOT NULL UNIQUE,
    login TEXT COLLATE "C" NOT NULL REFERENCES users (name),
    name TEXT COLLATE "C" NOT NULL,
    created TEXT COLLATE "C" NOT NULL,
    used TEXT NOT NULL,
    ends TEXT NOT NULL
);

-- Who did what. Rows are added, never changed.
CREATE TABLE acts (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY, -- sorts by time
    at TEXT COLLATE "C" NOT NULL,
    login TEXT COLLATE "C" NOT NULL,
    office TEXT COLLATE "C" NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL,
    request TEXT NOT NULL,
    folded TEXT NOT NULL -- what words are looked for in
);

-- What is being written or was uploaded and is not a document yet. data is what the form says, JSON; files are those that were
-- uploaded, JSON with their names in the file store.
CREATE TABLE drafts (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    office TEXT COLLATE "C" NOT NULL,
    author TEXT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    title TEXT NOT NULL,
    data TEXT NOT NULL,
    files TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    created TEXT COLLATE "C" NOT NULL,
    saved TEXT COLLATE "C" NOT NULL
);
CREATE INDEX drafts_office ON drafts (office, saved);

-- Versions of the templates that were uploaded; files are JSON with their names in the file store.
CREATE TABLE templates (
    kind TEXT COLLATE "C" NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    files TEXT NOT NULL,
    note TEXT NOT NULL,
    author TEXT NOT NULL,
    saved TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (kind, version)
);

-- The version of a template in force where one is; without a row it is the one that comes with the program.
CREATE TABLE templates_in_force (
    kind TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    FOREIGN KEY (kind, version) REFERENCES templates (kind, version)
);

-- One row: how often profiles and templates changed, by which every process sees that they did; and what forms carry in one-person mode.
CREATE TABLE revision (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    count BIGINT NOT NULL,
    secret TEXT NOT NULL
);
INSERT INTO revision (id, count, secret) VALUES (1, 0, '');

-- Whose numbers, batches and documents; tasks are those that the document follows up, JSON.
ALTER TABLE entries ADD COLUMN office TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE batches ADD COLUMN office TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE documents ADD COLUMN office TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE documents ADD COLUMN draft TEXT NOT NULL DEFAULT '';
ALTER TABLE documents ADD COLUMN tasks TEXT NOT NULL DEFAULT '';
CREATE INDEX entries_newest ON entries (office, date, unit, name, number);
CREATE INDEX documents_desk ON documents (office, made) WHERE draft <> '';
CREATE INDEX documents_tasks ON documents (office, date) WHERE tasks <> '';
CREATE INDEX documents_number ON documents (number_key);

-- +goose Down
DROP INDEX documents_number;
DROP INDEX documents_tasks;
DROP INDEX documents_desk;
DROP INDEX entries_newest;
ALTER TABLE documents DROP COLUMN tasks;
ALTER TABLE documents DROP COLUMN draft;
ALTER TABLE documents DROP COLUMN office;
ALTER TABLE batches DROP COLUMN office;
ALTER TABLE entries DROP COLUMN office;
DROP TABLE revision;
DROP TABLE templates_in_force;
DROP TABLE templates;
DROP TABLE drafts;
DROP TABLE acts;
DROP TABLE tokens;
DROP TABLE sessions;
DROP TABLE users;
DROP TABLE profiles;
DROP TABLE offices;
