"""The ledger's tables, for both stores. What differs between them stands in braces."""

from __future__ import annotations

VERSION = 2

TABLES = """
CREATE TABLE meta(name TEXT PRIMARY KEY){flat};
INSERT INTO meta(name) VALUES('start'), ('reap');
CREATE TABLE note(name TEXT PRIMARY KEY, value TEXT NOT NULL){flat};
CREATE TABLE run(
  id {id}, job TEXT NOT NULL, found INTEGER NOT NULL DEFAULT 0, ended INTEGER NOT NULL DEFAULT 0, halted TEXT);
CREATE TABLE member(id {serial}, run BIGINT NOT NULL, owner TEXT NOT NULL, until {real} NOT NULL DEFAULT 0);
CREATE TABLE unit(
  id {id}, name {bytes} NOT NULL UNIQUE, sources TEXT NOT NULL, fingerprint TEXT NOT NULL, signature TEXT NOT NULL,
  state INTEGER NOT NULL, urgent INTEGER NOT NULL DEFAULT 0, run BIGINT NOT NULL, owner BIGINT, ticket TEXT,
  fence BIGINT NOT NULL DEFAULT 0);
CREATE INDEX unit_open ON unit(run, urgent DESC, id) WHERE state = 0;
CREATE INDEX unit_claimed ON unit(run, owner) WHERE state = 1;
CREATE TABLE result(
  unit BIGINT NOT NULL, schema TEXT NOT NULL, state TEXT NOT NULL, summary TEXT NOT NULL, outputs TEXT NOT NULL,
  PRIMARY KEY(unit, schema)){flat};
CREATE TABLE plan(key TEXT PRIMARY KEY, body TEXT NOT NULL){flat};
CREATE TABLE call(
  id {id}, key TEXT NOT NULL, attempt INTEGER NOT NULL, unit BIGINT, run BIGINT NOT NULL, member BIGINT NOT NULL,
  ticket TEXT NOT NULL, state INTEGER NOT NULL, outcome TEXT, reserved BIGINT NOT NULL DEFAULT 0,
  cost BIGINT NOT NULL DEFAULT 0, usage TEXT, noticed BIGINT);
CREATE UNIQUE INDEX call_key ON call(key, attempt);
CREATE INDEX call_open ON call(member, ticket) WHERE state = 0;
CREATE INDEX call_doubt ON call(noticed) WHERE state = 3;
CREATE TABLE budget(run {key}, spent BIGINT NOT NULL, reserved BIGINT NOT NULL, open BIGINT NOT NULL);
CREATE TABLE reply(id {key}, body {bytes} NOT NULL);
CREATE TABLE slot(ticket TEXT PRIMARY KEY, run BIGINT NOT NULL, lane TEXT NOT NULL, member BIGINT NOT NULL){flat};
CREATE INDEX slot_lane ON slot(run, lane);
CREATE TABLE lane(run BIGINT NOT NULL, name TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY(run, name)){flat};
CREATE TABLE warm(
  run BIGINT NOT NULL, topic TEXT NOT NULL, member BIGINT, answered INTEGER NOT NULL, PRIMARY KEY(run, topic)){flat};
"""


def statements(**words: str) -> list[str]:
    """Every statement that makes an empty ledger."""
    text = TABLES
    for name, word in words.items():
        text = text.replace(f"{{{name}}}", word)
    return [statement.strip() for statement in text.split(";") if statement.strip()]
