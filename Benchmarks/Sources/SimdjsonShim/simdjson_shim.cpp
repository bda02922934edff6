#include "simdjson_shim.h"

#include <new>
#include <simdjson.h>
#include <string>

struct SimdjsonPair {
    simdjson::dom::parser left;
    simdjson::dom::parser right;
};

extern "C" {

SimdjsonPair *simdjson_pair_create(void) { return new (std::nothrow) SimdjsonPair; }

void simdjson_pair_destroy(SimdjsonPair *pair) { delete pair; }

int simdjson_pair_parse(SimdjsonPair *pair, const char *left, size_t left_length, const char *right, size_t right_length) {
    // `false`: the caller has the padding behind the documents, so that nothing is copied.
    auto first = pair->left.parse(left, left_length, false);
    if (first.error()) return first.error();
    return pair->right.parse(right, right_length, false).error();
}

size_t simdjson_padding(void) { return simdjson::SIMDJSON_PADDING; }

const char *simdjson_implementation(void) {
    static const std::string name = simdjson::get_active_implementation()->name();
    return name.c_str();
}

}
