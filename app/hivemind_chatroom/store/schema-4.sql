-- Version 4: which members have left and are kept for what was decided about them, and which history
-- the numbers are of.

ALTER TABLE member ADD COLUMN has_left INTEGER NOT NULL DEFAULT 0;

ALTER TABLE room ADD COLUMN history TEXT NOT NULL DEFAULT ''; -- random, another one after a restore
UPDATE room SET history = lower(hex(randomblob(8)));

PRAGMA user_version = 4;
