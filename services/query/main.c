/* chengxin-query: authorised answers to departments, to subjects themselves, and to whom a subject sends. */
#include "common/run/process.h"
#include "services/query/service.h"

static const char *const reads[] = {"Redis", "PostgreSQL", "credit.tokens", "credit.policies", NULL};
static const char *const writes[] = {"credit.access", "credit.records", "credit.tokens", NULL};
static const cx_help help = {.name = "query",
                             .number = CX_QUERY_NUMBER,
                             .does = "answers authorised queries over HTTP (docs/query.md), each of them in "
                                     "the access log before its answer "
                                     "leaves",
                             .reads = reads,
                             .writes = writes};

int main(int argc, char **argv) {
    return cx_process_main(&help, cx_query_run, NULL, argc, argv);
}
