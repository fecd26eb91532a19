#include "dossier/dossier_search.h"

#include "base/text.h"
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

static enum outcome add_word(struct tx *tx, const struct dossier *d, struct str word, struct fail *why)
{
    return store_do(tx, Q_DOSSIER_WORD_INSERT, VALUES(v_int(d->agency), v_str(word), v_int(d->id)), NULL, why);
}

static enum outcome take(struct tx *tx, const struct journal_entry *e, struct fail *why)
{
    struct dossier d;
    struct str words[SEARCH_WORDS_MOST];
    if (e->subject_kind != SUBJECT_DOSSIER || !str_eq(e->act, STR("submit"))) return OK;
    enum outcome found = dossier_load(tx, e->subject, &d, why);
    if (found == ERR_MISSING) return OK; /* disposed of since: there is nothing to find */
    TRY(found);
    size_t count = search_words(tx_arena(tx), d.owner_name, words);
    for (size_t i = 0; i < count; i++) TRY(add_word(tx, &d, words[i], why));
    return add_word(tx, &d, search_procedure_word(tx_arena(tx), d.procedure_code), why);
}

const struct follower search_follower = {"search", take};
