#include "help/error_note.h"

#include "base/fail.h"
#include "base/messages.h"

/* In the order in which people ask. */
static const struct {
    const char *sentence, *note;
} notes[] = {
    {N_("Something went wrong on our side"),     N_("The mistake is ours. What was saved before is safe. Give the page id "
                                                "to the people who run the server: with it "
                                                "they find what happened.")},
    {N_("Not available right now"),
     N_("The server is starting, is being maintained, or has too much to do at once. It takes no changes it could "
        "lose. "
        "Wait for some minutes and send again: sending the same form twice makes one dossier.")                        },
    {N_("Somebody else changed this meanwhile"),
     N_("Two people had the same page open and the other one was quicker. Nothing of theirs was overwritten. Open the "
        "page again, look at what changed, and decide anew; what you typed is shown beside it.")                       },
    {N_("You may not do this"),
     N_("Your account or your post does not include this. An administrator gives posts under Administration, Officers. "
        "A "
        "dossier opens only for its owner, whoever filed it, and the officers whose turn it is.")                      },
    {N_("Sign in first"),
     N_("You were signed out, or your session ended after a time without use. Sign in again: you come back to the same "
        "page, and drafts are as you left them.")                                                                      },
    {N_("Not found"),                            N_("The address has a letter too few, or what it led to is not for your eyes. A dossier is found "
                         "by its code or by "
                         "the QR code of its receipt.")                                           },
    {N_("Too large"),                            N_("A file may have 20 MB, a photo of a page needs two or three. Photograph the pages one by "
                         "one; the server joins "
                         "them into one document.")                                               },
};

const char *error_note(const char *sentence)
{
    for (size_t i = 0; i < LENGTH(notes); i++)
        if (str_eq(str_from(notes[i].sentence), str_from(sentence))) return notes[i].note;
    return NULL;
}

const char *error_sentence(struct arena *a, struct str id)
{
    for (size_t i = 0; i < catalogue_vi_count; i++) {
        struct arena_mark before = arena_mark(a);
        bool is_it = str_eq_nocase(sentence_id(a, catalogue_vi[i].message), id);
        arena_back(a, before);
        if (is_it) return catalogue_vi[i].message;
    }
    return NULL;
}
