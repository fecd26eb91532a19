#include "journal/journal_tree.h"

#include <string.h>

enum { HEADER_FIELDS = 11, PARTS = 2 * HEADER_FIELDS, LENGTH_BYTES = 4, NUMBER_BYTES = 8 };

static struct str hash_str(const struct sha256 *h)
{
    return str_of((const char *)h->at, SHA256_BYTES);
}

/* ---- the tree ---- */

struct sha256 tree_node(const struct sha256 *left, const struct sha256 *right)
{
    return sha256_of_parts((const struct str[]){STR("\1"), hash_str(left), hash_str(right)}, 3);
}

void tree_add(struct tree *t, struct sha256 leaf)
{
    if (t->peak_count == TREE_PEAKS_MOST) BUG("a tree of %zu peaks", t->peak_count);
    t->peaks[t->peak_count++] = leaf;
    for (int64_t size = t->size; size & 1; size >>= 1) { /* two subtrees of the same size become one */
        t->peak_count--;
        t->peaks[t->peak_count - 1] = tree_node(&t->peaks[t->peak_count - 1], &t->peaks[t->peak_count]);
    }
    t->size++;
}

struct sha256 tree_root(const struct tree *t)
{
    if (t->peak_count == 0) return sha256_of(STR(""));
    struct sha256 root = t->peaks[t->peak_count - 1];
    for (size_t i = t->peak_count - 1; i-- > 0;) root = tree_node(&t->peaks[i], &root);
    return root;
}

struct str tree_format(struct arena *a, const struct tree *t)
{
    size_t bytes = t->peak_count * SHA256_BYTES;
    return str_of(arena_dup(a, t->peaks, bytes), bytes);
}

bool tree_parse(int64_t size, struct str peaks, struct tree *out)
{
    if (size < 0) return false;
    size_t count = (size_t)__builtin_popcountll((unsigned long long)size);
    if (peaks.len != count * SHA256_BYTES) return false;
    *out = (struct tree){.size = size, .peak_count = count};
    if (count > 0) memcpy(out->peaks, peaks.at, peaks.len);
    return true;
}

/* ---- an entry ---- */

struct sha256 entry_payload_hash(struct str salt, struct str payload)
{
    return sha256_of_parts((const struct str[]){salt, payload}, 2);
}

/* The header as parts: for each field its length and its bytes. */
struct header {
    struct str parts[PARTS];
    unsigned char lengths[HEADER_FIELDS][LENGTH_BYTES], numbers[HEADER_FIELDS][NUMBER_BYTES];
    size_t count; /* fields */
};

static void add_text(struct header *h, struct str s)
{
    unsigned char *length = h->lengths[h->count];
    for (int i = 0; i < LENGTH_BYTES; i++) length[i] = (unsigned char)(s.len >> (8 * (LENGTH_BYTES - 1 - i)));
    h->parts[2 * h->count] = str_of((const char *)length, LENGTH_BYTES);
    h->parts[2 * h->count + 1] = s;
    h->count++;
}

static void add_number(struct header *h, int64_t n)
{
    unsigned char *bytes = h->numbers[h->count];
    for (int i = 0; i < NUMBER_BYTES; i++) bytes[i] = (unsigned char)((uint64_t)n >> (8 * (NUMBER_BYTES - 1 - i)));
    add_text(h, str_of((const char *)bytes, NUMBER_BYTES));
}

struct sha256 entry_leaf(const struct journal_entry *e, struct str origin, struct sha256 payload_hash)
{
    struct header h = {.count = 0};
    add_text(&h, STR("motcua entry 1"));
    add_number(&h, e->id);
    add_number(&h, e->at);
    add_text(&h, str_from(subject_kind_name(e->subject_kind)));
    add_number(&h, e->subject);
    add_number(&h, e->version);
    add_text(&h, e->act);
    add_number(&h, e->actor.account);
    add_number(&h, e->actor.agency);
    add_text(&h, e->actor.role);
    add_text(&h, origin);
    struct sha256 header_hash = sha256_of_parts(h.parts, 2 * h.count);
    return sha256_of_parts((const struct str[]){STR("\0"), hash_str(&header_hash), hash_str(&payload_hash)}, 3);
}
