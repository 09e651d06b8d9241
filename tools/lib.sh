# shellcheck shell=bash
# What tools/up, tools/down and tools/check share: messages, packages, the
# build, and processes that are known by where their errors go.

# The scripts set these before they call anything here.
#	ROOT	the checkout
#	RUN_DIR	everything that is running, an absolute path without links
ROOT=$(cd -P "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# For programs built with sanitizers.
export ASAN_OPTIONS=detect_leaks=1:suppressions=$ROOT/tools/asan.supp
export UBSAN_OPTIONS=print_stacktrace=1

say() { printf '%s\n' "$*"; }
warn() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }
die() {
	warn "$@"
	exit 1
}

# For a file read by a POSIX shell.
quote() { printf "'%s'" "${1//\'/\'\\\'\'}"; }

# Runs a command; its output is shown only when it fails.
quietly() {
	local log=$1
	shift
	"$@" >>"$log" 2>&1 </dev/null && return
	warn "failed: $*"
	warn "the end of $log:"
	tail -n 40 "$log" >&2
	return 1
}

# wait_for SECONDS COMMAND...: asks ten times a second.
wait_for() {
	local tries=$(($1 * 10))
	shift
	until "$@" >/dev/null 2>&1; do
		((tries-- > 0)) || return 1
		sleep 0.1
	done
}

# wait_up NAME SECONDS COMMAND...: the same, unless the process NAME ends.
wait_up() {
	local name=$1 seconds=$2
	shift 2
	# shellcheck disable=SC2317 # called through wait_for
	settled() { "$@" || ! running "$name"; }
	wait_for "$seconds" settled "$@" && "$@" &>/dev/null
}

# ---- packages ---------------------------------------------------------------

# Prints what is missing of the packages for the given uses.
packages_missing() {
	local use name
	while read -r use name; do
		[[ " $* " == *" $use "* ]] || continue
		[[ $(dpkg-query -W -f='${db:Status-Status}' "$name" \
			2>/dev/null) == installed ]] || printf '%s\n' "$name"
	done <"$ROOT/tools/packages"
}

packages_install() {
	local missing as_root=()
	mapfile -t missing < <(packages_missing "$@")
	((${#missing[@]})) || return 0
	if ((EUID != 0)); then
		as_root=(sudo)
		# Without a terminal sudo could only wait for a password.
		[[ -t 0 ]] || as_root+=(-n)
		"${as_root[@]}" true 2>/dev/null || {
			warn "some Debian packages are missing; please run:"
			warn "apt-get install --no-install-recommends ${missing[*]}"
			exit 1
		}
	fi
	say "Installing ${#missing[@]} Debian packages"
	local log=$RUN_DIR/log/packages.log
	quietly "$log" "${as_root[@]}" apt-get update -qq &&
		quietly "$log" "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
			apt-get install -y -q --no-install-recommends "${missing[@]}"
}

# ---- the build --------------------------------------------------------------

# build DIR CONFIGURE-OPTION...: builds there, to be installed into DIR/inst.
build() {
	local dir=$1 log
	shift
	log=$RUN_DIR/log/build-${dir##*/}.log
	: >"$log"
	if [[ ! -e $ROOT/configure ]]; then
		quietly "$log" autoreconf -fi "$ROOT" || return
	fi
	mkdir -p "$dir"
	(
		cd "$dir" || exit
		[[ -e Makefile ]] ||
			quietly "$log" "$ROOT/configure" -q --prefix="$dir/inst" \
				"$@" || exit
		quietly "$log" make -s -j"$(nproc)"
	)
}

# install_build DIR
install_build() {
	quietly "$RUN_DIR/log/install.log" make -C "$1" -s install
}

# ---- processes --------------------------------------------------------------
# Each runs in a session of its own with its standard error in RUN_DIR/log;
# that, and not a number in a file, tells that a process is ours.

# ours PID [UNDER]: writes its errors into a file below UNDER.
ours() {
	[[ $(readlink "/proc/$1/fd/2" 2>/dev/null) == "${2:-$RUN_DIR/log}/"* ]]
}

# running NAME: prints the process id.
running() {
	local pid
	{ read -r pid <"$RUN_DIR/pid/$1"; } 2>/dev/null &&
		ours "$pid" && printf '%s\n' "$pid"
}

# launch NAME COMMAND...: in the background, with a clean environment.
launch() {
	local name=$1 keep=() var
	shift
	for var in LANG TZ ASAN_OPTIONS UBSAN_OPTIONS; do
		[[ -z ${!var-} ]] || keep+=("$var=${!var}")
	done
	# Redirected before there is a process, which is ours from the start.
	{
		setsid env -i PATH="$PATH" HOME="$RUN_DIR" "${keep[@]}" "$@" \
			</dev/null 9>&- &
	} >>"$RUN_DIR/log/$name.log" 2>&1
	printf '%s\n' "$!" >"$RUN_DIR/pid/$name"
}

# stop NAME [SIGNAL]
stop() {
	local pid
	pid=$(running "$1") || return 0
	kill -s "${2:-TERM}" "$pid" 2>/dev/null
	# shellcheck disable=SC2317 # called through wait_for
	gone() { ! running "$1"; }
	wait_for 20 gone "$1" || warn "$1 does not stop; killing it"
}

# sweep UNDER: ends whatever still writes its errors there; 1 if any did.
sweep() {
	local link pid found=0
	for link in /proc/[0-9]*/fd/2; do
		pid=${link#/proc/}
		pid=${pid%%/*}
		if ((pid != $$ && pid != BASHPID)) && ours "$pid" "$1"; then
			warn "killing what is left: $pid ($(cat "/proc/$pid/comm"))"
			kill -s KILL "$pid" 2>/dev/null
			found=1
		fi
	done
	return $found
}

# ---- ports ------------------------------------------------------------------

# port_taken PORT: does someone listen there?
port_taken() { (: <"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
