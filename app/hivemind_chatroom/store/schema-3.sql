-- Version 3: what the room makes its invitations with. Random, made once, and told to nobody.

ALTER TABLE room ADD COLUMN invitation_key BLOB NOT NULL DEFAULT x'';
UPDATE room SET invitation_key = randomblob(32);

PRAGMA user_version = 3;
