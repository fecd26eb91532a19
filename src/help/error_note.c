#include "help/error_note.h"

#include "base/fail.h"
#include "base/messages.h"

/* clang-format off */
/* In the order in which people ask: of anything, accounts, applying, files, appointments, dossiers, running. */
static const struct {
    const char *sentence, *note;
} notes[] = {
    {N_("Something went wrong on our side"),
     N_("The mistake is ours. What was saved before is safe. Give the page id to the people who run the server: "
        "with it they find what happened.")},
    {N_("Not available right now"),
     N_("The server is starting, is being maintained, or has too much to do at once. It takes no changes it could "
        "lose. Wait for some minutes and send again: sending the same form twice makes one dossier.")},
    {N_("Somebody else changed this meanwhile"),
     N_("Two people had the same page open and the other one was quicker. Nothing of theirs was overwritten. Open "
        "the page again, look at what changed, and decide anew; what you typed is shown beside it.")},
    {N_("You may not do this"),
     N_("Your account or your post does not include this. An administrator gives posts under Administration, "
        "Accounts. A dossier opens only for its owner, whoever filed it, and the officers whose turn it is.")},
    {N_("Sign in first"),
     N_("You were signed out, or your session ended after a time without use. Sign in again: you come back to the "
        "same page, and drafts are as you left them.")},
    {N_("Not found"),
     N_("The address has a letter too few, or what it led to is not for your eyes. A dossier is found by its code "
        "or by the QR code of its receipt.")},
    {N_("Too large"),
     N_("A file may have 20 MB, a photo of a page needs two or three. Photograph the pages one by one; the server "
        "joins them into one document.")},
    {N_("Sign in to go on."),
     N_("Your session has ended, or this browser never signed in. Sign in: the form that you were sending is held "
        "for its browser for an hour and comes back.")},
    {N_("Login and password do not fit together. Check both."),
     N_("Which of the two is wrong is not said, so that strangers cannot try names out. Look at capitals and at "
        "the Vietnamese keyboard; your login may be your personal number. Who forgot the password gets a one-time "
        "code at the one-stop office, with the card.")},
    {N_("Too many attempts. Wait {0} seconds, then try again."),
     N_("This keeps others from guessing your password. Waiting is enough; nothing is locked for longer.")},
    {N_("This account is closed. Ask the office that opened it."),
     N_("An administrator closes the account of somebody who left. Dossiers and papers stay as they are; the "
        "office that opened the account opens it again.")},
    {N_("First choose a password of your own, on the page of your account."),
     N_("Somebody else knows the password that you were given. As soon as you have chosen your own, everything "
        "opens.")},
    {N_("The role in which you are signed in may not do this."),
     N_("Who has several posts works in one of them at a time: choose another on the page of your account. "
        "Otherwise the administrator gives a post with the right role.")},
    {N_("The number {0} has an account already: sign in with it."),
     N_("Each number has one account. Perhaps you opened it earlier, or the one-stop office did. If somebody else "
        "used your number, tell the one-stop office with your card.")},
    {N_("The login {0} is taken: choose another one."),
     N_("A login belongs to one person on this server. Your telephone number or a name with the year of birth is "
        "easy to keep in mind.")},
    {N_("This code is not good, or no longer: codes are used once, and not for long. The one-stop office gives "
        "you another one."),
     N_("A code is good for a day, and a newer one ends it. Small and capital letters and spaces do not matter; O "
        "and 0, I and 1 are often mixed up.")},
    {N_("The page was open too long or belongs to an earlier sign-in. Reload it and send the form again."),
     N_("Each form bears a token of its sign-in, so that no other site can send it in your name. Reloading the "
        "page gives a new one.")},
    {N_("This draft does not exist any more."),
     N_("Drafts are kept for some weeks after the last change: for how many days stands on their page. Perhaps it "
        "was handed in already: look among the dossiers under My dossiers. Perhaps it was deleted on another device.")},
    {N_("Another window or device saved something else meanwhile. Both are shown: keep or change yours, then send "
        "again."),
     N_("Nothing is lost: under each field stands what was saved elsewhere. What you send now counts. It is "
        "safest to work in one window only.")},
    {N_("You have {0} drafts already. Delete one that you do not need any more."),
     N_("Open My dossiers, go to a draft and choose that you do not need it any more. What was handed in is not "
        "touched.")},
    {N_("Attach this paper: {0}"),
     N_("The procedure's record calls this paper necessary. If the office has its data already it may not ask for "
        "it: then go to the counter or ask the office by telephone.")},
    {N_("Attach one of these papers: {0}"),
     N_("One of them is enough; you choose which. A photo of each page is enough too.")},
    {N_("Attach this paper, or say why you cannot send it: {0}"),
     N_("Each thing that the office asked for gets an answer: the paper, or a reason. The office reads the reason "
        "and decides; it may ask only once.")},
    {N_("By their number the owner has turned 18: a parent needs a written authority to act for them."),
     N_("The number tells the year of birth. Your child may apply with an account of their own, or give you a "
        "written authority (Civil Code 91/2015/QH13, articles 134 to 143).")},
    {N_("Owner and representative are the same person. Who acts for themselves needs no representative."),
     N_("Go back to the part on whose behalf and choose that it is your own matter.")},
    {N_("A personal identification number has 12 digits."),
     N_("It stands on the identity card. The old people's identity card has 9 digits: choose that kind for it.")},
    {N_("This was answered already, or the half hour has passed. Ask the officer."),
     N_("The code to confirm by is good for half an hour and for exactly what was shown. The officer shows "
        "another one at once.")},
    {N_("Only the one-stop files for an applicant."),
     N_("An applicant applies online with an account of their own; at the counter the one-stop officer files for "
        "them.")},
    {N_("The file {0} is empty. Choose it again."),
     N_("Telephones show a photo before it is wholly saved, and clouds show files that are not on the device yet. "
        "Open the photo once, then choose it again.")},
    {N_("The file {0} is larger than {1}. Take a smaller photo or split the file."),
     N_("Photograph page by page: the server joins the pages into one document and makes them smaller itself. A "
        "page needs two or three megabytes.")},
    {N_("The file {0} is of a type that is not accepted. Send PDF, JPEG, PNG, HEIC, Word or Excel files."),
     N_("What a file is, is seen from its content, not its name; another ending does not help. From any program "
        "“print” to a PDF, or photograph the paper.")},
    {N_("The file {0} asks for a password. Save it without one and send it again."),
     N_("The officer would stand before the same password. Open the file, print it to a new PDF or save it "
        "without a password; the connection to us is encrypted.")},
    {N_("The file {0} is damaged and cannot be opened. Take the photo again, or save the file anew and send it "
        "again."),
     N_("Often a download or a transfer broke off. If it opens on your device, save it under another name and "
        "send that one.")},
    {N_("The file {0} has more pages or dots than can be read. Split it, or take the photo with a lower "
        "resolution."),
     N_("The limits protect the server from files made to hurt. A photo from any telephone fits; what does not "
        "are scans of posters and books in one file.")},
    {N_("Looking into the file {0} took too long and was stopped. Save it anew, for example by printing it to "
        "PDF, and send it again."),
     N_("Files are looked into in a closed process with a clock. Very tangled drawings take too long; printing to "
        "PDF straightens them.")},
    {N_("A dossier takes at most {0} files."),
     N_("Several photos of one paper count as one file when you send them to the same place.")},
    {N_("Many files are being looked into right now. Nothing is lost; try again in a moment."),
     N_("So that other pages stay quick, only a few files are looked into at once. Send again after some seconds.")},
    {N_("Your store is full: remove papers that you no longer need."),
     N_("The store takes 200 papers of your own. Results that offices issued are not counted and stay.")},
    {N_("Somebody has just taken the last place at that time. Choose another one."),
     N_("The page showed a place that was free a moment ago. The list is new now.")},
    {N_("You have {0} appointments already. Cancel one that you do not need."),
     N_("This leaves places for others. Cancelling is possible until the appointment begins, under My "
        "appointments.")},
    {N_("First let the one-stop office compare your card: only then can you let somebody act for you."),
     N_("Anybody can type a number; only the card shows that it is yours, and of what age you are (Civil Code "
        "91/2015/QH13, article 138). It is done once, for good.")},
    {N_("The dossier was changed meanwhile: “{0}” at {1}. Look at it again before you act."),
     N_("Somebody else did that act while the page was open. What you typed is shown beside the dossier as it is "
        "now; send it again if it is still right.")},
    {N_("“{0}” is not possible at the step “{1}”."),
     N_("Each step of the process allows certain acts only. What is possible now stands on the dossier's page; "
        "perhaps a colleague was quicker. An act in the wrong order is refused, not queued.")},
    {N_("The dossier is closed: “{0}” is not possible any more."),
     N_("A closed dossier keeps its papers and its history. A mistake in the result is put right by correcting "
        "it; anything else begins with a new dossier.")},
    {N_("The dossier is assigned to another officer. Have it assigned to you first."),
     N_("This keeps two officers from working on one matter. Whoever assigns in the agency changes it with one "
        "act, also for many dossiers at once.")},
    {N_("Only an officer of the agency that holds the dossier may do this."),
     N_("A dossier is worked on where it lies. Agencies that were asked for an opinion only answer.")},
    {N_("Your role does not include this act."),
     N_("Which role may do what stands under Roles. If the work is yours, ask the administrator for a post in "
        "that role.")},
    {N_("Papers were asked for already; they may be asked for only once."),
     N_("Decree 61/2018/NĐ-CP, article 17, kept by Decree 118/2025/NĐ-CP: once, and everything. What was "
        "forgotten cannot be asked for as papers any more; write a message, ask another unit, or go on with what "
        "there is.")},
    {N_("The time limit was extended already; it may be extended only once."),
     N_("Decree 61/2018/NĐ-CP, article 19: the day of return is put off at most once. The leader sees the dossier "
        "under Late.")},
    {N_("The time limit could be extended until {0} at the latest."),
     N_("An extension with its apology is told at the latest one day before the limit ends (Decree 61/2018/NĐ-CP, "
        "article 19). Afterwards the dossier is late, whatever is written.")},
    {N_("Not everybody who was asked has answered yet; they have until {0}."),
     N_("Propose when the last answer is there or its time has passed: who is silent then does not hold anybody "
        "up.")},
    {N_("“{0}” could be undone for {1} minutes only, and they have passed."),
     N_("Undoing is for slips of the hand. Later the next act puts it right, and the history shows both.")},
    {N_("The latest act, “{0}”, is somebody else's: only they may undo it."),
     N_("Ask the person named in the history. Undoing goes from the latest act backwards.")},
    {N_("Only the officer whom the leader charged with it works on a denunciation."),
     N_("Law 25/2018/QH14 protects who denounces: few know, and each look is written down. The leader charges "
        "somebody with the act Assign.")},
    {N_("This office is closed for maintenance until {0}. Nothing was sent."),
     N_("Leave the page open and send again after that time: what you typed is still in the fields. Reading and "
        "looking up go on.")},
    {N_("It is not known whether this was saved. Send it again with the same key."),
     N_("The answer was lost on its way. Look at the dossier first; the same form sent twice makes one dossier.")},
    {N_("The disk is full. Nothing was saved; what is there can be read."),
     N_("Administrators see it under Health. Free or add room; the server takes changes again by itself.")},
};
/* clang-format on */

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
