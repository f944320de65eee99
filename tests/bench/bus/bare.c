#include "tests/bench/bus/bare.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

void bare_die(const char *what, const char *why) {
    (void)fprintf(stderr, "bare: %s: %s\n", what, why);
    exit(1);
}

double bare_now(void) {
    struct timespec at;
    (void)clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

size_t bare_due(double each, double *owed) {
    *owed += each;
    size_t n = (size_t)*owed;
    *owed -= (double)n;
    return n;
}

rd_kafka_t *bare_client(const cx_config *config, cx_conf_kind kind, rd_kafka_conf_t **conf) {
    cx_err err = {0};
    rd_kafka_t *rk = NULL;
    if (*conf == NULL && cx_conf_new(config, kind, conf, &err) != CX_OK)
        bare_die("settings", err.text);
    if (cx_conf_open(conf, kind == CX_CONF_PRODUCER ? RD_KAFKA_PRODUCER : RD_KAFKA_CONSUMER, &rk, &err) !=
        CX_OK)
        bare_die("client", err.text);
    return rk;
}

static bool take_number(const char *text, double *out) {
    char *end = NULL;
    *out = strtod(text, &end);
    return end != text && *end == '\0';
}

static bool take_size(const char *text, size_t *out) {
    double number = 0;
    bool good = take_number(text, &number) && number >= 0 && number <= BARE_BYTES;
    *out = good ? (size_t)number : 0;
    return good;
}

/* topic:each:key bytes:value bytes[:in-place] */
static void add_output(bare_copy_plan *plan, const char *text) {
    bare_output *o = &plan->outputs[plan->output_n];
    char place[16] = "", each[32] = "", key[32] = "", value[32] = "";
    if (plan->output_n++ == BARE_OUTPUTS ||
        sscanf(text, "%255[^:]:%31[^:]:%31[^:]:%31[^:]:%15s", o->topic, each, key, value, place) < 4 ||
        !take_number(each, &o->each) || !take_size(key, &o->key) || !take_size(value, &o->value))
        bare_die("--output TOPIC:EACH:KEY:VALUE[:in-place]", text);
    o->in_place = strcmp(place, "in-place") == 0;
}

/* kind:each:bytes */
static void add_call(bare_copy_plan *plan, const char *text) {
    bare_call *c = &plan->calls[plan->call_n];
    char each[32] = "", bytes[32] = "";
    if (plan->call_n++ == BARE_CALLS || sscanf(text, "%15[^:]:%31[^:]:%31s", c->kind, each, bytes) != 3 ||
        !take_number(each, &c->each) || !take_size(bytes, &c->bytes))
        bare_die("--call KIND:EACH:BYTES", text);
}

static void take_rate(bare_copy_plan *plan, const char *text) {
    if (!take_number(text, &plan->rate) || plan->rate <= 0)
        bare_die("--rate wants a number above 0", text);
}

static void take_flag(bare_copy_plan *plan, const char *flag, const char *value) {
    if (strcmp(flag, "--group") == 0)
        plan->group = value;
    else if (strcmp(flag, "--topic") == 0)
        plan->topic = value;
    else if (strcmp(flag, "--events") == 0)
        plan->events = strtoul(value, NULL, 10);
    else if (strcmp(flag, "--batch") == 0)
        plan->batch = strtoul(value, NULL, 10);
    else if (strcmp(flag, "--rate") == 0)
        take_rate(plan, value);
    else if (strcmp(flag, "--output") == 0)
        add_output(plan, value);
    else if (strcmp(flag, "--call") == 0)
        add_call(plan, value);
    else
        bare_die("what is this?", flag);
}

int main(int argc, char **argv) {
    static bare_copy_plan plan;
    cx_err err = {0};
    cx_config *config = cx_config_new();
    if (config == NULL || cx_config_take(config, &argc, argv, environ, &err) != CX_OK)
        bare_die("settings", err.text);
    if (argc < 2 || argc % 2 != 0)
        bare_die("usage",
                 "bare copy|read|pace --config FILE [--topic T --group G --events N --batch N --rate N "
                 "--output TOPIC:EACH:KEY:VALUE[:in-place] --call KIND:EACH:BYTES ...]");
    plan.batch = (size_t)cx_config_integer(config, "batch.max.events");
    for (int i = 2; i < argc; i += 2)
        take_flag(&plan, argv[i], argv[i + 1]);
    if (strcmp(argv[1], "pace") == 0 && plan.rate > 0)
        bare_pace(config, plan.rate);
    else if (strcmp(argv[1], "read") == 0 && plan.topic != NULL)
        bare_read(config, plan.topic);
    else if (strcmp(argv[1], "copy") == 0 && plan.topic != NULL && plan.group != NULL && plan.events > 0)
        bare_copy(config, &plan);
    else
        bare_die("usage", "copy wants --topic, --group and --events, read --topic, pace --rate");
    cx_config_destroy(&config);
    return 0;
}
