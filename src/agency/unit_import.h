/*
 * What the two importers of units share: the territories that the store has, by code and by name.
 */
#ifndef AGENCY_UNIT_IMPORT_H
#define AGENCY_UNIT_IMPORT_H

#include "agency/agency_store.h"
#include "base/map.h"

struct known_unit {
    int64_t id, parent, agency; /* its People's Committee; 0: none */
    struct str code, name, path, agency_name;
    enum territory_kind kind;
    day_t valid_to;
    bool is_in_file;
};

struct known_units {
    struct known_unit *at;
    size_t count;
    struct map by_code, by_path, by_bare_path; /* of struct known_unit */
};

enum outcome known_units_load(struct store *s, struct arena *a, struct known_units *out, struct fail *why) MUST_USE;

struct unit_import {
    struct store *store;
    struct actor actor;
    struct str file, content;
    struct arena *arena; /* scratch of this import */
    struct import_report *report;
};

enum outcome unit_import_json(struct unit_import *in, struct fail *why) MUST_USE;
enum outcome unit_import_merger(struct unit_import *in, struct fail *why) MUST_USE;

#endif
