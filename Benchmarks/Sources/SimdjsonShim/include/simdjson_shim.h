#pragma once
#include <stddef.h>
#ifdef __cplusplus
extern "C" {
#endif

/// Two DOM parsers that keep their memory from one pair of documents to the next, and a buffer for each document's padding.
typedef struct SimdjsonPair SimdjsonPair;

/// - Returns: NULL without memory.
SimdjsonPair *simdjson_pair_create(void);
void simdjson_pair_destroy(SimdjsonPair *pair);

/// Parses both documents to the end (simdjson's DOM: its tape is complete and its strings are unescaped), each by its own parser.
/// simdjson reads up to `simdjson_padding()` bytes behind a document: both pointers must have that many readable bytes there.
/// - Returns: 0, or simdjson's error code of the first document that is no JSON.
int simdjson_pair_parse(SimdjsonPair *pair, const char *left, size_t left_length, const char *right, size_t right_length);

/// Bytes that must be readable behind a document.
size_t simdjson_padding(void);

/// The instruction set simdjson has chosen on this machine ("haswell", "icelake", …); static.
const char *simdjson_implementation(void);

#ifdef __cplusplus
}
#endif
