/* Connector/C's headers; only this layer may include them. */
#ifndef T2O_DB_MARIADB_H
#define T2O_DB_MARIADB_H

#include "core/base.h"

#include <errmsg.h>
#include <mysql.h>
#include <mysqld_error.h>

#endif
