#ifndef COUNTERSIGN_CRDKAFKA_SHIM_H
#define COUNTERSIGN_CRDKAFKA_SHIM_H

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

// Swift can't call functions of a variable number of arguments. On success the headers belong to the library; the key and the payload
// are copied either way.
static inline rd_kafka_resp_err_t crdkafka_produce(
    rd_kafka_t *handle, const char *topic, const void *key, size_t key_size, const void *payload, size_t payload_size,
    rd_kafka_headers_t *headers, void *opaque) {
    return rd_kafka_producev(
        handle, RD_KAFKA_V_TOPIC(topic), RD_KAFKA_V_KEY(key, key_size), RD_KAFKA_V_VALUE((void *)payload, payload_size),
        RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_OPAQUE(opaque), RD_KAFKA_V_END);
}

#endif
