/* A department publishes one penalty in C: librdkafka, and Chengxin's client header for the encoding. */
#include <librdkafka/rdkafka.h>
#include <stdio.h>

#include "common/base/time.h"
#include "common/wire/encode.h"
#include "schemas/types.h"

static int failed;
static void delivered(rd_kafka_t *producer, const rd_kafka_message_t *message, void *opaque) {
    (void)producer, (void)opaque;
    failed |= message->err != RD_KAFKA_RESP_ERR_NO_ERROR;
}

static cx_rc encode(char **argv, cx_buffer *out, cx_err *err) {
    cx_date decided = cx_date_from_civil((cx_civil){2026, 3, 1});
    cx_fact fact = {CX_VIEW("penalty"), CX_FACT_VALUE_STRING, .value.string_ = CX_VIEW("FINE")};
    cx_record record = {
        .item = CX_VIEW("MK-FOOD-PENALTY"), .has_amount = true, .amount = 200000, .facts = {&fact, 1}};
    cx_subject subject = {.type = CX_SUBJECT_TYPE_ORGANISATION,
                          .id_type = CX_ID_TYPE_CREDIT_CODE,
                          .verified = true,
                          .id = cx_view_of(argv[3]),
                          .name = CX_VIEW("样例公司")};
    cx_credit_event event = {.event_id = cx_view_of(argv[4]),
                             .jurisdiction = 130100,
                             .issued_at = cx_time_of_date(decided) + 9 * CX_HOUR,
                             .happened_on = cx_date_from_civil((cx_civil){2026, 2, 20}),
                             .document = {.number = CX_VIEW("石罚〔2026〕901号"),
                                          .date = decided,
                                          .issuing_body = cx_view_of(argv[2]),
                                          .legal_basis = CX_VIEW("SPAQ-122")},
                             .official = {CX_OFFICIAL_ROLE_CASE_OFFICER, CX_VIEW("MK-001")},
                             .subject = &subject,
                             .body_kind = CX_CREDIT_EVENT_BODY_RECORD,
                             .body.record = &record};
    return cx_encode_single(&cx_credit_event_type, &event, out, err);
}

int main(int argc, char **argv) {
    char topic[128], text[256];
    cx_buffer message = {0};
    cx_err err = {0};
    if (argc != 5 || encode(argv, &message, &err) != CX_OK)
        return (void)fprintf(stderr, "usage: publish BROKERS DEPARTMENT CODE EVENT_ID %s\n", err.text), 2;
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_conf_set(conf, "bootstrap.servers", argv[1], text, sizeof text);
    rd_kafka_conf_set(conf, "enable.idempotence", "true", text, sizeof text);
    rd_kafka_conf_set_dr_msg_cb(conf, delivered);
    rd_kafka_t *producer = rd_kafka_new(RD_KAFKA_PRODUCER, conf, text, sizeof text);
    (void)snprintf(topic, sizeof topic, "credit.in.%s", argv[2]);
    if (producer == NULL ||
        rd_kafka_producev(producer, RD_KAFKA_V_TOPIC(topic), RD_KAFKA_V_VALUE(message.p, message.n),
                          RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_END))
        return (void)fprintf(stderr, "not sent: %s\n", text), 1;
    failed |= rd_kafka_flush(producer, 30000) != RD_KAFKA_RESP_ERR_NO_ERROR;
    rd_kafka_destroy(producer);
    cx_buffer_free(&message);
    return failed;
}
