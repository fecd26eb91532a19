/*
 * A PostgreSQL server of its own for one test program (tests/support/postgres), stopped and removed when the program
 * ends. Where it is says MOTCUA_TEST_POSTGRES, for the program's children too.
 */
#ifndef STORE_TEST_POSTGRES_H
#define STORE_TEST_POSTGRES_H

#include "base/test.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static inline int test_postgres_run(const char *verb, const char *folder)
{
    int status = -1;
    pid_t child = fork();
    if (child == 0) {
        execl("tests/support/postgres", "postgres", verb, folder, (char *)NULL);
        _exit(127);
    }
    return waitpid(child, &status, 0) == child ? status : -1;
}

static inline void test_postgres_stop(void)
{
    char owner[24];
    snprintf(owner, sizeof owner, "%d", (int)getpid());
    if (strcmp(owner, getenv("MOTCUA_TEST_POSTGRES_OWNER")) != 0) return; /* a child of the program */
    if (test_postgres_run("stop", getenv("MOTCUA_TEST_POSTGRES")) != 0) print_error("a PostgreSQL is left behind\n");
}

static inline void test_postgres_start(void)
{
    char folder[64] = "/tmp/motcua_pg_XXXXXX", owner[24];
    assert_non_null(mkdtemp(folder));
    snprintf(owner, sizeof owner, "%d", (int)getpid());
    setenv("MOTCUA_TEST_POSTGRES", folder, 1);
    setenv("MOTCUA_TEST_POSTGRES_OWNER", owner, 1);
    atexit(test_postgres_stop);
    if (test_postgres_run("start", folder) != 0) {
        print_error("PostgreSQL could not be started in %s\n", folder);
        exit(1);
    }
}

static inline void test_postgres_url(const char *database, char *url, size_t size)
{
    snprintf(url, size, "postgresql:///%s?host=%s&user=motcua", database, getenv("MOTCUA_TEST_POSTGRES"));
}

static inline PGconn *test_postgres_connect(const char *url)
{
    PGconn *c = PQconnectdb(url);
    if (PQstatus(c) != CONNECTION_OK) print_error("%s", PQerrorMessage(c));
    assert_int_equal(PQstatus(c), CONNECTION_OK);
    return c;
}

static inline void test_postgres_do(PGconn *c, const char *sql)
{
    PGresult *r = PQexec(c, sql);
    bool is_done = PQresultStatus(r) == PGRES_COMMAND_OK || PQresultStatus(r) == PGRES_TUPLES_OK;
    if (!is_done) print_error("%s: %s\n", sql, PQerrorMessage(c));
    assert_true(is_done);
    PQclear(r);
}

/* The first cell, as a number. */
static inline long long test_postgres_ask(PGconn *c, const char *sql)
{
    PGresult *r = PQexec(c, sql);
    if (PQresultStatus(r) != PGRES_TUPLES_OK) print_error("%s: %s\n", sql, PQerrorMessage(c));
    assert_int_equal(PQresultStatus(r), PGRES_TUPLES_OK);
    long long n = strtoll(PQgetvalue(r, 0, 0), NULL, 10);
    PQclear(r);
    return n;
}

/* A new database, a copy of the one called `like` ("template1": an empty one): writes its address. */
static inline void test_postgres_database(const char *name, const char *like, char *url, size_t size)
{
    char sql[160], first[160];
    test_postgres_url("postgres", first, sizeof first);
    PGconn *c = test_postgres_connect(first);
    snprintf(sql, sizeof sql, "CREATE DATABASE \"%s\" TEMPLATE \"%s\" STRATEGY file_copy", name, like);
    test_postgres_do(c, sql);
    PQfinish(c);
    test_postgres_url(name, url, size);
}

#endif
