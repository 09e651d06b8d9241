# shellcheck shell=bash
# Test Anything Protocol: a line a test, the count at the end.

tap_n=0 tap_failed=0

# ok NAME COMMAND...: passes when the command succeeds.
ok() {
	local name=$1
	shift
	tap_n=$((tap_n + 1))
	if "$@"; then
		printf 'ok %d - %s\n' "$tap_n" "$name"
	else
		tap_failed=$((tap_failed + 1))
		printf 'not ok %d - %s\n' "$tap_n" "$name"
	fi
}

# is NAME GOT EXPECTED
is() {
	ok "$1" test "$2" = "$3"
	[[ $2 == "$3" ]] || printf '# got %q, expected %q\n' "$2" "$3"
}

# like NAME GOT REGEX
like() {
	# shellcheck disable=SC2317 # called through ok
	matches() { [[ $1 =~ $2 ]]; }
	ok "$1" matches "$2" "$3"
	[[ $2 =~ $3 ]] || printf '# got %q, expected /%s/\n' "$2" "$3"
}

tap_done() {
	printf '1..%d\n' "$tap_n"
	((tap_failed == 0))
}
