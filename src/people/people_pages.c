#include "people/people.h"

enum outcome people_identify(struct request *rq, struct fail *why)
{
    return people_identify_with(app_people(rq->app), rq, why);
}
