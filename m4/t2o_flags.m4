# T2O_TRY_FLAGS(VARIABLE, FLAGS): adds each flag that compiler and linker know.
AC_DEFUN([T2O_TRY_FLAGS], [
for t2o_flag in m4_normalize([$2]); do
	AC_MSG_CHECKING([whether $CC takes $t2o_flag])
	t2o_saved_cflags=$CFLAGS
	CFLAGS="$CFLAGS -Werror $t2o_flag"
	AC_LINK_IFELSE([AC_LANG_PROGRAM([[#include <stdio.h>]],
	    [[return printf("x") < 0;]])],
	    [t2o_known=yes], [t2o_known=no])
	CFLAGS=$t2o_saved_cflags
	AC_MSG_RESULT([$t2o_known])
	AS_IF([test $t2o_known = yes], [$1="$$1 $t2o_flag"])
done
AC_SUBST([$1])
])

# T2O_WARNINGS: WARN_CFLAGS, the language and what the compiler should mind.
AC_DEFUN([T2O_WARNINGS], [
T2O_TRY_FLAGS([WARN_CFLAGS], [-std=gnu11 -Wall -Wextra -Wformat=2 -Wconversion
    -Wno-sign-conversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes
    -Wwrite-strings -Wcast-qual -Wundef -Wvla -Wimplicit-fallthrough])
AS_IF([test "$enable_werror" = yes], [WARN_CFLAGS="$WARN_CFLAGS -Werror"])
])

# T2O_HARDENING: HARDEN_CFLAGS and HARDEN_LDFLAGS, each flag probed.
AC_DEFUN([T2O_HARDENING], [
AS_IF([test "$enable_sanitizers" = yes],
    [T2O_TRY_FLAGS([HARDEN_CFLAGS], [-fsanitize=address,undefined
	-fno-sanitize-recover=undefined -fno-omit-frame-pointer])],
    [AC_MSG_CHECKING([for the highest level of _FORTIFY_SOURCE])
	t2o_saved_cflags=$CFLAGS
	t2o_fortify=2
	CFLAGS="$CFLAGS -O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -Werror"
	AC_COMPILE_IFELSE([AC_LANG_PROGRAM([[#include <stdio.h>]],
	    [[return 0;]])], [t2o_fortify=3])
	CFLAGS=$t2o_saved_cflags
	AC_MSG_RESULT([$t2o_fortify])
	HARDEN_CFLAGS="-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=$t2o_fortify"
	T2O_TRY_FLAGS([HARDEN_CFLAGS], [-fstack-protector-strong
	    -fstack-clash-protection -fcf-protection
	    -ftrivial-auto-var-init=zero])])
AS_IF([test "$enable_coverage" = yes],
    [T2O_TRY_FLAGS([HARDEN_CFLAGS], [--coverage])])
T2O_TRY_FLAGS([HARDEN_CFLAGS], [-fPIE])
T2O_TRY_FLAGS([HARDEN_LDFLAGS], [-pie -Wl,-z,relro -Wl,-z,now
    -Wl,-z,noexecstack -Wl,--as-needed])
])
