# shellcheck shell=bash
# The stack below RUN_DIR: its secrets, its configuration, its services.
#
# Besides ROOT and RUN_DIR, stack_up takes
#	PORT	HTTPS; plain HTTP is PORT+1, SMTP PORT+2
#	BIN	where the programs are
# and from the environment, when servers of your own shall be used,
#	DATABASE_URL	no MariaDB is started
#	MAIL_SERVER	no SMTP catcher is started (and all other MAIL_*)

: "${PORT=8443}"

# In the order they start; they stop in the other one.
SERVICES=(mariadb smtp fast auth mailer nginx)

# ---- secrets and files ------------------------------------------------------

# secret NAME: made once, kept in RUN_DIR/secret.
secret() {
	local file=$RUN_DIR/secret/$1
	[[ -s $file ]] ||
		(umask 077 && openssl rand -hex "${2:-16}" >"$file") || return
	cat "$file"
}

# A socket's address holds 107 bytes: a deep checkout's are elsewhere.
socket_dir() {
	local link=$RUN_DIR/sock dir
	if [[ ! -L $link ]] && ((${#link} <= 80)); then
		mkdir -p "$link/t2o"
		printf '%s\n' "$link"
		return
	fi
	dir=$(readlink "$link")
	if [[ ! -O $dir || ! -d $dir ]]; then
		dir=$(mktemp -d /tmp/t2o.XXXXXX) || return
		ln -sfn "$dir" "$link"
	fi
	mkdir -p "$dir/t2o"
	printf '%s\n' "$dir"
}

make_certificate() {
	local dir=$RUN_DIR/tls
	openssl x509 -checkend 86400 -in "$dir/cert.pem" &>/dev/null && return
	(
		umask 077
		quietly "$RUN_DIR/log/tls.log" openssl req -x509 -nodes \
			-newkey ec -pkeyopt ec_paramgen_curve:P-256 -days 365 \
			-subj /CN=localhost -addext \
			subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1 \
			-keyout "$dir/key.pem" -out "$dir/cert.pem"
	)
}

prepare_dirs() {
	local dir
	for dir in conf log mail nginx/sites-enabled nginx/snippets pid \
		secret tls tmp; do
		mkdir -p "$RUN_DIR/$dir" || return
	done
	chmod 700 "$RUN_DIR/secret" "$RUN_DIR/tls"
	rm -f "$RUN_DIR"/log/{fast,auth,mailer,nginx,smtp,mariadb,t2o-*}*.log
	SOCK=$(socket_dir)
}

# ---- MariaDB ----------------------------------------------------------------

# database_url ACCOUNT
database_url() {
	if [[ -n ${DATABASE_URL-} ]]; then
		printf '%s\n' "$DATABASE_URL"
		return
	fi
	# Of what may stand in a path, these mean something in a URL.
	local path=$SOCK/mariadb.sock
	path=${path//%/%25}
	path=${path//&/%26}
	path=${path//#/%23}
	path=${path//+/%2B}
	path=${path// /%20}
	printf 'mysql://%s:%s@localhost/t2o?socket=%s\n' "$1" \
		"$(secret "$1")" "$path"
}

# The statements come on standard input, so that no password is an argument.
as_dba() {
	mariadb --no-defaults --socket="$SOCK/mariadb.sock" \
		--user="$(id -un)" "$@"
}

start_mariadb() {
	[[ -z ${DATABASE_URL-} ]] || return 0
	local data=$RUN_DIR/mariadb
	# A first run that was interrupted leaves no half database behind.
	if [[ ! -d $data ]]; then
		rm -rf "$data.new"
		quietly "$RUN_DIR/log/mariadb-install.log" mariadb-install-db \
			--no-defaults --datadir="$data.new" \
			--user="$(id -un)" --skip-test-db \
			--auth-root-authentication-method=socket \
			--auth-root-socket-user="$(id -un)" || return
		mv "$data.new" "$data"
	fi
	launch mariadb mariadbd --no-defaults --user="$(id -un)" \
		--datadir="$data" --socket="$SOCK/mariadb.sock" \
		--pid-file="$SOCK/mariadb.pid" --tmpdir="$RUN_DIR/tmp" \
		--skip-networking --character-set-server=utf8mb4 \
		--innodb-buffer-pool-size=64M --innodb-log-file-size=32M
	wait_up mariadb 60 as_dba -e 'SELECT 1' && database_accounts
}

database_accounts() {
	local account
	{
		echo 'CREATE DATABASE IF NOT EXISTS t2o CHARACTER SET utf8mb4' \
			'COLLATE utf8mb4_unicode_ci;'
		for account in t2o_fcgi t2o_mailer t2o_admin; do
			printf "CREATE OR REPLACE USER %s@localhost %s '%s';\n" \
				"$account" 'IDENTIFIED BY' "$(secret "$account")"
		done
		echo 'GRANT ALL ON t2o.* TO t2o_admin@localhost;'
	} | as_dba
}

# The grants name tables, so they follow the migration.
migrate() {
	t2octl migrate up || return
	[[ -n ${DATABASE_URL-} ]] || as_dba t2o <"$ROOT/sql/grants.sql"
}

# ---- mail -------------------------------------------------------------------

start_smtp() {
	[[ -z ${MAIL_SERVER-} ]] || return 0
	secret smtp >/dev/null
	launch smtp "$ROOT/tools/smtp-catcher" --port $((PORT + 2)) \
		--maildir "$RUN_DIR/mail/Maildir" --cert "$RUN_DIR/tls/cert.pem" \
		--key "$RUN_DIR/tls/key.pem" --user t2o \
		--password-file "$RUN_DIR/secret/smtp" --demand
	wait_up smtp 20 port_taken $((PORT + 2))
}

# MAIL_* of the environment, or the catcher's.
mail_settings() {
	local name
	if [[ -z ${MAIL_SERVER-} ]]; then
		printf '%s\n' MAIL_SERVER=localhost "MAIL_PORT=$((PORT + 2))" \
			MAIL_USE_TLS=on "MAIL_CA_FILE=$RUN_DIR/tls/cert.pem" \
			MAIL_USERNAME=t2o MAIL_SENDER=t2o@localhost.localdomain
		return
	fi
	for name in MAIL_SERVER MAIL_PORT MAIL_USE_TLS MAIL_CA_FILE \
		MAIL_USERNAME MAIL_SENDER; do
		[[ -z ${!name-} ]] || printf '%s=%s\n' "$name" "${!name}"
	done
}

# ---- our own programs -------------------------------------------------------

t2octl() { "$BIN/t2octl" --config "$RUN_DIR/conf/t2o.conf" "$@"; }

write_conf() {
	local dir=$RUN_DIR/conf mail_password=${MAIL_PASSWORD-}
	[[ -n ${MAIL_SERVER-} ]] || mail_password=$(secret smtp)
	{
		echo APP_ENV=development
		echo "PUBLIC_URL=$URL"
		mail_settings
	} >"$dir/t2o.conf"
	(
		umask 077
		printf 'DATABASE_URL=%s\nSECRET_KEY=%s\n' \
			"$(database_url t2o_fcgi)" "$(secret secret_key 32)" \
			>"$dir/t2o-fcgi.conf"
		printf 'DATABASE_URL=%s\n%s\n' "$(database_url t2o_mailer)" \
			"${mail_password:+MAIL_PASSWORD=$mail_password}" \
			>"$dir/t2o-mailer.conf"
		printf 'DATABASE_URL=%s\n' "$(database_url t2o_admin)" \
			>"$dir/t2octl.conf"
	)
}

# multiwatch passes on USR1 unless told otherwise; that one is libfcgi's own.
# pool NAME PROCESSES BACKLOG
pool() {
	local socket=$SOCK/t2o/$1.sock
	rm -f "$socket"
	launch "$1" spawn-fcgi -n -s "$socket" -M 0660 -b "$3" -- \
		"$(command -v multiwatch)" -s TERM -f "$2" -- \
		"$BIN/t2o-fcgi" --config "$RUN_DIR/conf/t2o.conf"
	wait_up "$1" 10 test -S "$socket"
}

start_fast() { pool fast 4 128; }
# As many as can hash at once; who would wait long is told to come back.
start_auth() { pool auth "$(nproc)" 32; }

start_mailer() {
	launch mailer multiwatch -s TERM -f 1 -- \
		"$BIN/t2o-mailer" --config "$RUN_DIR/conf/t2o.conf"
}

create_admin() {
	t2octl user show admin &>/dev/null && return
	secret admin | t2octl user add --username admin --email "$ADMIN_EMAIL" \
		--first-name Ada --last-name Admin --role 'Super Admin' \
		--verified --password-stdin
}

# ---- nginx ------------------------------------------------------------------

# What Debian's own nginx.conf is to the site.
nginx_conf() {
	cat <<-EOF
		daemon off;
		worker_processes 2;
		pid nginx.pid;
		error_log $RUN_DIR/log/nginx.log;
		events {}
		http {
			include mime.types;
			default_type application/octet-stream;
			client_body_temp_path $RUN_DIR/tmp/body;
			fastcgi_temp_path $RUN_DIR/tmp/fastcgi;
			proxy_temp_path $RUN_DIR/tmp/proxy;
			scgi_temp_path $RUN_DIR/tmp/scgi;
			uwsgi_temp_path $RUN_DIR/tmp/uwsgi;
			include sites-enabled/*;
		}
	EOF
}

write_nginx() {
	local dir=$RUN_DIR/nginx
	nginx_conf >"$dir/nginx.conf"
	# "user" is a matter of root's; all here runs as who started it.
	((EUID != 0)) || sed -i '1i user root;' "$dir/nginx.conf"
	ln -sf /etc/nginx/mime.types /etc/nginx/fastcgi_params "$dir"
	ln -sf "$ROOT"/nginx/snippets/* "$dir/snippets"
	# The CORS list is the administrator's; the tests are one.
	rm -f "$dir/snippets/t2o-cors-origins.conf"
	printf '"%s" 1;\n' "https://localhost:$PORT" \
		https://front.example.org \
		>"$dir/snippets/t2o-cors-origins.conf"
	"$ROOT/tools/render" "$ROOT/nginx/t2o.conf.in" runstatedir="$SOCK" \
		webdir="$ROOT/web" docdir="$ROOT" T2O_SERVER_NAME=localhost \
		T2O_LISTEN4=127.0.0.1 T2O_LISTEN6=::1 \
		T2O_HTTPS_PORT="$PORT" T2O_HTTP_PORT=$((PORT + 1)) \
		T2O_TLS_CERT="$RUN_DIR/tls/cert.pem" \
		T2O_TLS_KEY="$RUN_DIR/tls/key.pem" \
		T2O_LOG_DIR="$RUN_DIR/log" >"$dir/sites-enabled/t2o.conf"
	# Some containers have no IPv6 at all.
	grep -qs '^0*1 ' /proc/net/if_inet6 ||
		sed -i '/listen \[/d' "$dir/sites-enabled/t2o.conf"
}

nginx_here() { nginx -p "$RUN_DIR/nginx/" -c "$RUN_DIR/nginx/nginx.conf" "$@"; }

start_nginx() {
	write_nginx &&
		quietly "$RUN_DIR/log/nginx-test.log" nginx_here -t || return
	launch nginx "$(command -v nginx)" -p "$RUN_DIR/nginx/" \
		-c "$RUN_DIR/nginx/nginx.conf"
}

# ---- the whole --------------------------------------------------------------

# assign NAME VALUE...
assign() {
	while (($#)); do
		printf '%s=%s\n' "$1" "$(quote "$2")"
		shift 2
	done
}

write_env() {
	local maildir=
	[[ -n ${MAIL_SERVER-} ]] || maildir=$RUN_DIR/mail/Maildir
	(
		umask 077
		assign T2O_URL "$URL" \
			T2O_CA "$RUN_DIR/tls/cert.pem" \
			T2O_HTTP_PORT $((PORT + 1)) \
			T2O_ADMIN_USERNAME admin \
			T2O_ADMIN_EMAIL "$ADMIN_EMAIL" \
			T2O_ADMIN_PASSWORD "$(secret admin)" \
			T2O_MAILDIR "$maildir" \
			T2O_SMTP_PORT "${MAIL_PORT-$((PORT + 2))}" \
			T2O_RUN_DIR "$RUN_DIR" \
			T2O_BIN_DIR "$BIN" \
			DATABASE_URL "$(database_url t2o_admin)" \
			>"$RUN_DIR/env.new"
	) && mv "$RUN_DIR/env.new" "$RUN_DIR/env"
}

ready() {
	[[ $(curl -s --cacert "$RUN_DIR/tls/cert.pem" -o /dev/null \
		-w '%{http_code}' "$URL/readyz") == 200 ]]
}

check_ports() {
	local port
	for port in "$PORT" $((PORT + 1)) $((PORT + 2)); do
		! port_taken "$port" ||
			die "port $port is taken; choose others with --port N" \
				"(N, N+1 and N+2 must be free)"
	done
}

# step TEXT COMMAND...
step() {
	local text=$1
	shift
	"$@" && return
	warn "$text failed; the logs are in $RUN_DIR/log:"
	tail -qn 5 "$RUN_DIR"/log/{mariadb,smtp,fast,auth,mailer,nginx}.log \
		2>/dev/null >&2
	return 1
}

stack_up() {
	URL=https://127.0.0.1:$PORT
	ADMIN_EMAIL=admin@localhost.localdomain
	check_ports
	step 'preparing' prepare_dirs &&
		step 'making a certificate' make_certificate &&
		step 'starting MariaDB' start_mariadb &&
		step 'starting the SMTP catcher' start_smtp &&
		step 'writing the configuration' write_conf &&
		step 'migrating' quietly "$RUN_DIR/log/migrate.log" migrate &&
		step 'creating the administrator' \
			quietly "$RUN_DIR/log/admin.log" create_admin &&
		step 'starting the fast pool' start_fast &&
		step 'starting the auth pool' start_auth &&
		step 'starting the mailer' start_mailer &&
		step 'starting nginx' start_nginx &&
		step 'waiting for /readyz' wait_up nginx 20 ready &&
		write_env
}

stack_down() {
	local i result
	for ((i = ${#SERVICES[@]} - 1; i >= 0; i--)); do
		stop "${SERVICES[i]}"
	done
	sweep "$RUN_DIR/log"
	result=$?
	rm -rf "$RUN_DIR"/{pid,env,owner}
	if [[ -L $RUN_DIR/sock && -O $(readlink "$RUN_DIR/sock") ]]; then
		rm -rf "$(readlink "$RUN_DIR/sock")"
	fi
	rm -rf "$RUN_DIR/sock"
	return $result
}
