-- The room's memory in PostgreSQL, version 1. JSON is text: it is read back as it was written.

-- What tells our tables from those of other programs.
CREATE TABLE hivemind_chatroom (version integer NOT NULL);
INSERT INTO hivemind_chatroom VALUES (1);

-- One row: counted inside the insert's transaction, under its lock, so that the numbers have no holes.
CREATE TABLE room (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    id text NOT NULL, -- random, made once: tells this room from others
    history text NOT NULL, -- random, another one after a restore
    invitation_key bytea NOT NULL, -- random, made once, and told to nobody
    last_id bigint NOT NULL, -- the number given last
    first_id bigint NOT NULL, -- the lowest number that retention has left
    tenant text NOT NULL -- random, another one for each run: who has used the database last
);

CREATE TABLE message (
    id bigint PRIMARY KEY,
    kind text NOT NULL,
    author_id text NOT NULL,
    author_name text NOT NULL,
    text text NOT NULL,
    lang text NOT NULL,
    sent_at timestamptz NOT NULL,
    to_id text,
    to_name text,
    private_to text,
    client_id text,
    in_reply_to bigint,
    expects_reply boolean NOT NULL,
    media text, -- JSON
    words tsvector NOT NULL -- the text as searches know it, folded by words.py
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
CREATE UNIQUE INDEX message_once ON message (author_id, client_id) WHERE client_id IS NOT NULL;
CREATE INDEX message_sent_at ON message (sent_at);
CREATE INDEX message_words ON message USING gin (words);

-- What was asked of the hub. A row outlives its message when that is removed: an answer that comes
-- after that must still find out whose it is.
CREATE TABLE outbox (
    message_id bigint PRIMARY KEY,
    corr text NOT NULL,
    member_id text NOT NULL,
    delivery text NOT NULL,
    queued_at double precision NOT NULL -- Unix time
);
CREATE INDEX outbox_open ON outbox (delivery, message_id)
WHERE delivery IN ('queued', 'sending', 'sent');
CREATE INDEX outbox_of ON outbox (member_id, message_id);

-- Every mark that an utterance ever went out with; asked again, it gets another one.
CREATE TABLE mark (
    corr text PRIMARY KEY,
    message_id bigint NOT NULL REFERENCES outbox (message_id) ON DELETE CASCADE
);
CREATE INDEX mark_of ON mark (message_id);

CREATE TABLE member (
    id text PRIMARY KEY,
    arrived bigint GENERATED ALWAYS AS IDENTITY UNIQUE, -- the order of arrival
    name text NOT NULL,
    lang text NOT NULL,
    site_id text NOT NULL,
    color integer NOT NULL,
    session_id text NOT NULL,
    session_state text NOT NULL, -- JSON
    is_held boolean NOT NULL, -- a cookie holds the name
    muted_until text, -- moments are ISO 8601, UTC
    removed_until text,
    renamed_from text NOT NULL,
    renamed_until text,
    has_left boolean NOT NULL
);

CREATE TABLE cookie (
    digest bytea PRIMARY KEY, -- SHA-256 of the key
    member_id text NOT NULL REFERENCES member (id) ON DELETE CASCADE
);
CREATE INDEX cookie_of ON cookie (member_id);
