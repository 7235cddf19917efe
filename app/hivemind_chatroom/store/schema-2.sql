-- Version 2: what the host has decided about a member. Moments are ISO 8601, UTC.

ALTER TABLE member ADD COLUMN muted_until TEXT;
ALTER TABLE member ADD COLUMN removed_until TEXT;
ALTER TABLE member ADD COLUMN renamed_from TEXT NOT NULL DEFAULT '';
ALTER TABLE member ADD COLUMN renamed_until TEXT;

PRAGMA user_version = 2;
