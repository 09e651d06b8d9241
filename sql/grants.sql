-- One account per program, each with what it needs and no more.
--
-- Run once by a database administrator, in the T2O database, after
-- `t2octl migrate up` (as t2o_admin) has made the tables.  The accounts are
-- made first, with passwords of your own:
--
--   CREATE DATABASE t2o CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
--   CREATE USER t2o_admin@localhost  IDENTIFIED BY '…';
--   CREATE USER t2o_fcgi@localhost   IDENTIFIED BY '…';
--   CREATE USER t2o_mailer@localhost IDENTIFIED BY '…';
--   GRANT ALL ON t2o.* TO t2o_admin@localhost;
--
-- Where a program runs on another host, replace its @localhost by that host
-- and add REQUIRE SSL.

-- t2o-fcgi: audit rows are written and read, never changed; a user is erased
-- whole, with what hangs on them; of mail it reads what a user is told to be
-- stored about them; the schema is only read.
GRANT SELECT                   ON schema_migrations TO t2o_fcgi@localhost;
GRANT SELECT, INSERT, UPDATE (username, first_name, last_name, email,
    verified_at, disabled_at, login_changes), DELETE
                               ON users             TO t2o_fcgi@localhost;
GRANT SELECT, INSERT, UPDATE, DELETE
                               ON credentials       TO t2o_fcgi@localhost;
GRANT SELECT, INSERT, DELETE   ON recovery_codes    TO t2o_fcgi@localhost;
GRANT SELECT, INSERT, UPDATE (tries), DELETE
                               ON login_challenges  TO t2o_fcgi@localhost;
GRANT SELECT, INSERT, UPDATE (id_hash, last_seen_at, confirmed_at), DELETE
                               ON sessions          TO t2o_fcgi@localhost;
GRANT SELECT, INSERT, UPDATE (last_seen_at)
                               ON login_networks    TO t2o_fcgi@localhost;
GRANT SELECT, DELETE           ON tokens            TO t2o_fcgi@localhost;
GRANT SELECT, INSERT, UPDATE (confirmed_at), DELETE
                               ON email_changes     TO t2o_fcgi@localhost;
GRANT SELECT, INSERT, DELETE   ON roles             TO t2o_fcgi@localhost;
GRANT SELECT, INSERT, DELETE, UPDATE (holders_changes)
                               ON permissions       TO t2o_fcgi@localhost;
GRANT SELECT, INSERT, DELETE   ON role_permissions  TO t2o_fcgi@localhost;
GRANT SELECT, INSERT, DELETE   ON user_roles        TO t2o_fcgi@localhost;
GRANT SELECT, INSERT           ON audit_log         TO t2o_fcgi@localhost;
GRANT SELECT (id, user_id, state, template, recipient, detail, created_at,
    sent_at), INSERT           ON mail_outbox       TO t2o_fcgi@localhost;
GRANT SELECT, INSERT, UPDATE, DELETE
                               ON throttle          TO t2o_fcgi@localhost;

-- t2o-mailer: the outbox, but it changes neither what a mail says nor to whom
-- it goes; tokens and login codes, which it makes (a new one replaces the old)
-- and cannot read.  Of users it sees what a mail says; no password hash, no session.
GRANT SELECT                   ON schema_migrations TO t2o_mailer@localhost;
GRANT SELECT, UPDATE (state, next_at, lease, lease_until, attempts, last_error,
    sent_at)                   ON mail_outbox       TO t2o_mailer@localhost;
GRANT SELECT (id, username, email, first_name, last_name, verified_at,
    disabled_at)               ON users             TO t2o_mailer@localhost;
GRANT INSERT, DELETE           ON tokens            TO t2o_mailer@localhost;
GRANT SELECT (id, user_id, expires_at), UPDATE (mailed_hash)
                               ON login_challenges  TO t2o_mailer@localhost;
