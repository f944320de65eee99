/* Histories from a file of lines: what departments send, what day it is, and what must have come of it.
 *
 *   history NAME                    a new log; the model's pack comes into force
 *   law NAME                        another version of the pack comes into force: milder, breaker; base
 * again; worthless, generous: honours give no points, or 20 pack PARENT FOLDER              a pack below
 * deploy/policies, laid over its parent, comes into force; the same one throughout a file; events for it say
 * place=<its jurisdiction> day DATE                        a tick at the beginning of that day (in China)
 *   <department> <KIND> <id> ...    an event (line.h) [=> VERDICT], OK where none is said
 *   entry ID STATE key=value ...    the entry whose decision or notice is ID: version, from, until, ended,
 *                                   marks (open ones), causes, grade, measures (with commas), publish_by;
 * of=<name> record ID STATE key=value ...   version, until (first day not shown), grade, marks, publish_by;
 * of=<name> status [of=NAME] LIST:STATE[:marked] ... ; "-" for none; "+ID" for a record shown public
 * [of=NAME] ID:NAMING:UNTIL ... ; "-" for none; "CLEAN" for a clean record sent KIND:MEASURE>DEPARTMENT ...
 * notices since the last `sent` or `told`, in any order; "-" for none told CAUSE>DEPARTMENT ...       TELL
 * notices since then, in any order opened MEASURE>DEPARTMENT:UNTIL ...   what points opened since then; :-
 * without an end, :ended home ID:REASON ...              refusals brought home since the last `home` rows
 * KIND=N                     rows of the registrar of that kind
 *
 * Every line that does not hold is printed with its file and number. After each history all is decided a
 * second time, from the events alone: every byte of every topic must be the same; and the derived events
 * must keep to the rule of the loop. */
#ifndef TESTS_MODEL_HISTORY_H
#define TESTS_MODEL_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct cx_history_result {
    int histories;
    int lines; /* expectations looked at */
    int failures;
    size_t caused[3]; /* events by the length of their chain of causes (tests/model/loop.h) */
} cx_history_result;

/* false when the file cannot be read. partitions: of the chain. */
bool cx_history_run(const char *path, int32_t partitions, cx_history_result *out);

#endif
