/*
 * `motcua audit export CODE`: one dossier's entries of the journal as one JSON document that proves itself: what each
 * leaf is made of, its way up the tree, the checkpoint that was signed over it, the public key. `motcua verify FILE`
 * checks it on any machine, without an office; docs/audit_exports.md says how anybody else does.
 */
#include "command/audit_export.h"

#include <inttypes.h>

#include "app/app.h"
#include "base/auto.h"
#include "base/file.h"
#include "base/id.h"
#include "base/parse.h"
#include "dossier/dossier_store.h"
#include "journal/journal_proof.h"

enum { EXPORT_BYTES = 64 * 1024 * 1024, NOTE_BYTES = 1024, SALT_MOST = 64 };

static const struct str format_name = STR_INIT("motcua audit 1");

/* ---- writing ---- */

static void put_sealed(struct json_writer *w, struct arena *a, const struct journal_sealed *s,
                       const struct journal_key *key)
{
    jw_key(w, "checkpoint");
    jw_open(w, '{');
    jw_put_str(w, "origin", s->origin);
    jw_put_int(w, "size", s->head.size);
    jw_put_str(w, "root", sha256_format(a, s->head.root));
    jw_put_int(w, "at_us", s->at);
    jw_put_str(w, "signature", hex_format(a, s->signature));
    jw_put_str(w, "key", hex_format(a, journal_key_public(key)));
    jw_close(w);
}

static void put_evidence(struct json_writer *w, struct arena *a, const struct journal_evidence *e)
{
    jw_open(w, '{');
    jw_put_int(w, "position", e->entry.position);
    jw_put_id(w, "id", e->entry.id);
    jw_put_instant(w, "at", e->entry.at);
    jw_put_int(w, "at_us", e->entry.at);
    jw_put_str(w, "subject_kind", str_from(subject_kind_name(e->entry.subject_kind)));
    jw_put_id(w, "subject", e->entry.subject);
    jw_put_int(w, "version", e->entry.version);
    jw_put_str(w, "act", e->entry.act);
    jw_put_id(w, "actor", e->entry.actor.account);
    jw_put_id(w, "actor_agency", e->entry.actor.agency);
    jw_put_str(w, "role", e->entry.actor.role);
    jw_put_str(w, "origin", e->origin);
    if (e->is_erased) {
        jw_key(w, "salt");
        jw_null(w);
        jw_key(w, "payload");
        jw_null(w);
    } else {
        jw_put_str(w, "salt", hex_format(a, e->salt));
        jw_put_str(w, "payload", e->entry.payload); /* the text itself: its bytes are what was hashed */
    }
    jw_put_str(w, "payload_hash", sha256_format(a, e->payload_hash));
    jw_put_str(w, "leaf", sha256_format(a, e->entry.leaf));
    jw_key(w, "proof");
    jw_open(w, '[');
    for (size_t i = 0; i < e->proof.count; i++) jw_str(w, sha256_format(a, e->proof.path[i]));
    jw_close(w);
    jw_close(w);
}

struct note {
    struct str code;
    int64_t lines;
};

static enum outcome note_export(struct tx *tx, const void *input, void *out, struct fail *why)
{
    (void)out; /* nothing to say but OK */
    const struct note *in = input;
    AUTO_BUF struct buf payload;
    struct json_writer w;
    buf_init(&payload, NOTE_BYTES);
    jw_init(&w, &payload);
    jw_open(&w, '{'); /* canonical: keys in order */
    jw_put_str(&w, "code", in->code);
    jw_put_int(&w, "lines", in->lines);
    jw_put_str(&w, "what", STR("audit"));
    jw_close(&w);
    struct entry e = {.subject_kind = SUBJECT_SYSTEM, .act = "export", .payload = buf_str(&payload)};
    return journal_append(tx, &e, NULL, why);
}

static enum outcome write_all(struct command_context *c, struct buf *out, struct note *note, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct dossier d;
    struct journal_sealed sealed;
    struct journal_evidence *list;
    size_t count;
    struct json_writer w;
    TRY(store_settle(c->app->store, why));
    TRY(journal_seal(c->app->store, c->app->journal_key, why));
    TRY(store_read_begin(c->app->store, c->arena, &tx, why));
    TRY(dossier_find(tx, c->args[1], &d, why));
    TRY(journal_evidence(tx, SUBJECT_DOSSIER, d.id, &sealed, &list, &count, why));
    jw_init(&w, out);
    jw_open(&w, '{');
    jw_put_str(&w, "format", format_name);
    jw_put_str(&w, "dossier", d.code);
    put_sealed(&w, c->arena, &sealed, c->app->journal_key);
    jw_key(&w, "entries");
    jw_open(&w, '[');
    for (size_t i = 0; i < count; i++) put_evidence(&w, c->arena, &list[i]);
    jw_close(&w);
    jw_close(&w);
    *note = (struct note){str_dup(c->arena, d.code), (int64_t)count};
    return out->is_full ? fail(why, ERR_TOO_LARGE, N_("A portion of them is more text than fits in memory.")) : OK;
}

enum exit_code audit_export(struct command_context *c, struct fail *why)
{
    AUTO_BUF struct buf out;
    struct note note;
    buf_init(&out, EXPORT_BYTES);
    if (write_all(c, &out, &note, why) != OK || store_run(c->app->store, note_export, &note, NULL, why) != OK)
        return command_fail(c, why);
    return command_print_json(c, &out);
}

/* ---- checking ---- */

static enum outcome refuse(struct fail *why)
{
    return fail(why, ERR_INVALID, N_("This is no whole export of the journal."));
}

static bool read_hash(yyjson_val *v, struct sha256 *out)
{
    return sha256_parse(json_text(v), out);
}

static bool read_bytes(struct arena *a, yyjson_val *object, const char *key, size_t most, struct str *out)
{
    struct str text = json_str(object, key);
    unsigned char *bytes = arena_alloc(a, most + 1);
    if (text.len % 2 != 0 || text.len / 2 > most || !parse_hex(text, bytes, text.len / 2)) return false;
    *out = str_of((const char *)bytes, text.len / 2);
    return true;
}

static bool read_id(yyjson_val *object, const char *key, int64_t *out)
{
    return parse_i64(json_str(object, key), out);
}

static bool read_kind(struct str name, enum subject_kind *out)
{
    for (enum subject_kind k = SUBJECT_SYSTEM; k <= SUBJECT_APPOINTMENT; k++)
        if (str_eq(name, str_from(subject_kind_name(k)))) {
            *out = k;
            return true;
        }
    return false;
}

static bool read_proof(yyjson_val *list, struct journal_proof *out)
{
    size_t i, count;
    yyjson_val *v;
    if (!yyjson_is_arr(list) || yyjson_arr_size(list) > PROOF_MOST) return false;
    *out = (struct journal_proof){.count = yyjson_arr_size(list)};
    yyjson_arr_foreach(list, i, count, v) if (!read_hash(v, &out->path[i])) return false;
    return true;
}

static bool read_entry(struct arena *a, yyjson_val *v, struct journal_evidence *e)
{
    *e = (struct journal_evidence){.origin = json_str(v, "origin"), .is_erased = json_get(v, "salt") == NULL};
    struct journal_entry *in = &e->entry;
    in->position = yyjson_get_sint(json_get(v, "position"));
    in->at = yyjson_get_sint(json_get(v, "at_us"));
    in->version = yyjson_get_sint(json_get(v, "version"));
    in->act = json_str(v, "act");
    in->actor.role = json_str(v, "role");
    in->payload = json_str(v, "payload");
    return read_id(v, "id", &in->id) && read_id(v, "subject", &in->subject) &&
           read_id(v, "actor", &in->actor.account) && read_id(v, "actor_agency", &in->actor.agency) &&
           read_kind(json_str(v, "subject_kind"), &in->subject_kind) &&
           (e->is_erased || read_bytes(a, v, "salt", SALT_MOST, &e->salt)) &&
           read_hash(json_get(v, "payload_hash"), &e->payload_hash) && read_proof(json_get(v, "proof"), &e->proof);
}

static enum outcome check_seal(struct arena *a, yyjson_val *v, struct audit_facts *out, struct fail *why)
{
    struct str key, signature, origin = json_str(v, "origin");
    out->head.size = yyjson_get_sint(json_get(v, "size"));
    if (!read_hash(json_get(v, "root"), &out->head.root) || !read_bytes(a, v, "key", SHA256_BYTES, &key) ||
        !read_bytes(a, v, "signature", SIGNATURE_BYTES, &signature))
        return refuse(why);
    struct str text = checkpoint_text(a, origin, out->head.size, out->head.root, yyjson_get_sint(json_get(v, "at_us")));
    out->key_hash = sha256_of(key);
    if (journal_public_verifies(key, text, signature)) return OK;
    return fail(why, ERR_CONFLICT, N_("The signature of the checkpoint over {0} entries is wrong."),
                str_format(why->arena, "%" PRId64, out->head.size));
}

static enum outcome check_entry(struct arena *a, yyjson_val *v, struct audit_facts *out, struct fail *why)
{
    struct journal_evidence e;
    struct sha256 leaf;
    if (!read_entry(a, v, &e)) return refuse(why);
    struct str position = str_format(why->arena, "%" PRId64, e.entry.position);
    if (!journal_evidence_leaf(&e, &leaf))
        return fail(why, ERR_CONFLICT, N_("The entry at position {0} was changed after it was written."), position);
    if (!journal_proof_holds(&out->head, e.entry.position, leaf, &e.proof))
        return fail(why, ERR_CONFLICT, N_("The entry at position {0} does not stand so in the sealed journal."),
                    position);
    out->entries++;
    return OK;
}

bool audit_is_export(struct str path)
{
    AUTO_ARENA struct arena a;
    struct fail ignored;
    struct str text;
    arena_init(&a, EXPORT_BYTES + 1024 * 1024);
    fail_init(&ignored, &a);
    struct str start = str_format(&a, "{\"format\":\"%.*s\"", STR_ARG(format_name));
    return file_read(&a, path, EXPORT_BYTES, &text, &ignored) == OK && str_starts(str_trim(text), start);
}

enum outcome audit_check(struct arena *a, struct str path, struct audit_facts *out, struct fail *why)
{
    struct str text;
    yyjson_val *root, *list, *v;
    size_t i, count;
    *out = (struct audit_facts){.entries = 0};
    TRY(file_read(a, path, EXPORT_BYTES, &text, why));
    TRY(json_read(a, text, &root, why));
    list = json_get(root, "entries");
    if (!str_eq(json_str(root, "format"), format_name) || !yyjson_is_arr(list)) return refuse(why);
    out->code = json_str(root, "dossier");
    TRY(check_seal(a, json_get(root, "checkpoint"), out, why));
    yyjson_arr_foreach(list, i, count, v) TRY(check_entry(a, v, out, why));
    return OK;
}
