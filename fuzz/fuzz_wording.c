/* An agency's words and the values that fill them: whatever they are, the letter has the headers of an ordinary one.
 * The first line of the input is every value, the second the subject, the rest the text. */
#include <stdlib.h>

#include "base/auto.h"
#include "notice/mail.h"
#include "notice/wording.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Lines of the head that begin a header. */
static size_t headers_of(struct str letter)
{
    size_t count = 1;
    for (size_t i = 0; i + 2 < letter.len; i++) {
        if (letter.at[i] != '\n') continue;
        if (letter.at[i + 1] == '\r') return count;
        count += letter.at[i + 1] != ' ';
    }
    abort(); /* no end */
}

static struct str letter_of(struct arena *a, struct str value, struct str subject, struct str text)
{
    struct mail m = {.from_name = value,
                     .from = value,
                     .to = value,
                     .message_id = value,
                     .list_id = value,
                     .subject = subject,
                     .text = text,
                     .language = value,
                     .unsubscribe = STR("https://example.vn/")};
    return mail_write(a, &m);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA struct arena a;
    struct fail why;
    struct str value, subject, text, rest, filled_subject, filled_text;
    arena_init(&a, 64 << 20);
    fail_init(&why, &a);
    (void)str_cut(str_of((const char *)data, size), '\n', &value, &rest); /* without a line break it is all value */
    (void)str_cut(rest, '\n', &subject, &text);                           /* and then all subject */
    if (size > 4096) return 0;
    struct mail_line line = {value, value};
    struct mail_facts facts = {.name = value,
                               .code = value,
                               .procedure = value,
                               .agency = value,
                               .phone = value,
                               .reason = value,
                               .until = value,
                               .due = value,
                               .amount = value,
                               .lines = &line,
                               .lines_count = 1,
                               .link = value,
                               .stop_link = value,
                               .office = value};
    struct wording words = {subject, text, 1};
    wording_check(&a, subject, text, &why);
    wording_fill(&a, event_find(STR("receive")), &words, VIETNAMESE, &facts, &filled_subject, &filled_text);
    size_t plain = headers_of(letter_of(&a, STR("x"), STR("x"), STR("x")));
    if (headers_of(letter_of(&a, value, filled_subject, filled_text)) != plain) abort();
    return 0;
}
