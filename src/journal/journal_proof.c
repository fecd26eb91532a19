#include "journal/journal_proof.h"

#include <stdlib.h>
#include <string.h>

#include "journal/journal_row.h"
#include "journal/journal_tree.h"
#include "queries.h"

/* ---- the way up ---- */

/* A perfect subtree on the way to the whole tree, and which of the wanted leaves lie in it. */
struct peak {
    struct sha256 hash;
    int64_t leaves;
    size_t first, end; /* of the wanted */
};

struct proving {
    struct journal_evidence *wanted; /* by position */
    size_t count, next;
    int64_t size, until; /* leaves so far, and of the tree */
    struct peak peaks[PROOF_MOST];
    size_t peak_count;
};

static void add_beside(struct proving *p, size_t first, size_t end, struct sha256 beside)
{
    for (size_t i = first; i < end; i++) {
        struct journal_proof *proof = &p->wanted[i].proof;
        if (proof->count == PROOF_MOST) BUG("a tree higher than %d", PROOF_MOST);
        proof->path[proof->count++] = beside;
    }
}

/* Two neighbours become one; each is what stands beside the leaves of the other. */
static void join(struct proving *p, struct peak *left, const struct peak *right)
{
    add_beside(p, left->first, left->end, right->hash);
    add_beside(p, right->first, right->end, left->hash);
    *left = (struct peak){tree_node(&left->hash, &right->hash), left->leaves + right->leaves, left->first, right->end};
}

static enum outcome take_leaf(void *context, const struct row *r, struct fail *why)
{
    struct proving *p = context;
    struct str bytes = row_str(r, 1);
    if (row_int(r, 0) != p->size + 1 || bytes.len != SHA256_BYTES)
        return fail(why, ERR_CONFLICT, N_("The journal has no entry at position {0}."),
                    str_format(why->arena, "%lld", (long long)p->size + 1));
    p->size++;
    bool is_wanted = p->next < p->count && p->wanted[p->next].entry.position == p->size;
    struct peak *leaf = &p->peaks[p->peak_count++];
    *leaf = (struct peak){.leaves = 1, .first = p->next, .end = p->next + is_wanted};
    p->next += is_wanted;
    memcpy(leaf->hash.at, bytes.at, SHA256_BYTES);
    for (; p->peak_count > 1 && p->peaks[p->peak_count - 2].leaves == p->peaks[p->peak_count - 1].leaves;
         p->peak_count--)
        join(p, &p->peaks[p->peak_count - 2], &p->peaks[p->peak_count - 1]);
    return OK;
}

static struct sha256 finish(struct proving *p)
{
    while (p->peak_count > 1) {
        p->peak_count--;
        join(p, &p->peaks[p->peak_count - 1], &p->peaks[p->peak_count]);
    }
    return p->peaks[0].hash;
}

bool journal_proof_holds(const struct journal_checkpoint *head, int64_t position, struct sha256 leaf,
                         const struct journal_proof *proof)
{
    if (position < 1 || position > head->size) return false;
    struct sha256 at = leaf;
    uint64_t index = (uint64_t)position - 1, last = (uint64_t)head->size - 1;
    size_t taken = 0;
    for (; last > 0; index >>= 1, last >>= 1) { /* a node that is last and even goes up alone */
        if (index == last && (index & 1) == 0) continue;
        if (taken == proof->count) return false;
        const struct sha256 *beside = &proof->path[taken++];
        at = index & 1 ? tree_node(beside, &at) : tree_node(&at, beside);
    }
    return taken == proof->count && sha256_eq(at, head->root);
}

bool journal_evidence_leaf(const struct journal_evidence *e, struct sha256 *out)
{
    *out = entry_leaf(&e->entry, e->origin, e->payload_hash);
    return e->is_erased || sha256_eq(entry_payload_hash(e->salt, e->entry.payload), e->payload_hash);
}

/* ---- from the store ---- */

static enum outcome load_sealed(struct tx *tx, struct journal_sealed *out, struct fail *why)
{
    struct row r;
    enum outcome found = store_one(tx, Q_CHECKPOINT_NEWEST, NO_VALUES, &r, why);
    *out = (struct journal_sealed){.at = INSTANT_NONE};
    if (found == ERR_MISSING) return OK;
    TRY(found);
    struct str root = row_str(&r, 3);
    *out = (struct journal_sealed){.origin = row_str(&r, 2),
                                   .head.size = row_int(&r, 0),
                                   .at = row_instant(&r, 1),
                                   .signature = row_str(&r, 4),
                                   .key_hash = row_str(&r, 5)};
    if (root.len == SHA256_BYTES) memcpy(out->head.root.at, root.at, SHA256_BYTES);
    return OK;
}

static int by_position(const void *x, const void *y)
{
    const struct journal_evidence *a = x, *b = y;
    return (a->entry.position > b->entry.position) - (a->entry.position < b->entry.position);
}

static enum outcome load_entries(struct tx *tx, enum subject_kind kind, int64_t subject, int64_t sealed,
                                 struct proving *out, struct fail *why)
{
    struct rows rows;
    TRY(store_all(tx, Q_ENTRIES_OF_SUBJECT, VALUES(v_int(kind), v_int(subject)), &rows, why));
    out->wanted = ARENA_ARRAY(tx_arena(tx), struct journal_evidence, rows.count + 1);
    for (size_t i = 0; i < rows.count; i++) {
        struct journal_row row = journal_row_read(&rows.at[i]);
        if (row.entry.position == 0 || row.entry.position > sealed)
            return fail(why, ERR_DOWN, N_("What was done a moment ago is not sealed yet. Ask again in a second."));
        out->wanted[out->count++] =
            (struct journal_evidence){row.entry, row.origin, row.salt, row.payload_hash, row.is_erased, {0}};
    }
    qsort(out->wanted, out->count, sizeof *out->wanted, by_position);
    return OK;
}

enum outcome journal_evidence(struct tx *tx, enum subject_kind kind, int64_t subject, struct journal_sealed *out_sealed,
                              struct journal_evidence **out, size_t *out_count, struct fail *why)
{
    struct proving p = {.count = 0};
    TRY(load_sealed(tx, out_sealed, why));
    TRY(load_entries(tx, kind, subject, out_sealed->head.size, &p, why));
    p.until = out_sealed->head.size;
    if (p.until > 0) {
        TRY(store_each(tx, Q_LEAVES_AFTER, VALUES(v_int(0), v_int(p.until)), take_leaf, &p, why));
        if (p.size != p.until || !sha256_eq(finish(&p), out_sealed->head.root))
            return fail(why, ERR_CONFLICT, N_("The checkpoint over {0} entries does not fit the journal."),
                        str_format(why->arena, "%lld", (long long)p.until));
    }
    *out = p.wanted;
    *out_count = p.count;
    return OK;
}
