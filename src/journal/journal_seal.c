/*
 * Sealing and verifying the journal's hash tree. Sealing hashes only the leaves since the last checkpoint, outside the
 * writer's thread; the command only stores the result. What a checkpoint proves: whoever has kept an earlier one can
 * tell whether anything before it was changed.
 */
#include <inttypes.h>
#include <string.h>

#include "journal/journal.h"
#include "journal/journal_key.h"
#include "journal/journal_row.h"
#include "journal/journal_tree.h"
#include "queries.h"

static struct str number(struct arena *a, int64_t n)
{
    return str_format(a, "%" PRId64, n);
}

static bool row_is_hash(const struct row *r, size_t column, const struct sha256 *h)
{
    struct str bytes = row_str(r, column);
    return bytes.len == SHA256_BYTES && memcmp(bytes.at, h->at, SHA256_BYTES) == 0;
}

static enum outcome fail_at(struct fail *why, const char *sentence, int64_t position)
{
    return fail(why, ERR_CONFLICT, sentence, number(why->arena, position));
}

/* ---- sealing ---- */

static enum outcome add_leaf(void *context, const struct row *r, struct fail *why)
{
    struct tree *tree = context;
    struct sha256 leaf;
    struct str bytes = row_str(r, 1);
    if (row_int(r, 0) != tree->size + 1 || bytes.len != SHA256_BYTES) {
        return fail_at(why, N_("The journal has no entry at position {0}."), tree->size + 1);
    }
    memcpy(leaf.at, bytes.at, SHA256_BYTES);
    tree_add(tree, leaf);
    return OK;
}

struct seal {
    int64_t from; /* the size before */
    struct tree tree;
    const struct journal_key *key; /* NULL: unsigned */
};

static enum outcome load_tree(struct store *s, struct arena *a, int64_t most, struct seal *seal, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct row r;
    TRY(store_read_begin(s, a, &tx, why));
    TRY(store_one(tx, Q_FRONTIER_GET, NO_VALUES, &r, why));
    if (!tree_parse(row_int(&r, 0), row_str(&r, 1), &seal->tree)) {
        return fail(why, ERR_CONFLICT, N_("The frontier of the journal's tree does not fit its size."));
    }
    seal->from = seal->tree.size;
    return store_each(tx, Q_LEAVES_AFTER, VALUES(v_int(seal->from), v_int(most)), add_leaf, &seal->tree, why);
}

static enum outcome add_checkpoint(struct tx *tx, const struct seal *seal, struct fail *why)
{
    struct arena *a = tx_arena(tx);
    struct sha256 root = tree_root(&seal->tree);
    struct value signature = v_null(), key_hash = v_null();
    if (seal->key) {
        struct str text = checkpoint_text(a, tx_origin(tx), seal->tree.size, root, tx_now(tx));
        struct signature made = journal_key_sign(seal->key, text);
        struct sha256 hash = journal_key_hash(seal->key);
        signature = v_blob(str_of(arena_dup(a, made.at, SIGNATURE_BYTES), SIGNATURE_BYTES));
        key_hash = v_blob(str_of(arena_dup(a, hash.at, SHA256_BYTES), SHA256_BYTES));
    }
    return store_do(tx, Q_CHECKPOINT_ADD,
                    VALUES(v_int(seal->tree.size), v_int(tx_now(tx)), v_str(tx_origin(tx)),
                           v_blob(str_of((const char *)root.at, SHA256_BYTES)), signature, key_hash),
                    NULL, why);
}

/* When somebody else sealed meanwhile, theirs stands and nothing is to be done. */
static enum outcome save_checkpoint(struct tx *tx, const void *in, void *out, struct fail *why)
{
    (void)out;
    const struct seal *seal = in;
    struct str peaks = tree_format(tx_arena(tx), &seal->tree);
    int64_t changed = 0;
    TRY(store_do(tx, Q_FRONTIER_MOVE, VALUES(v_int(seal->tree.size), v_blob(peaks), v_int(seal->from)), &changed, why));
    return changed == 0 ? OK : add_checkpoint(tx, seal, why);
}

enum outcome journal_seal_some(struct store *s, const struct journal_key *key, int64_t most, bool *out_is_whole,
                               struct fail *why)
{
    struct seal seal = {.key = key};
    struct arena_mark mark = arena_mark(why->arena);
    TRY(load_tree(s, why->arena, most, &seal, why));
    arena_back(why->arena, mark);
    *out_is_whole = seal.tree.size - seal.from < most;
    if (seal.tree.size == seal.from) return OK;
    return store_run(s, save_checkpoint, &seal, NULL, why);
}

enum outcome journal_seal(struct store *s, const struct journal_key *key, struct fail *why)
{
    bool is_whole = false;
    while (!is_whole) TRY(journal_seal_some(s, key, SEAL_PORTION, &is_whole, why));
    return OK;
}

/* ---- verifying ---- */

struct verification {
    struct tx *tx;
    struct tree tree;
    int64_t checkpoint_size; /* of the next stored checkpoint; 0: none is left */
    struct sha256 checkpoint_root;
    const struct journal_checkpoint *kept; /* a head that somebody has kept; NULL: none */
    bool had_kept;
};

static enum outcome next_checkpoint(struct verification *v, struct fail *why)
{
    struct row r;
    v->checkpoint_size = 0;
    enum outcome found = store_one(v->tx, Q_CHECKPOINT_FROM, VALUES(v_int(v->tree.size + 1)), &r, why);
    if (found == ERR_MISSING) return OK;
    TRY(found);
    v->checkpoint_size = row_int(&r, 0);
    struct str root = row_str(&r, 1);
    if (root.len == SHA256_BYTES) memcpy(v->checkpoint_root.at, root.at, SHA256_BYTES);
    return OK;
}

static enum outcome check_entry(struct verification *v, const struct row *r, struct fail *why)
{
    struct journal_row row = journal_row_read(r);
    int64_t place = v->tree.size + 1;
    if (row.entry.position != place) return fail_at(why, N_("The journal has no entry at position {0}."), place);
    if (!row.is_there) return fail_at(why, N_("The entry at position {0} is gone."), place);
    struct sha256 payload_hash = entry_payload_hash(row.salt, row.entry.payload);
    struct sha256 leaf = entry_leaf(&row.entry, row.origin, row.payload_hash);
    if ((!row.is_erased && !sha256_eq(payload_hash, row.payload_hash)) || !row_is_hash(r, 14, &leaf)) {
        return fail_at(why, N_("The entry at position {0} was changed after it was written."), place);
    }
    tree_add(&v->tree, leaf);
    return OK;
}

static enum outcome verify_row(void *context, const struct row *r, struct fail *why)
{
    struct verification *v = context;
    TRY(check_entry(v, r, why));
    if (v->kept && v->kept->size == v->tree.size) v->had_kept = sha256_eq(tree_root(&v->tree), v->kept->root);
    if (v->tree.size != v->checkpoint_size) return OK;
    struct sha256 root = tree_root(&v->tree);
    if (!sha256_eq(root, v->checkpoint_root)) {
        return fail_at(why, N_("The checkpoint over {0} entries does not fit the journal."), v->tree.size);
    }
    struct arena_mark mark = arena_mark(tx_arena(v->tx));
    TRY(next_checkpoint(v, why));
    arena_back(tx_arena(v->tx), mark);
    return OK;
}

enum outcome journal_verify(struct tx *tx, struct journal_checkpoint *out, struct fail *why)
{
    return journal_verify_head(tx, NULL, out, why);
}

enum outcome journal_verify_head(struct tx *tx, const struct journal_checkpoint *kept, struct journal_checkpoint *out,
                                 struct fail *why)
{
    struct verification v = {.tx = tx, .kept = kept};
    struct row r;
    TRY(next_checkpoint(&v, why));
    TRY(store_each(tx, Q_ENTRIES_ALL, NO_VALUES, verify_row, &v, why));
    if (v.checkpoint_size > 0) {
        return fail(why, ERR_CONFLICT, N_("The journal ends at position {0}, but a checkpoint covers {1} entries."),
                    number(why->arena, v.tree.size), number(why->arena, v.checkpoint_size));
    }
    enum outcome stray = store_one(tx, Q_ENTRY_WITHOUT_LEAF, NO_VALUES, &r, why);
    if (stray == OK) {
        return fail_at(why, N_("The entry {0} has no place in the journal."), row_int(&r, 0));
    }
    if (stray != ERR_MISSING) return stray;
    if (kept && !v.had_kept)
        return fail_at(why,
                       N_("The journal never had that head of {0} entries: its end was cut off, or it was told anew."),
                       kept->size);
    *out = (struct journal_checkpoint){v.tree.size, tree_root(&v.tree)};
    return OK;
}

/* ---- signatures ---- */

struct checking {
    const struct journal_key *key;
    struct journal_signatures found;
    struct tx *tx;
};

static enum outcome check_signature(void *context, const struct row *r, struct fail *why)
{
    struct checking *c = context;
    struct sha256 ours = journal_key_hash(c->key), root = {{0}};
    if (row_is_null(r, 4)) {
        c->found.unsigned_count++;
        if (c->found.good == 0) return OK;
        return fail_at(why, N_("The checkpoint over {0} entries has no signature, though an earlier one has."),
                       row_int(r, 0));
    }
    if (!row_is_hash(r, 5, &ours)) {
        c->found.other_keys++;
        return OK;
    }
    struct str bytes = row_str(r, 3);
    if (bytes.len == SHA256_BYTES) memcpy(root.at, bytes.at, SHA256_BYTES);
    struct arena_mark mark = arena_mark(tx_arena(c->tx));
    struct str text = checkpoint_text(tx_arena(c->tx), row_str(r, 2), row_int(r, 0), root, row_instant(r, 1));
    bool is_good = journal_key_verifies(c->key, text, row_str(r, 4));
    arena_back(tx_arena(c->tx), mark);
    if (!is_good) return fail_at(why, N_("The signature of the checkpoint over {0} entries is wrong."), row_int(r, 0));
    c->found.good++;
    return OK;
}

enum outcome journal_verify_signatures(struct tx *tx, const struct journal_key *key, struct journal_signatures *out,
                                       struct fail *why)
{
    struct checking c = {.key = key, .tx = tx};
    TRY(store_each(tx, Q_CHECKPOINTS, NO_VALUES, check_signature, &c, why));
    *out = c.found;
    return OK;
}
