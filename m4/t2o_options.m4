# T2O_OPTIONS: what a builder can ask for.
AC_DEFUN([T2O_OPTIONS], [
AC_ARG_ENABLE([sanitizers],
    [AS_HELP_STRING([--enable-sanitizers], [build with ASan and UBSan])],
    [], [enable_sanitizers=no])
AC_ARG_ENABLE([coverage],
    [AS_HELP_STRING([--enable-coverage], [build for gcov])],
    [], [enable_coverage=no])
AC_ARG_ENABLE([werror],
    [AS_HELP_STRING([--enable-werror], [make warnings errors (for CI)])],
    [], [enable_werror=no])
AC_ARG_WITH([systemdsystemunitdir],
    [AS_HELP_STRING([--with-systemdsystemunitdir=DIR],
        [where units go @<:@PREFIX/lib/systemd/system@:>@])],
    [systemdsystemunitdir=$withval],
    [systemdsystemunitdir='${prefix}/lib/systemd/system'])
AC_SUBST([systemdsystemunitdir])
AC_ARG_WITH([socket-group],
    [AS_HELP_STRING([--with-socket-group=GROUP],
        [nginx's group, which may connect to the workers @<:@www-data@:>@])],
    [socket_group=$withval], [socket_group=www-data])
AC_SUBST([socket_group])
])
