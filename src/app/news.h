/*
 * What other processes over the same database have changed, and this one remembers: who is signed in, calendars,
 * maintenance, whose office it is. Each is read anew or forgotten when it is told. Whatever else is kept in memory is
 * either never changed under its key (versions, tables), or carries a number that is compared (the catalogue), or is
 * true for a second anyway (counts). How often something was tried (signing in, looking up) is told as it happens and
 * counted by all of them.
 */
#ifndef APP_NEWS_H
#define APP_NEWS_H

#include "app/app.h"

#define NEWS_MAINTENANCE "maintenance"
#define NEWS_OFFICE "office"

void news_follow(struct app *app); /* before serving */
void news_unfollow(struct app *app);

#endif
