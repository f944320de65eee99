/* Prints docs/errors.md from the table in common/base/reasons.h. */
#include <stdio.h>

#include "common/base/error.h"

static const struct {
    cx_class class;
    const char *title;
    const char *text;
} chapters[] = {
    {CX_CLASS_POISON, "Refused by intake",
     "The message never enters the log. It comes back on `credit.rejected.<department>` with its position "
     "and, unless its "
     "content must not be kept, its bytes."},
    {CX_CLASS_VERDICT, "Refused by law",
     "The event stands in the log with this verdict and changes nothing. It comes back on "
     "`credit.rejected.<department>` "
     "without its bytes."},
    {CX_CLASS_TRANSIENT, "For now", "A service waits and tries again by itself; nothing is skipped."},
    {CX_CLASS_FATAL, "A service stops",
     "It advances nothing, exits non-zero and is started again by its supervisor."},
    {CX_CLASS_USAGE, "At the command line", "A person's mistake, or a file's."},
};

static void print_chapter(cx_class class) {
    (void)printf("| code | what happened | what to do | behind it |\n| --- | --- | --- | --- |\n");
    for (unsigned i = 1; i < CX_RC_COUNT; i++) {
        cx_rc rc = (cx_rc)i;
        if (cx_rc_class(rc) == class)
            (void)printf("| `%s` | %s | %s | %s |\n", cx_rc_name(rc), cx_rc_text(rc), cx_rc_advice(rc),
                         cx_rc_basis(rc));
    }
}

int main(void) {
    (void)printf(
        "# Reason and error codes\n\nGenerated from `common/base/reasons.h`, the table that the code itself "
        "uses; "
        "`./ops/test unit` checks that both agree. The last column names the invariant (`I-...`) or the rule "
        "behind a code.\n");
    for (size_t i = 0; i < sizeof chapters / sizeof chapters[0]; i++) {
        (void)printf("\n## %s\n\n%s\n\n", chapters[i].title, chapters[i].text);
        print_chapter(chapters[i].class);
    }
    return 0;
}
