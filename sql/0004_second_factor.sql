-- The second factor: TOTP secrets, recovery codes, and logins that wait for
-- a code.

-- A TOTP secret is sealed (src/auth/seal.h), and pending until a code of it
-- has been shown.  last_step is the newest 30 s step of which a code was
-- accepted: none is accepted twice.
ALTER TABLE credentials
    MODIFY COLUMN kind ENUM('password', 'totp', 'totp_pending')
        CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    ADD COLUMN last_step BIGINT UNSIGNED NOT NULL DEFAULT 0;

-- code_hash is SHA-256 of 120 random bits, which need no salt.
CREATE TABLE recovery_codes (
    user_id    BIGINT UNSIGNED NOT NULL,
    code_hash  BINARY(32) NOT NULL,
    created_at DATETIME(6) NOT NULL,
    PRIMARY KEY (user_id, code_hash),
    CONSTRAINT recovery_codes_user FOREIGN KEY (user_id)
        REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- Logins whose password was right and that wait for a code.  id_hash is
-- SHA-256 of what the client holds; mailed_hash an Argon2id string of the six
-- digits that were mailed for this login, when there are any.
CREATE TABLE login_challenges (
    id          BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    id_hash     BINARY(32) NOT NULL,
    user_id     BIGINT UNSIGNED NOT NULL,
    created_at  DATETIME(6) NOT NULL,
    expires_at  DATETIME(6) NOT NULL,
    tries       INT UNSIGNED NOT NULL DEFAULT 0,
    mailed_hash VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NULL,
    PRIMARY KEY (id),
    UNIQUE KEY login_challenges_id_hash (id_hash),
    KEY login_challenges_user (user_id),
    KEY login_challenges_expires (expires_at),
    CONSTRAINT login_challenges_user FOREIGN KEY (user_id)
        REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- The login that a mailed code is for.  No foreign key: it may be over by the
-- time the mail is sent, and then the mail is not.
ALTER TABLE mail_outbox ADD COLUMN challenge_id BIGINT UNSIGNED NULL
    AFTER detail;
