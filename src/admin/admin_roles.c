/* GET /quan-tri/vai-tro: the roles of officers and what each may do, as the program's own table has it. */
#include "admin/admin_pages.h"
#include "agency/permission.h"
#include "agency/role.h"
#include "html/page.h"

struct permission_line {
    const char *sentence; /* message */
};
struct role_line {
    struct str name;
    const char *title; /* message */
    struct permission_line *permissions;
    size_t permissions_count;
};
struct roles_page {
    struct frame frame;
    struct role_line *roles;
    size_t roles_count;
};

/* clang-format off */
static const struct field permission_line_fields[] = {
    FIELD_MESSAGE(struct permission_line, sentence),
    FIELD_END,
};
static const struct field role_line_fields[] = {
    FIELD_STR(struct role_line, name),
    FIELD_MESSAGE(struct role_line, title),
    FIELD_LIST(struct role_line, permissions, struct permission_line, permission_line_fields),
    FIELD_END,
};
const struct field admin_roles_fields[] = {
    FRAME_FIELDS(struct roles_page),
    FIELD_LIST(struct roles_page, roles, struct role_line, role_line_fields),
    FIELD_END,
};
/* clang-format on */

enum outcome admin_roles(struct request *rq, struct fail *why)
{
    (void)why; /* a table of the program's own */
    struct roles_page page = {.frame.back_href = STR("/quan-tri")};
    page.roles = ARENA_ARRAY(rq->arena, struct role_line, roles_count);
    for (size_t i = 0; i < roles_count; i++) {
        if (!roles[i].is_officer) continue;
        struct role_line *line = &page.roles[page.roles_count++];
        *line = (struct role_line){.name = roles[i].name, .title = roles[i].title};
        line->permissions = ARENA_ARRAY(rq->arena, struct permission_line, PERMISSION_COUNT);
        for (enum permission p = PERMIT_SIGNED_IN + 1; p < PERMISSION_COUNT; p++)
            if (permission_is_in(roles[i].permissions, p))
                line->permissions[line->permissions_count++].sentence = permission_message(p);
    }
    page_reply(rq, 200, "admin/roles", &page);
    return OK;
}
