#include "catalogue/difference.h"

#include "base/list.h"
#include "base/map.h"
#include "base/text.h"
#include "catalogue/procedure_text.h"

/* Longer texts are shown whole beside each other: the table of common words would cost too much. */
enum { WORDS_MOST = 800 };

static const struct {
    const char *name, *title;
} kinds[] = {
    [DIFFERENCE_CHANGED] = {"changed", N_("Changed")},
    [DIFFERENCE_ADDED] = {"added",   N_("Added")  },
    [DIFFERENCE_REMOVED] = {"removed", N_("Removed")},
};

const char *difference_kind_name(enum difference_kind k)
{
    return kinds[k].name;
}

const char *difference_kind_title(enum difference_kind k)
{
    return kinds[k].title;
}

/* ---- a record as a list of facts ---- */

struct fact {
    struct str key;
    const char *label;
    struct str item, text;
};

struct facts {
    struct arena *arena;
    enum language language;
    LIST(struct fact) all;
};

static void add(struct facts *f, struct str key, const char *label, struct str item, struct str text)
{
    LIST_PUSH(f->arena, f->all) = (struct fact){key, label, item, text};
}

static void add_text(struct facts *f, const char *key, const char *label, struct str text)
{
    if (text.len > 0) add(f, str_from(key), label, STR_NONE, text);
}

static struct str words_of(struct facts *f, const struct vocabulary_word *words, const int *at, size_t count)
{
    struct str *texts = ARENA_ARRAY(f->arena, struct str, count + 1);
    for (size_t i = 0; i < count; i++) texts[i] = translate(f->language, words[at[i]].label);
    return str_join(f->arena, STR(", "), texts, count);
}

static void add_head(struct facts *f, const struct procedure *p)
{
    int levels[PROCEDURE_LEVEL_COUNT], audience[AUDIENCE_COUNT];
    for (size_t i = 0; i < p->level_count; i++) levels[i] = (int)p->levels[i];
    for (size_t i = 0; i < p->audience_count; i++) audience[i] = (int)p->audience[i];
    add_text(f, "name", N_("Name"), p->name);
    add_text(f, "field", N_("Field"), p->field);
    add_text(f, "kind", N_("Kind"), translate(f->language, procedure_kind_words[p->kind].label));
    add_text(f, "initiator", N_("Begun by"), translate(f->language, initiator_words[p->initiator].label));
    add_text(f, "process", N_("Process"), translate(f->language, process_words[p->process].label));
    add_text(f, "levels", N_("Level"), words_of(f, level_words, levels, p->level_count));
    add_text(f, "audience", N_("Who applies"), words_of(f, audience_words, audience, p->audience_count));
    add_text(f, "decision", N_("Decision"), p->decision_text);
    add_text(f, "agencies/performing", N_("Performed by"), p->performing.text);
    add_text(f, "agencies/competent", N_("Decided by"), p->competent.text);
    add_text(f, "agencies/coordinating", N_("Together with"), p->coordinating.text);
    add_text(f, "reception_address", N_("Address"), p->reception_address);
}

static void add_cases(struct facts *f, const struct procedure *p)
{
    for (size_t i = 0; i < p->channel_count; i++) {
        const struct channel *c = &p->channels[i];
        struct str way = translate(f->language, channel_words[c->kind].label);
        for (size_t n = 0; n < c->case_count; n++) {
            const struct procedure_case *k = &c->cases[n];
            struct str base = str_format(f->arena, "channels/%s/%.*s", channel_words[c->kind].code, STR_ARG(k->id));
            struct str name = k->label.len > 0 ? k->label : k->id;
            struct str item =
                c->case_count == 1 ? way : str_format(f->arena, "%.*s, %.*s", STR_ARG(way), STR_ARG(name));
            add(f, str_format(f->arena, "%.*s/term", STR_ARG(base)), N_("Term"), item,
                case_term_for_people(f->arena, f->language, k));
            add(f, str_format(f->arena, "%.*s/fees", STR_ARG(base)), N_("Fees and charges"), item,
                case_fees_for_people(f->arena, f->language, k));
        }
    }
}

static struct str count_text(struct facts *f, int n)
{
    return n == COUNT_UNKNOWN ? STR("?") : str_format(f->arena, "%d", n);
}

static void add_components(struct facts *f, const struct procedure *p)
{
    for (size_t i = 0; i < p->component_count; i++) {
        const struct component *c = &p->components[i];
        struct str counts =
            fail_fill(f->arena, translate(f->language, N_("originals {0}, copies {1}")),
                      (const struct str[FAIL_ARGS]){count_text(f, c->originals), count_text(f, c->copies)});
        struct str parts[] = {c->detail.len > 0 ? c->detail : c->label,
                              translate(f->language, required_words[c->required].label), counts,
                              str_join(f->arena, STR(", "), c->form_files, c->form_file_count)};
        size_t count = c->form_file_count > 0 ? LENGTH(parts) : LENGTH(parts) - 1;
        add(f, str_format(f->arena, "components/%.*s", STR_ARG(c->id)), N_("Papers"), c->label,
            str_join(f->arena, STR("; "), parts, c->is_heading ? 1 : count));
    }
}

static void add_laws(struct facts *f, const struct procedure *p)
{
    for (size_t i = 0; i < p->law_count; i++) {
        const struct law_reference *law = &p->laws[i];
        struct str symbol = law->symbol.len > 0 ? law->symbol : law->raw.len > 0 ? law->raw : law->title;
        add(f, str_format(f->arena, "law/%.*s", STR_ARG(symbol)), N_("The law behind it"), symbol, law->title);
    }
}

static void add_all(struct facts *f, const struct procedure *p)
{
    add_head(f, p);
    add_cases(f, p);
    add_components(f, p);
    add_text(f, "results", N_("What you receive"), str_join(f->arena, STR("; "), p->results, p->result_count));
    add_text(f, "conditions", N_("Conditions"), p->conditions);
    add_text(f, "steps", N_("The steps"), p->steps);
    add_text(f, "manner", N_("Manner"), p->manner);
    add_laws(f, p);
}

/* ---- words that came and went ---- */

struct cut {
    struct str *at;
    size_t count;
};

/* Words with the white space behind them, so that joined they are the text again. */
static struct cut cut_words(struct arena *a, struct str s)
{
    struct cut c = {ARENA_ARRAY(a, struct str, s.len / 2 + 2), 0};
    for (size_t i = 0; i < s.len;) {
        size_t from = i;
        while (i < s.len && s.at[i] != ' ' && s.at[i] != '\n') i++;
        while (i < s.len && (s.at[i] == ' ' || s.at[i] == '\n')) i++;
        c.at[c.count++] = str_part(s, from, i - from);
    }
    return c;
}

static bool is_same_word(struct str a, struct str b)
{
    return str_eq(str_trim(a), str_trim(b));
}

struct marking {
    struct arena *arena;
    LIST(struct difference_part) parts;
};

/* Neighbours of one kind become one run. */
static void mark(struct marking *m, struct str word, bool is_before, bool is_after)
{
    if (m->parts.count > 0) {
        struct difference_part *last = &m->parts.at[m->parts.count - 1];
        if (last->is_before == is_before && last->is_after == is_after && last->text.at + last->text.len == word.at) {
            last->text.len += word.len;
            return;
        }
    }
    LIST_PUSH(m->arena, m->parts) = (struct difference_part){word, is_before, is_after};
}

/* The longest common run of words, by the table of lengths. */
static void mark_words(struct marking *m, const struct cut *x, const struct cut *y)
{
    size_t width = y->count + 1;
    uint16_t *longest = ARENA_ARRAY(m->arena, uint16_t, (x->count + 1) * width);
    for (size_t i = x->count; i-- > 0;)
        for (size_t n = y->count; n-- > 0;) {
            uint16_t down = longest[(i + 1) * width + n], right = longest[i * width + n + 1];
            longest[i * width + n] = is_same_word(x->at[i], y->at[n]) ? (uint16_t)(longest[(i + 1) * width + n + 1] + 1)
                                     : down >= right                  ? down
                                                                      : right;
        }
    size_t i = 0, n = 0;
    while (i < x->count && n < y->count) {
        if (is_same_word(x->at[i], y->at[n])) {
            mark(m, y->at[n++], false, false);
            i++;
        } else if (longest[(i + 1) * width + n] >= longest[i * width + n + 1]) {
            mark(m, x->at[i++], true, false);
        } else {
            mark(m, y->at[n++], false, true);
        }
    }
    while (i < x->count) mark(m, x->at[i++], true, false);
    while (n < y->count) mark(m, y->at[n++], false, true);
}

static void fill_parts(struct arena *a, struct difference *d)
{
    struct marking m = {.arena = a};
    struct cut x = cut_words(a, d->before), y = cut_words(a, d->after);
    if (d->kind == DIFFERENCE_CHANGED && x.count <= WORDS_MOST && y.count <= WORDS_MOST) {
        mark_words(&m, &x, &y);
    } else {
        if (d->before.len > 0) mark(&m, d->before, true, false);
        if (d->after.len > 0) mark(&m, d->after, false, true);
    }
    d->parts = m.parts.at;
    d->part_count = m.parts.count;
}

/* ---- comparing ---- */

static struct difference difference_of(const struct fact *before, const struct fact *after)
{
    const struct fact *any = after != NULL ? after : before;
    return (struct difference){
        .key = any->key,
        .label = any->label,
        .item = any->item,
        .kind = before == NULL  ? DIFFERENCE_ADDED
                : after == NULL ? DIFFERENCE_REMOVED
                                : DIFFERENCE_CHANGED,
        .before = before != NULL ? before->text : STR_NONE,
        .after = after != NULL ? after->text : STR_NONE,
    };
}

void procedure_difference(struct arena *a, enum language l, const struct procedure *before,
                          const struct procedure *after, struct difference **out, size_t *out_count)
{
    struct facts x = {.arena = a, .language = l}, y = {.arena = a, .language = l};
    struct map known, kept;
    LIST(struct difference) list = {0};
    add_all(&x, before);
    add_all(&y, after);
    map_init(&known, a);
    map_init(&kept, a);
    for (size_t i = 0; i < x.all.count; i++) (void)map_set(&known, x.all.at[i].key, &x.all.at[i]);
    for (size_t i = 0; i < y.all.count; i++) {
        const struct fact *own = &y.all.at[i], *old = map_find(&known, own->key);
        (void)map_set(&kept, own->key, &y.all.at[i]);
        if (old != NULL && str_eq(old->text, own->text)) continue;
        LIST_PUSH(a, list) = difference_of(old, own);
    }
    for (size_t i = 0; i < x.all.count; i++)
        if (map_find(&kept, x.all.at[i].key) == NULL) LIST_PUSH(a, list) = difference_of(&x.all.at[i], NULL);
    for (size_t i = 0; i < list.count; i++) fill_parts(a, &list.at[i]);
    *out = list.at;
    *out_count = list.count;
}
