/* The files of a directory of migrations. */
#ifndef T2O_DB_FILE_H
#define T2O_DB_FILE_H

#include "core/arena.h"
#include "core/buf.h"
#include "core/crypto.h"

#define DB_FILE_SIZE_MAX (1 << 20)

struct db_file {
	uint64_t version; /* from 1 */
	struct str name;  /* without .sql */
};

/*
 * By version.  What begins with no digit is passed over; what does must be
 * called NNNN_name.sql.  ERR_INVALID, logged, when one is not, or a number is
 * there twice; ERR_INTERNAL, logged, when the directory cannot be read.
 */
enum err db_file_list(struct arena *arena, const char *dir,
    struct db_file **ret_files, size_t *ret_n) must_check;

/*
 * The whole text, added to *out, which the caller has buf_init()ed with
 * DB_FILE_SIZE_MAX, and its SHA-256.  ERR_INTERNAL, logged, when it cannot be
 * read or is longer.
 */
enum err db_file_read(const char *dir, struct str name, struct buf *out,
    struct digest *ret_checksum) must_check;

/* The same without the text. */
enum err db_file_checksum(const char *dir, struct str name,
    struct digest *ret) must_check;

#endif
