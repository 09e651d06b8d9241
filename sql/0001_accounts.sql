-- Accounts: users and what they prove themselves with, sessions, roles,
-- the audit log, the mail outbox and the throttle.
--
-- Times are DATETIME(6) in UTC and come from the program's clock, never from
-- NOW(): hosts agree on one clock a request, and tests can move it.
-- Unique without regard to case is the column's collation, not code; NOPAD, as
-- otherwise "eve" and "eve " were one account with two throttle buckets.
-- Words of our own are ASCII in binary order: only where a column's collation
-- cannot differ from the connection's does MariaDB see that `state = 'queued'`
-- leaves one value, and sorts by the rest of an index without reading it all.

CREATE TABLE users (
    id          BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    username    VARCHAR(30) CHARACTER SET ascii COLLATE ascii_general_nopad_ci
                NOT NULL,
    email       VARCHAR(254) CHARACTER SET ascii COLLATE ascii_general_nopad_ci
                NOT NULL,
    first_name  VARCHAR(60) NOT NULL,
    last_name   VARCHAR(60) NOT NULL,
    verified_at DATETIME(6) NULL,
    disabled_at DATETIME(6) NULL,
    created_at  DATETIME(6) NOT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY users_username (username),
    UNIQUE KEY users_email (email)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- What a user proves an identity with, one row a kind.  A password is a PHC
-- or foreign hash string; what a kind means is said where it is used.
CREATE TABLE credentials (
    user_id    BIGINT UNSIGNED NOT NULL,
    kind       ENUM('password', 'totp') CHARACTER SET ascii COLLATE ascii_bin
               NOT NULL,
    secret     VARCHAR(512) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    changed_at DATETIME(6) NOT NULL,
    PRIMARY KEY (user_id, kind),
    CONSTRAINT credentials_user FOREIGN KEY (user_id)
        REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- id_hash is SHA-256 of what the cookie holds: the table opens no door.
CREATE TABLE sessions (
    id           BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    id_hash      BINARY(32) NOT NULL,
    user_id      BIGINT UNSIGNED NOT NULL,
    created_at   DATETIME(6) NOT NULL,
    last_seen_at DATETIME(6) NOT NULL,
    expires_at   DATETIME(6) NOT NULL,
    client_ip    VARCHAR(45) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    user_agent   VARCHAR(255) NOT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY sessions_id_hash (id_hash),
    KEY sessions_user (user_id),
    KEY sessions_expires (expires_at),
    CONSTRAINT sessions_user FOREIGN KEY (user_id)
        REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- One-time tokens that travel by mail.  The primary key allows one token of
-- a purpose and user: a newer one cannot help but kill the older.
CREATE TABLE tokens (
    user_id    BIGINT UNSIGNED NOT NULL,
    purpose    ENUM('verify_email') CHARACTER SET ascii COLLATE ascii_bin
               NOT NULL,
    token_hash BINARY(32) NOT NULL,
    created_at DATETIME(6) NOT NULL,
    expires_at DATETIME(6) NOT NULL,
    PRIMARY KEY (user_id, purpose),
    UNIQUE KEY tokens_hash (token_hash),
    KEY tokens_expires (expires_at),
    CONSTRAINT tokens_user FOREIGN KEY (user_id)
        REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE roles (
    id   BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    name VARCHAR(50) NOT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY roles_name (name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- holders_changes is raised in each transaction that may take the permission
-- from somebody, so that two of them meet on this row: on its lock, or on a
-- Galera cluster, where locks stay on a node, when they are certified.
CREATE TABLE permissions (
    id              BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    name            VARCHAR(50) NOT NULL,
    holders_changes BIGINT UNSIGNED NOT NULL DEFAULT 0,
    PRIMARY KEY (id),
    UNIQUE KEY permissions_name (name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE role_permissions (
    role_id       BIGINT UNSIGNED NOT NULL,
    permission_id BIGINT UNSIGNED NOT NULL,
    PRIMARY KEY (role_id, permission_id),
    KEY role_permissions_permission (permission_id),
    CONSTRAINT role_permissions_role FOREIGN KEY (role_id)
        REFERENCES roles (id) ON DELETE CASCADE,
    CONSTRAINT role_permissions_permission FOREIGN KEY (permission_id)
        REFERENCES permissions (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE user_roles (
    user_id BIGINT UNSIGNED NOT NULL,
    role_id BIGINT UNSIGNED NOT NULL,
    PRIMARY KEY (user_id, role_id),
    KEY user_roles_role (role_id),
    CONSTRAINT user_roles_user FOREIGN KEY (user_id)
        REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT user_roles_role FOREIGN KEY (role_id)
        REFERENCES roles (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- Who did what to whom, from where.  No foreign keys: a row outlives the
-- people in it, and keeps their ids alone.
CREATE TABLE audit_log (
    id         BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    created_at DATETIME(6) NOT NULL,
    event      VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    level      ENUM('info', 'warning', 'error') CHARACTER SET ascii
               COLLATE ascii_bin NOT NULL,
    actor_id   BIGINT UNSIGNED NULL,
    target_id  BIGINT UNSIGNED NULL,
    message    VARCHAR(255) NOT NULL,
    client_ip  VARCHAR(45) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    user_agent VARCHAR(255) NOT NULL,
    request_id VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    PRIMARY KEY (id),
    KEY audit_log_created (created_at),
    KEY audit_log_actor (actor_id, id),
    KEY audit_log_target (target_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- Mail to be sent: what it says, to whom, about whom; never a token.  The
-- mailer makes the token when it sends (ARCHITECTURE.md, "Mail").
--
-- queued  due at next_at, or after a lease ran out
-- sent    accepted by the server
-- parked  refused for good, or given up; waits for t2octl mail
CREATE TABLE mail_outbox (
    id          BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    state       ENUM('queued', 'sent', 'parked') CHARACTER SET ascii
                COLLATE ascii_bin NOT NULL DEFAULT 'queued',
    template    VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    user_id     BIGINT UNSIGNED NULL,
    recipient   VARCHAR(254) CHARACTER SET ascii COLLATE ascii_general_ci
                NOT NULL,
    created_at  DATETIME(6) NOT NULL,
    next_at     DATETIME(6) NOT NULL,
    lease       BINARY(32) NULL,
    lease_until DATETIME(6) NULL,
    attempts    INT UNSIGNED NOT NULL DEFAULT 0,
    last_error  VARCHAR(255) NULL,
    sent_at     DATETIME(6) NULL,
    PRIMARY KEY (id),
    KEY mail_outbox_due (state, next_at),
    KEY mail_outbox_lease (lease),
    CONSTRAINT mail_outbox_user FOREIGN KEY (user_id)
        REFERENCES users (id) ON DELETE SET NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- Counters that hold across workers and hosts.  A bucket is a hash over its
-- kind and key (an account name, an address range), so the table says nothing
-- about who tried, and an unknown name costs what a known one costs.
CREATE TABLE throttle (
    bucket        BINARY(32) NOT NULL,
    hits          INT UNSIGNED NOT NULL,
    penalty       INT UNSIGNED NOT NULL,
    window_start  DATETIME(6) NULL,
    blocked_until DATETIME(6) NULL,
    expires_at    DATETIME(6) NOT NULL,
    PRIMARY KEY (bucket),
    KEY throttle_expires (expires_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

INSERT INTO permissions (name) VALUES
    ('view_dashboard'), ('view_reports'), ('edit'), ('manage_users'),
    ('manage_roles'), ('manage_billing'), ('access_logs'),
    ('manage_settings'), ('manage_admin');

INSERT INTO roles (name) VALUES
    ('Super Admin'), ('Admin'), ('Moderator'), ('User');

INSERT INTO role_permissions (role_id, permission_id)
SELECT r.id, p.id
FROM roles r
JOIN permissions p
WHERE r.name = 'Super Admin'
   OR (r.name = 'Admin' AND p.name IN ('view_dashboard', 'view_reports',
       'edit', 'manage_users', 'manage_roles', 'manage_billing',
       'access_logs'))
   OR (r.name = 'Moderator' AND p.name IN ('view_dashboard', 'view_reports',
       'edit'))
   OR (r.name = 'User' AND p.name = 'view_dashboard');
