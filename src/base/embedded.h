/*
 * Files inside the program. `tools/embed` writes the tables at build time, so that one executable is the whole
 * installation: no file of ours has to lie beside it. All of it is static memory that outlives everything. The tables
 * of our own kinds (migrations, templates) are declared in app/embedded.h.
 */
#ifndef BASE_EMBEDDED_H
#define BASE_EMBEDDED_H

#include "base/str.h"

struct embedded_file {
    struct str name;    /* as in the tree: "app.css", "procedures/bqp/1.013124.json" */
    struct str path;    /* assets: as served, with the hash of the content: "/assets/app.5d41402a.css" */
    struct str content; /* assets: as it is; demo files: compressed by zlib */
    struct str gzip;    /* assets: ready for Content-Encoding; empty when not worth it */
    struct str brotli;
    const char *type; /* media type */
    const char *hash; /* of the content, 16 hexadecimal digits: the ETag */
    size_t raw_bytes; /* demo files: size of the content when expanded */
};

#endif
