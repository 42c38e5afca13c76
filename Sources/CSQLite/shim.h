#ifndef GREENROOM_CSQLITE_SHIM_H
#define GREENROOM_CSQLITE_SHIM_H

#include <sqlite3.h>

#endif
