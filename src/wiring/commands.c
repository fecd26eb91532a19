/* The commands, in order of use. What each does stands in the file of its kind. */
#include "command/commands.h"
#include "bench/bench.h"
#include "check/check.h"
#include "command/serve.h"

static const struct option serve_options[] = {
    {"listen",      "ADDR:PORT", N_("Address and port to listen on")                                     },
    {"node",        "NAME",      N_("One of several processes that serve an office on a database server")},
    {"any-port",    NULL,        N_("Take another free port when that one is in use")                    },
    {"ready-file",  "FILE",      N_("Write the URL here when ready")                                     },
    {"public-host", "HOST",      N_("The host name people use; empty accepts any well-formed one")       },
    {"log-level",   "LEVEL",     N_("Least level that is logged: debug, info, warn, error, quiet")       },
    {"threads",     "N",         N_("Threads that serve requests")                                       },
    {"connections", "N",         N_("Most connections at once; more get 503")                            },
    {"agency",      "ID",        N_("For a new office: e-identifier of its agency")                      },
    {"name",        "NAME",      N_("For a new office: name of its agency")                              },
    {"store",       "URL",       N_("For a new office: its database server, postgresql://HOST/DATABASE") },
};

static const struct option init_options[] = {
    {"agency",   "ID",   N_("e-identifier of the agency whose office this is")                                 },
    {"name",     "NAME", N_("Name of that agency")                                                             },
    {"demo",     NULL,   N_("A whole office: 207 real procedures, 3,321 communes, people of every role")       },
    {"dossiers", NULL,   N_("With --demo: dossiers in every state, spread over the past weeks")                },
    {"training", NULL,   N_("An office for training: a demo with dossiers, marked on every page and slip")     },
    {"store",    "URL",  N_("The database server: postgresql://HOST/DATABASE; without it a file of the folder")},
    {"again",    NULL,   N_("With --training: begin anew in a folder that is a training office already")       },
};

static const struct option user_options[] = {
    {"name",     "NAME", N_("Full name of the person")                                         },
    {"role",     "ROLE", N_("Role of the post: receiver, specialist, leader, clerk, admin ...")},
    {"agency",   "ID",   N_("e-identifier of the agency of the post")                          },
    {"password", "TEXT", N_("The password; otherwise a random one is printed")                 },
};

static const struct option competence_options[] = {
    {"from",      "CLASS|ID",  N_("Class of agencies or e-identifier of the agency that it is moved from")},
    {"to",        "CLASS|ID",  N_("Class of agencies or e-identifier of the agency that it is moved to")  },
    {"on",        "DAY",       N_("First day: 2027-01-01")                                                },
    {"decree",    "NUMBER",    N_("Number of the decree that says so")                                    },
    {"in-flight", "stay|move", N_("What the decree says of open dossiers: they stay or move")             },
};

static const struct option agency_options[] = {
    {"name",        "NAME",   N_("Name of the agency")                                  },
    {"class",       "CLASS",  N_("Class of the agency: commune_committee ...")          },
    {"territory",   "CODE",   N_("Statistical code of the territory it stands on")      },
    {"parent",      "ID",     N_("e-identifier of the agency above it")                 },
    {"phone",       "TEXT",   N_("Telephone of its one-stop office")                    },
    {"provisional", NULL,     N_("The e-identifier is ours until the real one is known")},
    {"on",          "DAY",    N_("First day: 2027-01-01")                               },
    {"decree",      "NUMBER", N_("Number of the decree that says so")                   },
};

static const struct option audit_options[] = {
    {"head", "SIZE:ROOT", N_("With verify: the journal must have had this head, as it was kept elsewhere")},
};
static const struct option export_options[] = {
    {"agency", "ID",     N_("Of dossiers: only those that this agency answers for")   },
    {"from",   "DAY",    N_("Of dossiers: submitted on this day or later, 2026-01-01")},
    {"to",     "DAY",    N_("Of dossiers: submitted on this day or earlier")          },
    {"after",  "NUMBER", N_("Of the journal: only entries with a higher position")    },
};
static const struct option backup_options[] = {
    {"unverified", NULL, N_("Without reading it through afterwards")},
};

static const struct option upgrade_options[] = {
    {"finish", NULL, N_("Take away what only older programs use; refused while one of them serves")},
    {"i-have-a-backup", NULL, N_("With finish: the backup of a large database was made by other means")},
};

static const struct option doctor_options[] = {
    {"full",    NULL, N_("Read every page of the database too")                                    },
    {"collect", NULL, N_("Remove papers that were sent more than a day ago and that nothing names")},
};

static const struct option restore_options[] = {
    {"store",   "URL", N_("Into this empty database instead of a file of the folder: postgresql://HOST/DATABASE")  },
    {"replace", NULL,  N_("Put the office that is there aside, into a folder of its own; nothing of it is deleted")},
};

static const struct option bench_options[] = {
    {"office",      "DIR",     N_("Keep the scratch office here and use it again")                        },
    {"store",       "URL",     N_("Its data on a database server: an empty database, postgresql://...")   },
    {"seconds",     "N",       N_("How long to measure; otherwise 10")                                    },
    {"clients",     "N",       N_("Connections at once; otherwise 16")                                    },
    {"dossiers",    "N",       N_("Dossiers that wait in the office; otherwise 10000")                    },
    {"waiting",     "N",       N_("Of history: dossiers that still wait at its end; otherwise none")      },
    {"days",        "N",       N_("Of history: working days on which the others were filed; otherwise 20")},
    {"connections", "N",       N_("Of slow: quiet or slow ones beside the pages; otherwise 10000")        },
    {"rounds",      "N",       N_("Of slow: how often each phase is measured; otherwise 9")               },
    {"explain",     NULL,      N_("Count statements, rows and bytes instead of measuring time")           },
    {"only",        "WORD",    N_("Of pages: those with this word in their name")                         },
    {"beside",      "COMMAND", N_("Of rules: a command that does the same; its last line is its figure")  },
};

static const struct option feel_options[] = {
    {"context",    "FILE", N_("The names and their values: a JSON object")                                       },
    {"legal-time", NULL,   N_("Knows “working days after” and “end of term” by the State's calendar too")},
    {"strict",     NULL,   N_("What the standard lets pass in silence is an error too")                          },
};

static const struct option dmn_options[] = {
    {"decision", "NAME", N_("Which decision; not needed when there is one only")                               },
    {"lint",     NULL,   N_("Only says what is doubtful in its tables: overlaps, gaps, rules that never apply")},
    {"strict",   NULL,   N_("What the standard lets pass in silence is an error too")                          },
    {"context",  "FILE", N_("The names and their values: a JSON object")                                       },
};

static const struct option tck_options[] = {
    {"csv", "FILE", N_("Write the result of each case here, as the kit wants it")},
};

static const struct option queries_options[] = {
    {"plan",  NULL,  N_("How each is answered, and which large tables it reads whole; ends with 1 when one should not")},
    {"store", "URL", N_("Of this database; otherwise of the office's, or of an empty one")                             },
};

static const struct option help_options[] = {
    {"man", NULL, N_("The manual page in roff: `motcua help --man | man -l -`")},
};

#define OPTIONS(table) table, LENGTH(table)

/* clang-format off */
const struct command commands[] = {
    {"serve", "[--data DIR] [--listen ADDR:PORT]",
     N_("One process, all of it: serve the office in a data folder"),
     "motcua serve --data data --listen 127.0.0.1:8080",
     NEED_FOLDER, 0, 0, OPTIONS(serve_options), command_serve},
    {"init", "[--data DIR] [--demo]",
     N_("Make the data folder of a new office"),
     "motcua init --data data --demo --json",
     NEED_FOLDER, 0, 0, OPTIONS(init_options), command_init},
    {"import", "procedures|units|calendars PATH...",
     N_("Take procedures, territorial units or working calendars from files, with a report"),
     "motcua import procedures procedures/bqp --json",
     NEED_APP, 2, -1, NULL, 0, command_import},
    {"competence", "list [PROCEDURE] | move PROCEDURE... --from --to --on --decree --in-flight",
     N_("Who performs and decides a procedure, by decree and day; moves it from a day"),
     "motcua competence move 1.013128 --from commune_committee --to province_committee --on 2027-01-01 "
     "--decree 131/2025/NĐ-CP --in-flight stay",
     NEED_APP, 1, -1, OPTIONS(competence_options), command_competence},
    {"agency", "add ID --name --class | merge OLD... NEW --on --decree",
     N_("Adds an agency, or lets one go on with the work of others from a day"),
     "motcua agency merge H36.01 H36.02 H36.03 --on 2027-01-01 --decree 202/2025/QH15",
     NEED_APP, 2, -1, OPTIONS(agency_options), command_agency},
    {"user", "add|list|disable|password [LOGIN]",
     N_("Accounts of officers and programs"),
     "motcua user add tiepnhan2 --name \"Lê Thị Hoa\" --role receiver --agency G11",
     NEED_APP, 1, 2, OPTIONS(user_options), command_user},
    {"token", "LOGIN",
     N_("A bearer token for a program that acts as this account"),
     "motcua token quantri --json",
     NEED_APP, 1, 1, NULL, 0, command_token},
    {"check", "[FOLDER...]",
     N_("Reads procedure folders and runs their scenarios on a scratch office"),
     "motcua check procedures/G11/1.013285",
     NEED_NOTHING, 0, -1, NULL, 0, command_check},
    {"audit", "verify|show|export [CODE]",
     N_("Verify the journal, tell the life of one dossier, or hand it out with its proofs"),
     "motcua audit show G11-261122-0001",
     NEED_APP, 1, 2, OPTIONS(audit_options), command_audit, .runs_beside = true},
    {"export", "dossiers|journal",
     N_("Every dossier, or every entry of the journal, as one line of JSON each"),
     "motcua export dossiers --from 2026-01-01 > dossiers.jsonl",
     NEED_APP, 1, 1, OPTIONS(export_options), command_export, .runs_beside = true},
    {"backup", "FILE|FOLDER",
     N_("The whole office in one file, or as one more in a folder of backups, while it works; verified"),
     "motcua backup /mnt/disk/motcua-2026-11-23.tar",
     NEED_APP, 1, 1, OPTIONS(backup_options), command_backup, .runs_beside = true},
    {"verify", "FILE|FOLDER",
     N_("Is a backup whole: every byte, the database, the journal's sealed head, every paper; or is an `audit export` true"),
     "motcua verify /mnt/disk/motcua-2026-11-23.tar",
     NEED_NOTHING, 1, 1, NULL, 0, command_verify},
    {"restore", "FILE|FOLDER",
     N_("Makes a data folder of a backup; an office that is there stays unless it is to be put aside"),
     "motcua restore /mnt/disk/motcua-2026-11-23.tar --data data",
     NEED_FOLDER, 1, 1, OPTIONS(restore_options), command_restore},
    {"migrate-store", "FOLDER postgresql://... | postgresql://... FOLDER",
     N_("Moves the tables of an office to a database server or back into its folder, and proves that they are equal"),
     "motcua migrate-store data postgresql://motcua@db1/motcua",
     NEED_FOLDER, 2, 2, NULL, 0, command_migrate_store},
    {"upgrade", "",
     N_("Which processes serve the office, what their programs know, and whether an upgrade waits for its end"),
     "motcua upgrade --finish",
     NEED_APP, 0, 0, OPTIONS(upgrade_options), command_upgrade},
    {"doctor", "",
     N_("Is everything well: disk, rights, keys, clock, journal, followers, backups"),
     "motcua doctor --json",
     NEED_APP, 0, 0, OPTIONS(doctor_options), command_doctor},
    {"bench", "submit|read|page|list|progress|search|find|act|slip|steps|overload|slow|pages|fill|history|feel|dmn|table",
     N_("Measure a scratch office over HTTP, with the bound of the store beside it"),
     "motcua bench submit --seconds 10 --clients 16 --json",
     NEED_FOLDER, 1, 1, OPTIONS(bench_options), command_bench},
    {"feel", "EXPRESSION",
     N_("Evaluate an expression of FEEL"),
     "motcua feel \"sum([1, 2, 3]) * 50000\" --json",
     NEED_NOTHING, 1, 1, OPTIONS(feel_options), command_feel},
    {"dmn", "FILE",
     N_("Decide by a model of DMN"),
     "motcua dmn fees.dmn --decision \"Fee\" --context dossier.json",
     NEED_NOTHING, 1, 1, OPTIONS(dmn_options), command_dmn},
    {"tck", "DIR",
     N_("Run the conformance kit of DMN"),
     "motcua tck TestCases --csv tck_results.csv",
     NEED_NOTHING, 1, 1, OPTIONS(tck_options), command_tck},
    {"routes", "",
     N_("Every page and operation, with who may use it"),
     "motcua routes",
     NEED_NOTHING, 0, 0, NULL, 0, command_routes},
    {"permissions", "",
     N_("Every permission and the roles that have it"),
     "motcua permissions",
     NEED_NOTHING, 0, 0, NULL, 0, command_permissions},
    {"settings", "",
     N_("Every setting, its value and where it comes from"),
     "motcua settings --data data",
     NEED_NOTHING, 0, 0, NULL, 0, command_settings},
    {"queries", "",
     N_("Every named query, with its plan when asked for"),
     "motcua queries --plan",
     NEED_NOTHING, 0, 0, OPTIONS(queries_options), command_queries},
    {"version", "",
     N_("Which version this is"),
     "motcua version",
     NEED_NOTHING, 0, 0, NULL, 0, command_version},
    {"completion", "bash|zsh|fish",
     N_("What a shell offers at the Tab key, as a script for it"),
     "motcua completion bash >/etc/bash_completion.d/motcua",
     NEED_NOTHING, 1, 1, NULL, 0, command_completion},
    {"help", "[COMMAND]",
     N_("These lines, or one command's"),
     "motcua help serve",
     NEED_NOTHING, 0, 1, OPTIONS(help_options), command_help_run},
};
/* clang-format on */
const size_t command_count = LENGTH(commands);
