# T2O_LIB_ZXCVBN: libzxcvbn has no pkg-config file.  Sets ZXCVBN_LIBS.
AC_DEFUN([T2O_LIB_ZXCVBN], [
AC_CHECK_HEADER([zxcvbn.h], [],
    [AC_MSG_ERROR([zxcvbn.h not found; install libzxcvbn-dev])])
t2o_saved_libs=$LIBS
AC_CHECK_LIB([zxcvbn], [ZxcvbnMatch], [ZXCVBN_LIBS="-lzxcvbn -lm"],
    [AC_MSG_ERROR([libzxcvbn not found; install libzxcvbn-dev])], [-lm])
LIBS=$t2o_saved_libs
AC_SUBST([ZXCVBN_LIBS])
])
