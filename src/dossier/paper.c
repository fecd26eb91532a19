#include "dossier/paper.h"

#include <inttypes.h>

#include "dossier/file_type.h"
#include "store/blob.h"

enum { KB = 1024, MB = 1024 * 1024 };

enum outcome paper_keep(const struct desk *desk, struct request *rq, const struct upload *u, struct upload_row *out,
                        struct fail *why)
{
    struct str type;
    if (u->bytes == 0) return fail(why, ERR_INVALID, N_("The file {0} is empty. Choose it again."), u->file_name);
    if (u->bytes > PAPER_BYTES_MOST)
        return fail(why, ERR_TOO_LARGE, N_("The file {0} is larger than {1}. Take a smaller photo or split the file."),
                    u->file_name, paper_size_for_people(rq->arena, PAPER_BYTES_MOST));
    enum outcome looked = file_type_look(u->head, u->path, &type, why);
    if (looked == ERR_TYPE && u->file_name.len > 0)
        return fail(
            why, ERR_TYPE,
            N_("The file {0} is of a type that is not accepted. Send PDF, JPEG, PNG, HEIC, Word or Excel files."),
            u->file_name);
    TRY(looked);
    struct upload_row row = {rq->visitor.account, u->hash, file_name_for(rq->arena, u->file_name, type), type,
                             (int64_t)u->bytes};
    TRY(blob_keep(desk->files_folder, u->path, u->hash, why));
    TRY(store_run(desk->store, upload_save, &row, NULL, why));
    *out = row;
    return OK;
}

struct str paper_neutral_name(struct arena *a, int64_t n, struct str type)
{
    return file_name_for(a, str_format(a, "giay-to-%" PRId64, n), type);
}

struct str paper_size_for_people(struct arena *a, int64_t bytes)
{
    if (bytes < KB) return str_format(a, "%" PRId64 " B", bytes);
    if (bytes < MB) return str_format(a, "%" PRId64 " KB", (bytes + KB / 2) / KB);
    int64_t tenths = (bytes * 10 + MB / 2) / MB;
    if (tenths % 10 == 0) return str_format(a, "%" PRId64 " MB", tenths / 10);
    return str_format(a, "%" PRId64 ",%" PRId64 " MB", tenths / 10, tenths % 10);
}

struct str paper_type_for_people(struct str type)
{
    static const struct {
        const char *part;
        struct str name;
    } names[] = {
        {"pdf",   STR_INIT("PDF")  },
        {"jpeg",  STR_INIT("JPEG") },
        {"png",   STR_INIT("PNG")  },
        {"hei",   STR_INIT("HEIC") },
        {"word",  STR_INIT("Word") },
        {"sheet", STR_INIT("Excel")},
        {"excel", STR_INIT("Excel")},
        {"html",  STR_INIT("HTML") },
    };
    for (size_t i = 0; i < LENGTH(names); i++)
        if (str_has(type, str_from(names[i].part))) return names[i].name;
    return type;
}
