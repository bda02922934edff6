#ifndef COUNTERSIGN_CHIREDIS_SHIM_H
#define COUNTERSIGN_CHIREDIS_SHIM_H

#include <stdlib.h>

#include <hiredis/hiredis.h>

// Swift sees a C array of characters as a tuple; this is the text.
static inline const char *chiredis_error(const redisContext *context) { return context->errstr; }

// hiredis 0.14 sets memory aside for as many elements as an answer announces. No answer that is asked for has many:
// one that announces more is refused, and its connection is closed.
#define CHIREDIS_ELEMENTS_MAX 1024

static inline void *chiredis_create_array(const redisReadTask *task, int elements) {
    if (elements < 0 || elements > CHIREDIS_ELEMENTS_MAX) return 0;
    // Where `chiredis_bound` has put hiredis's own functions.
    return ((redisReplyObjectFunctions *)task->privdata)->createArray(task, elements);
}

// Bounds what the context reads. To be freed after the context; 0 without memory.
static inline redisReplyObjectFunctions *chiredis_bound(redisContext *context) {
    redisReplyObjectFunctions *bounded = (redisReplyObjectFunctions *)malloc(sizeof *bounded);
    if (!bounded) return 0;
    *bounded = *context->reader->fn;
    bounded->createArray = chiredis_create_array;
    context->reader->privdata = context->reader->fn;
    context->reader->fn = bounded;
    return bounded;
}

// Bytes that were received and belong to no answer yet.
static inline size_t chiredis_unread(const redisContext *context) { return context->reader->len - context->reader->pos; }

#endif
