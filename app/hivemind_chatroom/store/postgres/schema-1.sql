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
    first_id bigint NOT NULL -- the lowest number that retention has left
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
    has_left boolean NOT NULL,
    version bigint NOT NULL DEFAULT 1 -- how often it was kept
);

-- Cookies and names are written before their member, whose row tells the others.
CREATE TABLE cookie (
    digest bytea PRIMARY KEY, -- SHA-256 of the key
    member_id text NOT NULL REFERENCES member (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX cookie_of ON cookie (member_id);

-- The skeletons of every member's name (room/names.py): nobody else may look like them.
CREATE TABLE name_taken (
    skeleton text PRIMARY KEY,
    member_id text NOT NULL REFERENCES member (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX name_taken_of ON name_taken (member_id);

-- What members type on another device of theirs.
CREATE TABLE device_code (
    member_id text PRIMARY KEY REFERENCES member (id) ON DELETE CASCADE,
    code text NOT NULL,
    expires_at timestamptz NOT NULL,
    wrong integer NOT NULL -- guesses
);

-- The instances of the room, and who has a page open at which; an instance says every few seconds
-- that it runs, and one that has not for long is forgotten.
CREATE UNLOGGED TABLE instance (
    id text PRIMARY KEY,
    seen_at timestamptz NOT NULL
);
CREATE UNLOGGED TABLE presence (
    instance text NOT NULL REFERENCES instance (id) ON DELETE CASCADE,
    member_id text NOT NULL,
    PRIMARY KEY (instance, member_id)
);

-- What the host has decided about the room, for all instances; JSON.
CREATE TABLE setting (
    name text PRIMARY KEY,
    value text NOT NULL
);

-- How the hub stands, as whoever holds its link says; JSON.
CREATE TABLE hub (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    status text NOT NULL
);

-- Who holds the link to the hub: the token grows with each who takes it, and the hub's side of the
-- outbox is only written under the token that is the last one. Renewed each second.
CREATE TABLE leader (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    token bigint NOT NULL UNIQUE, -- unique, so that FOR KEY SHARE keeps it and lets renewals pass
    instance text NOT NULL,
    place text NOT NULL, -- the name of its computer, for the operators of the others
    backend integer NOT NULL, -- the server's process that holds the lock for it
    renewed_at timestamptz NOT NULL
);
INSERT INTO leader VALUES (true, 0, '', '', 0, '-infinity');

-- What has happened other than by new messages, for the instances that did not do it themselves:
-- the subject tells what to read anew. Numbered without holes in the order of the commits, as the
-- messages are: the counter is locked last, so that nobody waits for anything while holding it.
CREATE TABLE change (
    id bigint PRIMARY KEY,
    kind text NOT NULL,
    subject text NOT NULL,
    instance text NOT NULL, -- whose doing it was
    made_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE change_count (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    last_id bigint NOT NULL
);
INSERT INTO change_count VALUES (true, 0);

CREATE FUNCTION note_changes(what text, subjects text[]) RETURNS void LANGUAGE sql AS $$
    WITH counted AS (
        UPDATE change_count SET last_id = last_id + cardinality(subjects)
        WHERE cardinality(subjects) > 0
        RETURNING last_id - cardinality(subjects) AS before
    )
    INSERT INTO change SELECT
        before + nth, what, subject,
        coalesce(current_setting('hivemind_chatroom.instance', true), '')
    FROM counted, unnest(subjects) WITH ORDINALITY AS given (subject, nth)
$$;

CREATE FUNCTION note_change(what text, subject text) RETURNS void LANGUAGE sql AS $$
    SELECT note_changes(what, ARRAY[subject])
$$;

-- Arguments: the kind, and the column that is the subject.
CREATE FUNCTION note_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM note_change(TG_ARGV[0], to_jsonb(coalesce(NEW, OLD)) ->> TG_ARGV[1]);
    RETURN NULL;
END
$$;
CREATE TRIGGER noted AFTER INSERT OR UPDATE OR DELETE ON member
FOR EACH ROW EXECUTE FUNCTION note_row('member', 'id');
CREATE TRIGGER noted AFTER INSERT OR UPDATE OR DELETE ON setting
FOR EACH ROW EXECUTE FUNCTION note_row('setting', 'name');
CREATE TRIGGER noted AFTER INSERT OR UPDATE ON hub
FOR EACH ROW EXECUTE FUNCTION note_row('hub', 'only_one');

-- Utterances move on many at a time.
CREATE FUNCTION note_utterances() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM note_changes(
        'message', ARRAY(SELECT message_id::text FROM moved ORDER BY message_id)
    );
    RETURN NULL;
END
$$;
CREATE TRIGGER noted AFTER UPDATE ON outbox REFERENCING NEW TABLE AS moved
FOR EACH STATEMENT EXECUTE FUNCTION note_utterances();

-- A hint that there is news, at the commit, and whose doing it is; what it is, is read by number.
CREATE FUNCTION hint() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify(
        'hivemind_chatroom',
        TG_TABLE_SCHEMA || ' ' || coalesce(current_setting('hivemind_chatroom.instance', true), '')
    );
    RETURN NULL;
END
$$;
CREATE TRIGGER hinted AFTER INSERT ON message FOR EACH STATEMENT EXECUTE FUNCTION hint();
CREATE TRIGGER hinted AFTER INSERT ON change FOR EACH STATEMENT EXECUTE FUNCTION hint();
