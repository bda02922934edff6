#ifndef COUNTERSIGN_CPOSTGRES_SHIM_H
#define COUNTERSIGN_CPOSTGRES_SHIM_H

#include <postgresql/libpq-fe.h>

// libpq prints what the server notes to standard error unless it is given somewhere else to go.
static inline void cpostgres_drop_notice(void *context, const PGresult *notice) {
    (void)context;
    (void)notice;
}

static inline void cpostgres_drop_notices(PGconn *connection) {
    PQsetNoticeReceiver(connection, cpostgres_drop_notice, 0);
}

#endif
