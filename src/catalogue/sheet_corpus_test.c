/*
 * The 207 published sheets of the Ministry of National Defence, as they are: all are taken, and what is counted in the
 * records is what was counted in the sheets by hand.
 */
#include "base/test.h"

#include "base/file.h"
#include "catalogue/sheet_read.h"

enum { CORPUS_BYTES = 512 * 1024 * 1024, SHEETS = 207 };

static struct arena arena;
static struct import_report report;
static struct procedure *procedures[SHEETS];

static int read_all(void **state)
{
    (void)state;
    arena_init(&arena, CORPUS_BYTES);
    import_report_init(&report, &arena);
    struct fail why;
    fail_init(&why, &arena);
    struct map titles;
    map_init(&titles, &arena);
    struct str *names;
    size_t count;
    assert_int_equal(file_names(&arena, STR("procedures/bqp"), &names, &count, &why), OK);
    size_t taken = 0;
    for (size_t i = 0; i < count; i++) {
        if (!str_ends(names[i], STR(".json"))) continue;
        struct str text, at;
        assert_int_equal(
            file_read(&arena, file_join(&arena, STR("procedures/bqp"), names[i]), SHEET_BYTES_MOST, &text, &why), OK);
        assert_in_range(taken, 0, SHEETS - 1);
        struct sheet_source source = {.file = names[i], .text = text, .law_titles = &titles};
        assert_int_equal(sheet_read(&arena, &source, &report, &procedures[taken++], &at, &why), OK);
    }
    assert_int_equal(taken, SHEETS);
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_end(&arena);
    return 0;
}

static const struct procedure *find(const char *code)
{
    for (size_t i = 0; i < SHEETS; i++) {
        if (str_eq(procedures[i]->code, str_from(code))) return procedures[i];
    }
    print_error("no sheet %s\n", code);
    assert_true(false);
    return NULL;
}

static size_t doubts_with(const char *action)
{
    size_t n = 0;
    for (size_t i = 0; i < report.doubts.count; i++) n += strcmp(report.doubts.at[i].action, action) == 0;
    return n;
}

/* ---- channels and terms ---- */

static void channels_are_as_counted(void **state)
{
    (void)state;
    size_t online = 0, counter_only = 0, online_only = 0, postal_only = 0, cases = 0, repeated = 0;
    for (size_t i = 0; i < SHEETS; i++) {
        const struct procedure *p = procedures[i];
        bool has[CHANNEL_KIND_COUNT], repeats = false;
        for (int k = 0; k < CHANNEL_KIND_COUNT; k++) {
            const struct channel *c = procedure_channel(p, (enum channel_kind)k);
            has[k] = c != NULL;
            cases += c != NULL ? c->case_count : 0;
            repeats = repeats || (c != NULL && c->case_count > 1);
        }
        online += has[CHANNEL_ONLINE];
        counter_only += has[CHANNEL_COUNTER] && !has[CHANNEL_ONLINE] && !has[CHANNEL_POSTAL];
        online_only += has[CHANNEL_ONLINE] && p->channel_count == 1;
        postal_only += has[CHANNEL_POSTAL] && p->channel_count == 1;
        repeated += repeats;
    }
    assert_int_equal(online, 88);
    assert_int_equal(counter_only, 42);
    assert_int_equal(online_only, 16);
    assert_int_equal(postal_only, 2);
    assert_int_equal(cases, 462 - 3); /* three exact doubles are left out */
    assert_int_equal(repeated, 20 - 3);
    assert_int_equal(procedure_channel(find("1.013285"), CHANNEL_ONLINE)->case_count, 4);
}

struct term_count {
    size_t rows, procedures;
};

static struct term_count count_terms(enum term_unit unit)
{
    struct term_count n = {0};
    for (size_t i = 0; i < SHEETS; i++) {
        size_t before = n.rows;
        for (size_t c = 0; c < procedures[i]->channel_count; c++) {
            const struct channel *channel = &procedures[i]->channels[c];
            for (size_t k = 0; k < channel->case_count; k++) n.rows += channel->cases[k].term.unit == unit;
        }
        n.procedures += n.rows > before;
    }
    return n;
}

static void terms_are_as_counted(void **state)
{
    (void)state;
    struct term_count days = count_terms(TERM_DAYS), working = count_terms(TERM_WORKING_DAYS),
                      hours = count_terms(TERM_HOURS);
    assert_int_equal(days.rows, 186);
    assert_int_equal(days.procedures, 80);
    assert_int_equal(working.rows, 176 - 2); /* 2.002764, 2.002765: doubles */
    assert_int_equal(working.procedures, 70);
    assert_int_equal(hours.rows, 44 - 1); /* 1.013589 */
    assert_int_equal(hours.procedures, 40);
    assert_int_equal(count_terms(TERM_NONE).rows, 56);
    assert_int_equal(count_terms(TERM_MONTHS).rows, 0);
    size_t without = 0, gates = 0;
    for (size_t i = 0; i < SHEETS; i++) {
        bool has_term = false, is_gate = false;
        for (size_t c = 0; c < procedures[i]->channel_count; c++) {
            for (size_t k = 0; k < procedures[i]->channels[c].case_count; k++) {
                const struct term *t = &procedures[i]->channels[c].cases[k].term;
                has_term = has_term || t->unit != TERM_NONE;
                is_gate = is_gate || t->is_continuous;
            }
        }
        without += !has_term;
        gates += is_gate;
    }
    assert_int_equal(without, 27);
    assert_int_equal(gates, 32);
    assert_int_equal(doubts_with("Hours here, but {0} on another row: perhaps a slip; kept as written"), 1);
    assert_int_equal(doubts_with("Days and working days are both used; each row is kept as written"), 2);
    assert_int_equal(doubts_with("A term of zero; read as settled on the spot"), 6);
}

/* ---- fees ---- */

static void fees_are_as_counted(void **state)
{
    (void)state;
    size_t blank_procedures = 0, usd_lines = 0, usd_procedures = 0, files = 0, several = 0;
    for (size_t i = 0; i < SHEETS; i++) {
        size_t usd_before = usd_lines;
        bool has_blank = false;
        for (size_t c = 0; c < procedures[i]->channel_count; c++) {
            for (size_t k = 0; k < procedures[i]->channels[c].case_count; k++) {
                const struct procedure_case *each = &procedures[i]->channels[c].cases[k];
                has_blank = has_blank || !each->is_fee_stated;
                several += each->fee_count > 1;
                for (size_t f = 0; f < each->fee_count; f++) {
                    usd_lines += each->fees[f].currency == CURRENCY_USD;
                    files += each->fees[f].file.len > 0;
                }
            }
        }
        blank_procedures += has_blank;
        usd_procedures += usd_lines > usd_before;
    }
    assert_int_equal(doubts_with("The fee is left blank; kept unknown, not zero"), 85);
    assert_int_equal(blank_procedures, 41);
    assert_int_equal(doubts_with("The word \"{0}\" is read as 0"), 15);
    assert_int_equal(doubts_with("The amount is in words; kept as text, unknown"), 12);
    assert_int_equal(doubts_with("The amount is missing; kept unknown, not zero"), 7);
    assert_int_equal(usd_lines, 9);
    assert_int_equal(usd_procedures, 6);
    assert_int_equal(files, 4);
    assert_int_equal(several, 21 - 2); /* two cells of one fee and its file */
    const struct fee *art = procedure_channel(find("3.000422"), CHANNEL_COUNTER)->cases[0].fees;
    assert_int_equal(art->amount, 50000);
    const struct procedure_case *mixed = &procedure_channel(find("1.013575"), CHANNEL_COUNTER)->cases[0];
    assert_int_equal(mixed->fees[1].amount, 50); /* half a dollar */
    assert_int_equal(mixed->fees[2].amount, 20000);
    assert_int_equal(mixed->fees[2].currency, CURRENCY_VND);
}

/* ---- components ---- */

static void components_are_as_counted(void **state)
{
    (void)state;
    size_t all = 0, conditional = 0, procedures_with = 0, headings = 0, unknown = 0, files = 0, labels = 0,
           always_only = 0;
    for (size_t i = 0; i < SHEETS; i++) {
        const struct procedure *p = procedures[i];
        size_t before = conditional;
        for (size_t c = 0; c < p->component_count; c++) {
            const struct component *each = &p->components[c];
            all++;
            conditional += each->required != REQUIRED_ALWAYS;
            headings += each->is_heading;
            unknown += each->originals == COUNT_UNKNOWN;
            files += each->form_file_count > 0;
            labels += each->label.len == 0 || procedure_component(p, each->id) != each;
        }
        procedures_with += conditional > before;
        always_only += conditional == before;
    }
    assert_int_equal(all, 814 - 2); /* the doubles of 1.013194 */
    assert_int_equal(headings, 8);
    assert_int_equal(unknown, 22 - 8);
    assert_int_equal(labels, 0);
    assert_in_range(files, 338, 340);
    assert_int_equal(
        doubts_with("The name has more than 200 characters; shortened for lists, the whole text is kept as detail"),
        191);
    assert_int_equal(doubts_with("Stray marks at the end; removed"), 39);
    assert_in_range(conditional, 261, 320); /* the words of condition, and the papers below case headings */
    assert_in_range(procedures_with, 115, 130);
    assert_int_equal(always_only + procedures_with, SHEETS);
}

static void the_known_headings_and_shown_papers_are_found(void **state)
{
    (void)state;
    static const struct {
        const char *code;
        size_t headings, shown, unknown;
    } rows[] = {
        {"1.013616", 2, 0, 0},
        {"1.013617", 4, 0, 0},
        {"1.013622", 2, 0, 0},
        {"1.013577", 0, 2, 2},
        {"1.013645", 0, 0, 4},
        {"1.013646", 0, 0, 4},
        {"1.013647", 0, 0, 4},
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        const struct procedure *p = find(rows[i].code);
        size_t headings = 0, shown = 0, unknown = 0;
        for (size_t c = 0; c < p->component_count; c++) {
            headings += p->components[c].is_heading;
            shown += p->components[c].required == REQUIRED_SHOWN;
            unknown += p->components[c].originals == COUNT_UNKNOWN;
        }
        assert_int_equal(headings, rows[i].headings);
        assert_int_equal(shown, rows[i].shown);
        assert_int_equal(unknown, rows[i].unknown);
    }
}

/* ---- the rest ---- */

static void texts_agencies_and_levels_are_as_counted(void **state)
{
    (void)state;
    size_t several = 0, commune = 0, no_steps = 0, no_manner = 0, no_competent = 0, no_coordinating = 0, outside = 0,
           laws = 0, dated = 0;
    for (size_t i = 0; i < SHEETS; i++) {
        const struct procedure *p = procedures[i];
        several += p->level_count > 1;
        commune += p->level_count == 1 && p->levels[0] == LEVEL_COMMUNE;
        no_steps += p->steps.len == 0;
        no_manner += p->manner.len == 0;
        no_competent += p->competent.count == 0;
        no_coordinating += p->coordinating.count == 0;
        bool is_outside = false;
        const struct agency_list *const lists[] = {&p->performing, &p->competent, &p->coordinating};
        for (size_t l = 0; l < LENGTH(lists); l++) {
            for (size_t n = 0; n < lists[l]->count; n++) is_outside = is_outside || lists[l]->at[n].is_outside_ministry;
        }
        outside += is_outside;
        laws += p->law_count;
        dated += p->state != PUBLISHED_DATE_UNKNOWN;
    }
    assert_int_equal(several, 32);
    assert_int_equal(commune, 54);
    assert_int_equal(no_steps, 130);
    assert_int_equal(no_manner, SHEETS);
    assert_int_equal(no_competent, 22);
    assert_int_equal(no_coordinating, 126);
    assert_in_range(outside, 49, 90);
    assert_int_equal(laws, 751);
    assert_int_equal(dated, 0);
    assert_int_equal(doubts_with("{0} texts were not in Unicode's composed form (NFC); composed"), 94);
}

static void not_every_procedure_is_an_application(void **state)
{
    (void)state;
    static const char *const suspensions[] = {"1.013187", "1.013188", "1.013189", "1.013615", "1.013625",
                                              "1.013627", "1.013629", "1.013630", "1.013633"};
    size_t count[PROCEDURE_PROCESS_COUNT] = {0};
    for (size_t i = 0; i < SHEETS; i++) count[procedures[i]->process]++;
    assert_int_equal(count[PROCESS_SUSPENSION], LENGTH(suspensions));
    assert_int_equal(count[PROCESS_COMPLAINT], 10);
    assert_int_equal(count[PROCESS_DENUNCIATION], 7);
    for (size_t i = 0; i < LENGTH(suspensions); i++)
        assert_int_equal(find(suspensions[i])->initiator, INITIATOR_AUTHORITY);
}

static void district_bodies_that_ended_are_marked_in_six_sheets(void **state)
{
    (void)state;
    static const char *const codes[] = {"1.013134", "1.013159", "1.013521", "1.013527", "3.000422"};
    for (size_t i = 0; i < LENGTH(codes); i++) {
        const struct procedure *p = find(codes[i]);
        bool is_marked = false;
        const struct agency_list *const lists[] = {&p->performing, &p->competent, &p->coordinating};
        for (size_t l = 0; l < LENGTH(lists); l++) {
            for (size_t n = 0; n < lists[l]->count; n++) is_marked = is_marked || lists[l]->at[n].is_former_district;
        }
        assert_true(is_marked);
    }
    assert_true(str_has(find("3.000423")->reception_address, STR("huyện"))); /* the sixth, by its address */
}

static void every_record_reads_back_as_it_was_written(void **state)
{
    (void)state;
    struct fail why;
    fail_init(&why, &arena);
    for (size_t i = 0; i < SHEETS; i++) {
        struct str record = procedure_record(&arena, procedures[i]);
        struct procedure *back;
        enum outcome r = procedure_read(&arena, record, &back, &why);
        if (r != OK) print_error("%.*s: %.*s\n", STR_ARG(procedures[i]->code), STR_ARG(fail_text(&arena, &why)));
        for (size_t n = 0; r != OK && n < why.problem_count; n++)
            print_error("  %.*s %s\n", STR_ARG(why.problems[n].pointer), why.problems[n].sentence);
        assert_int_equal(r, OK);
        assert_true(str_eq(procedure_record(&arena, back), record));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(channels_are_as_counted),
        cmocka_unit_test(terms_are_as_counted),
        cmocka_unit_test(fees_are_as_counted),
        cmocka_unit_test(components_are_as_counted),
        cmocka_unit_test(the_known_headings_and_shown_papers_are_found),
        cmocka_unit_test(texts_agencies_and_levels_are_as_counted),
        cmocka_unit_test(not_every_procedure_is_an_application),
        cmocka_unit_test(district_bodies_that_ended_are_marked_in_six_sheets),
        cmocka_unit_test(every_record_reads_back_as_it_was_written),
    };
    return cmocka_run_group_tests_name(__FILE__, tests, read_all, end);
}
