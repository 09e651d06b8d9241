-- Account security: how recently a session's user proved who they are,
-- password reset, and the networks that a user has logged in from.

-- Raised by whatever begins a session or changes what a login goes by.  The
-- row is the lock between the two, and because it is changed and not only held
-- a Galera cluster refuses the second of two that ran on different nodes.
ALTER TABLE users ADD COLUMN login_changes INT UNSIGNED NOT NULL DEFAULT 0;

-- When the password or a second factor was last shown in this session.
ALTER TABLE sessions ADD COLUMN confirmed_at DATETIME(6) NULL
    AFTER last_seen_at;
UPDATE sessions SET confirmed_at = created_at;
ALTER TABLE sessions MODIFY COLUMN confirmed_at DATETIME(6) NOT NULL;

ALTER TABLE tokens MODIFY COLUMN purpose
    ENUM('verify_email', 'reset_password')
    CHARACTER SET ascii COLLATE ascii_bin NOT NULL;

-- A login from a network that is not here is told to the user.  What is kept
-- is a hash over the address range.
CREATE TABLE login_networks (
    user_id      BIGINT UNSIGNED NOT NULL,
    network      BINARY(32) NOT NULL,
    last_seen_at DATETIME(6) NOT NULL,
    PRIMARY KEY (user_id, network),
    KEY login_networks_seen (last_seen_at),
    CONSTRAINT login_networks_user FOREIGN KEY (user_id)
        REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- What a notice tells besides the user's own data, such as an address.
ALTER TABLE mail_outbox ADD COLUMN detail VARCHAR(255) NOT NULL DEFAULT ''
    AFTER recipient;
