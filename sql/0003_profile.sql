-- Profile: a change of mail address, which the new address confirms and the
-- old one can undo; and what goes when an account goes.

-- A row for each address that a user gives up: to the new one once it is
-- confirmed, back to the old one when that is what the old one's reader says.
-- An older row outlives a newer change, so that who has taken an account over
-- cannot move on to where its owner's link leads nowhere.
CREATE TABLE email_changes (
    user_id      BIGINT UNSIGNED NOT NULL,
    old_email    VARCHAR(254) CHARACTER SET ascii
                 COLLATE ascii_general_nopad_ci NOT NULL,
    new_email    VARCHAR(254) CHARACTER SET ascii
                 COLLATE ascii_general_nopad_ci NOT NULL,
    asked_at     DATETIME(6) NOT NULL,
    confirmed_at DATETIME(6) NULL,
    PRIMARY KEY (user_id, old_email),
    KEY email_changes_old (old_email),
    KEY email_changes_asked (asked_at),
    CONSTRAINT email_changes_user FOREIGN KEY (user_id)
        REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- A token speaks for the address that it was mailed to, and for no other:
-- what is on its way to one that has been given up since opens nothing.
ALTER TABLE tokens
    MODIFY COLUMN purpose
    ENUM('verify_email', 'reset_password', 'change_email', 'undo_email')
    CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    ADD COLUMN email VARCHAR(254) CHARACTER SET ascii
    COLLATE ascii_general_nopad_ci NOT NULL DEFAULT '' AFTER purpose,
    DROP PRIMARY KEY, ADD PRIMARY KEY (user_id, purpose, email);
UPDATE tokens SET email =
    (SELECT u.email FROM users u WHERE u.id = tokens.user_id);

-- Mail to somebody goes when they go, also what has been sent: it has their
-- address in it.  What is to be told to them afterwards is about nobody.
ALTER TABLE mail_outbox DROP FOREIGN KEY mail_outbox_user;
ALTER TABLE mail_outbox ADD CONSTRAINT mail_outbox_user
    FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE;
