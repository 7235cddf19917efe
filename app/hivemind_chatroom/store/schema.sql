-- The room's memory, version 1. Every table is STRICT; numbers of seconds are Unix time.

-- One row: counted inside the insert's transaction, so that the numbers have no holes.
CREATE TABLE room (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    id TEXT NOT NULL, -- random, made once: tells this room from others
    last_id INTEGER NOT NULL, -- the number given last
    first_id INTEGER NOT NULL, -- the lowest number that retention has left
    words_left INTEGER NOT NULL -- of removed messages in the search index: see forgetting.py
) STRICT;
INSERT INTO room VALUES (1, lower(hex(randomblob(8))), 0, 1, 0);

CREATE TABLE message (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    author_id TEXT NOT NULL,
    author_name TEXT NOT NULL,
    text TEXT NOT NULL,
    lang TEXT NOT NULL,
    sent_at TEXT NOT NULL, -- ISO 8601, UTC
    to_id TEXT,
    to_name TEXT,
    private_to TEXT,
    client_id TEXT,
    in_reply_to INTEGER,
    expects_reply INTEGER NOT NULL,
    media TEXT, -- JSON
    words TEXT NOT NULL -- the text as searches know it: folded words with a space between
) STRICT;

CREATE UNIQUE INDEX message_once ON message (author_id, client_id) WHERE client_id IS NOT NULL;

CREATE INDEX message_sent_at ON message (sent_at);

-- What was asked of the hub. A row outlives its message when that is removed: an answer that comes
-- after that must still find out whose it is.
CREATE TABLE outbox (
    message_id INTEGER PRIMARY KEY,
    corr TEXT NOT NULL,
    member_id TEXT NOT NULL,
    delivery TEXT NOT NULL,
    queued_at REAL NOT NULL
) STRICT;

CREATE INDEX outbox_open ON outbox (delivery, message_id)
WHERE delivery IN ('queued', 'sending', 'sent');
CREATE INDEX outbox_of ON outbox (member_id, message_id);

-- Every mark that an utterance ever went out with; asked again, it gets another one.
CREATE TABLE mark (
    corr TEXT PRIMARY KEY,
    message_id INTEGER NOT NULL REFERENCES outbox (message_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX mark_of ON mark (message_id);

-- The tokenizer must not know better than words.py: it takes all that is not ASCII as letters.
CREATE VIRTUAL TABLE message_words USING fts5 (
    words, content = 'message', content_rowid = 'id', tokenize = 'ascii'
);
CREATE TRIGGER message_words_in AFTER INSERT ON message BEGIN
    INSERT INTO message_words (rowid, words) VALUES (new.id, new.words);
END;
CREATE TRIGGER message_words_out AFTER DELETE ON message BEGIN
    INSERT INTO message_words (message_words, rowid, words) VALUES ('delete', old.id, old.words);
END;

CREATE TABLE member (
    id TEXT PRIMARY KEY,
    arrived INTEGER NOT NULL UNIQUE, -- the order of arrival
    name TEXT NOT NULL,
    lang TEXT NOT NULL,
    site_id TEXT NOT NULL,
    color INTEGER NOT NULL,
    session_id TEXT NOT NULL,
    session_state TEXT NOT NULL, -- JSON
    is_held INTEGER NOT NULL -- a cookie holds the name
) STRICT;

CREATE TABLE cookie (
    digest BLOB PRIMARY KEY, -- SHA-256 of the key
    member_id TEXT NOT NULL REFERENCES member (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX cookie_of ON cookie (member_id);

PRAGMA application_id = 0x484D4352; -- what tells our databases from others
PRAGMA user_version = 1;
