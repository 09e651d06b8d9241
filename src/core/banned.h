/*
 * Functions with no bound, hidden state, or errors that cannot be seen.
 * Use core/buf and core/str instead, and crypto_random for anything random.
 *
 * A call becomes an identifier that does not exist.  GCC's poison would do
 * it in a line, but mysql.h and OpenSSL's headers, which are included later,
 * mention some of the names.
 */
#ifndef T2O_CORE_BANNED_H
#define T2O_CORE_BANNED_H

#undef strcpy
#undef strcat
#undef strncpy
#undef strncat
#undef stpcpy
#define strcpy(...) strcpy_is_banned
#define strcat(...) strcat_is_banned
#define strncpy(...) strncpy_is_banned
#define strncat(...) strncat_is_banned
#define stpcpy(...) stpcpy_is_banned

#undef sprintf
#undef vsprintf
#undef gets
#define sprintf(...) sprintf_is_banned
#define vsprintf(...) vsprintf_is_banned
#define gets(...) gets_is_banned

#undef strtok
#undef atoi
#undef atol
#undef atoll
#undef atof
#define strtok(...) strtok_is_banned
#define atoi(...) atoi_is_banned
#define atol(...) atol_is_banned
#define atoll(...) atoll_is_banned
#define atof(...) atof_is_banned

#undef gmtime
#undef localtime
#undef ctime
#undef asctime
#define gmtime(...) gmtime_is_banned
#define localtime(...) localtime_is_banned
#define ctime(...) ctime_is_banned
#define asctime(...) asctime_is_banned

#undef rand
#undef srand
#undef random
#undef srandom
#undef drand48
#define rand(...) rand_is_banned
#define srand(...) srand_is_banned
#define random(...) random_is_banned
#define srandom(...) srandom_is_banned
#define drand48(...) drand48_is_banned

#undef alloca
#undef system
#undef popen
#undef tmpnam
#undef mktemp
#define alloca(...) alloca_is_banned
#define system(...) system_is_banned
#define popen(...) popen_is_banned
#define tmpnam(...) tmpnam_is_banned
#define mktemp(...) mktemp_is_banned

#endif
