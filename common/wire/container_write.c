#include <avro.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/wire/container.h"

enum { LARGEST_BLOCK = 4 * 1024 * 1024 };

struct cx_container_writer {
    avro_schema_t schema;
    avro_file_writer_t file;
};

static cx_rc write_failed(cx_err *err, const char *what) {
    return cx_fail(err, CX_FILE, "%s: %s", what,
                   errno != 0 ? strerror(errno) : "the container cannot be written");
}

static cx_rc open_file(cx_container_writer *writer, const char *path, bool deflate, cx_err *err) {
    FILE *file = fopen(path, "wb");
    if (file == NULL)
        return write_failed(err, path);
    if (avro_file_writer_create_with_codec_fp(file, path, 1, writer->schema, &writer->file,
                                              deflate ? "deflate" : "null", LARGEST_BLOCK) != 0)
        return write_failed(err, path); /* avro-c has closed the file */
    return CX_OK;
}

cx_rc cx_container_create(const char *path, cx_view schema_json, bool deflate, cx_container_writer **out,
                          cx_err *err) {
    cx_container_writer *writer = calloc(1, sizeof *writer);
    *out = NULL;
    if (writer == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    cx_rc rc = CX_OK;
    errno = 0;
    if (avro_schema_from_json_length(schema_json.p, schema_json.n, &writer->schema) != 0)
        rc = cx_fail(err, CX_SCHEMA_INVALID, NULL);
    if (rc == CX_OK)
        rc = open_file(writer, path, deflate, err);
    if (rc == CX_OK) {
        *out = writer;
        return CX_OK;
    }
    if (writer->schema != NULL)
        avro_schema_decref(writer->schema);
    free(writer);
    return rc;
}

cx_rc cx_container_append(cx_container_writer *writer, cx_view datum, cx_err *err) {
    if (datum.n > LARGEST_BLOCK)
        return cx_fail(err, CX_OVERSIZED, NULL);
    errno = 0;
    if (avro_file_writer_append_encoded(writer->file, datum.p, (int64_t)datum.n) != 0)
        return write_failed(err, "appending to the container");
    return CX_OK;
}

cx_rc cx_container_finish(cx_container_writer **writer, cx_err *err) {
    cx_container_writer *w = *writer;
    errno = 0;
    cx_rc rc = avro_file_writer_flush(w->file) == 0 ? CX_OK : write_failed(err, "finishing the container");
    if (avro_file_writer_close(w->file) != 0 && rc == CX_OK)
        rc = write_failed(err, "closing the container");
    avro_schema_decref(w->schema);
    free(w);
    *writer = NULL;
    return rc;
}
