#include "base/version.h"

const char motcua_version[] = "test";
