/*
 * The training office: an ordinary office with invented people and dossiers in a folder of its own, in which nothing
 * has legal effect. Its setting `training` says so on every page and slip. It may be emptied and begun anew; a real
 * office never is, and what the two hold never meets.
 */
#ifndef APP_TRAINING_H
#define APP_TRAINING_H

#include "app/settings.h"

enum { TRAINING_PASSWORD_LEAST = 12, TRAINING_PASSWORD_MOST = 100 };

/* On every sheet that a training office prints: letters are Vietnamese, as the law's forms are. */
#define TRAINING_MARK "TẬP HUẤN – KHÔNG CÓ GIÁ TRỊ PHÁP LÝ"

bool training_is_on(const struct settings *s);
/* Empties a folder whose settings say that it is a training office, and only such a one: ERR_CONFLICT. The caller owns
 * the folder. */
enum outcome training_clear(struct arena *a, struct str path, struct fail *why) MUST_USE;

/* From a page of the running training office: `serve` closes it, empties the folder, makes it again with this password
 * for all accounts, and opens it. Others may go on reading until then. */
struct app;
enum outcome training_ask_anew(struct app *app, struct str password, struct fail *why) MUST_USE;

#endif
