/* Who performs what, when nobody has said it otherwise. */
#ifndef APP_ENTRUST_H
#define APP_ENTRUST_H

#include "app/app.h"

/* Entrusts every procedure of the catalogue by the levels that its record names; what is there stays. */
enum outcome entrust_procedures(struct app *app, struct fail *why) MUST_USE;

#endif
