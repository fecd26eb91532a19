#include "dossier/dossier_search.h"

#include "base/text.h"
#include "dossier/dossier_move.h"
#include "dossier/dossier_store.h"
#include "queries.h"

static bool is_among(const struct str *words, size_t count, struct str word)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(words[i], word)) return true;
    return false;
}

size_t search_words(struct arena *a, struct str text, struct str out[SEARCH_WORDS_MOST])
{
    size_t count = 0;
    struct str word, rest = text_fold(a, text);
    while (rest.len > 0 && count < SEARCH_WORDS_MOST) {
        str_cut(rest, ' ', &word, &rest);
        word = str_part(word, 0, SEARCH_WORD_BYTES);
        /* A letter of several bytes is not cut in half. */
        while (word.len > 0 && !text_is_utf8(word)) word.len--;
        if (word.len > 0 && !is_among(out, count, word)) out[count++] = word;
    }
    return count;
}

struct str search_procedure_word(struct arena *a, struct str procedure_code)
{
    return str_format(a, "=%.*s", STR_ARG(procedure_code));
}

/* The words under which a dossier is found at an agency: with its coming they are added, with its going they go. */
static enum outcome set_words(struct tx *tx, const struct dossier *d, int64_t agency, int query, struct fail *why)
{
    struct str words[SEARCH_WORDS_MOST + 1];
    size_t count = search_words(tx_arena(tx), d->owner_name, words);
    words[count++] = search_procedure_word(tx_arena(tx), d->procedure_code);
    for (size_t i = 0; i < count; i++)
        TRY(store_do(tx, query, VALUES(v_int(agency), v_str(words[i]), v_int(d->id)), NULL, why));
    return OK;
}

enum outcome search_rename(struct tx *tx, const struct dossier *d, struct str name, struct fail *why)
{
    struct dossier renamed = *d;
    renamed.owner_name = name;
    TRY(set_words(tx, d, d->agency, Q_DOSSIER_WORD_DELETE, why));
    return set_words(tx, &renamed, d->agency, Q_DOSSIER_WORD_INSERT, why);
}

static enum outcome take(struct tx *tx, const struct journal_entry *e, struct fail *why)
{
    struct dossier d;
    struct dossier_move move;
    if (e->subject_kind != SUBJECT_DOSSIER) return OK;
    bool is_new = str_eq(e->act, STR("submit"));
    if (!is_new && !str_eq(e->act, STR("transfer")) && !str_eq(e->act, STR("undo"))) return OK;
    enum outcome found = dossier_load(tx, e->subject, &d, why);
    if (found == ERR_MISSING) return OK; /* disposed of since: there is nothing to find */
    TRY(found);
    if (is_new) return set_words(tx, &d, d.agency, Q_DOSSIER_WORD_INSERT, why);
    TRY(dossier_move_of(tx, e, &move, why));
    if (move.from == 0) return OK;
    TRY(set_words(tx, &d, move.from, Q_DOSSIER_WORD_DELETE, why));
    return set_words(tx, &d, move.to, Q_DOSSIER_WORD_INSERT, why);
}

const struct follower search_follower = {"search", take, N_("Words for finding dossiers")};
