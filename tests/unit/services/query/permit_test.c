/* Who may ask what, by the shipped pack: the forbidden purposes, the token's own, the pack's, consent, age.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "common/law/inquiry.h"
#include "services/query/permit.h"
#include "tests/unit/services/query/shipped_pack.h"

enum { TODAY = 20000 };
#define S CX_ACCESS_QUESTION_STATUS
#define M CX_ACCESS_QUESTION_MATCH
#define E CX_ACCESS_QUESTION_ENTITLED
#define O CX_ACCESS_QUESTION_OWN
#define OT CX_ACCESS_QUESTION_OWN_TOKEN
#define OR CX_ACCESS_QUESTION_OWN_REVOKE

/* One question: of a department with a token for one purpose, or of a subject ("SELF") with its own. */
struct question {
    const char *department, *covers, *asks;
    cx_access_question question;
    bool past;
    char subject; /* 'p' person, 'o' organisation, 'c' child, '?' a reference, 't' a token of its own */
    const char *for_;
    cx_rc verdict;
};

static cx_rc judge(const struct question *q) {
    cx_view covers = cx_view_of(q->covers);
    bool own = cx_view_is(cx_view_of(q->department), "SELF");
    cx_token token = {.kind = own ? CX_TOKEN_KIND_SUBJECT : CX_TOKEN_KIND_DEPARTMENT,
                      .department = own ? CX_VIEW("tax") : cx_view_of(q->department),
                      .purposes = {&covers, 1}};
    cx_query_subject subject = {.is_person = q->subject == 'p' || q->subject == 'c',
                                .is_organisation = q->subject == 'o',
                                .birth_date = q->subject == 'c'   ? TODAY - 365 * 17
                                              : q->subject == 'p' ? TODAY - 365 * 30
                                                                  : CX_NO_DATE,
                                .consents = q->subject == 't'};
    cx_query_case c = {.question = q->question,
                       .past = q->past,
                       .token = q->department[0] != '\0' ? &token : NULL,
                       .pack = shipped_pack,
                       .purpose = cx_view_of(q->asks),
                       .for_ = cx_view_of(q->for_ != NULL ? q->for_ : ""),
                       .subject = &subject,
                       .today = TODAY};
    const cx_purpose *purpose = NULL;
    cx_rc rc = cx_query_permit(&c, &purpose);
    assert_true((rc == CX_OK) == (purpose != NULL));
    return rc;
}

static void who_may_ask_what(void **state) {
    static const struct question cases[] = {
        {"", "LICENSING", "LICENSING", S, false, 'p', NULL, CX_TOKEN_INVALID},
        {"tax", "LICENSING", "LICENSING", S, false, 'p', NULL, CX_OK},
        {"tax", "LICENSING", "LICENSING", S, false, '?', NULL, CX_OK},
        {"tax", "LICENSING", "PROCUREMENT", S, false, 'p', NULL, CX_NOT_AUTHORISED},
        {"tax", "LICENSING", "LICENSING", S, true, 'p', NULL, CX_NOT_AUTHORISED},
        {"tax", "LICENSING", "LICENSING", M, false, 'p', NULL, CX_NOT_AUTHORISED},
        {"tax", "LICENSING", "LICENSING", CX_ACCESS_QUESTION_EXPLAIN, false, 'p', NULL, CX_NOT_AUTHORISED},
        {"tax", "LICENSING", "LICENSING", S, false, 'c', NULL, CX_UNDER_18},
        {"tax", "RECRUITING", "RECRUITING", S, false, 'o', NULL, CX_NOT_AUTHORISED},
        {"tax", "TITLES", "TITLES", S, false, 'p', NULL, CX_NO_CONSENT},
        {"tax", "TITLES", "TITLES", S, false, '?', NULL, CX_NO_CONSENT},
        {"tax", "TITLES", "TITLES", S, false, 't', NULL, CX_OK},
        {"tax", "TITLES", "TITLES", S, false, 'o', NULL, CX_OK},
        {"tax", "COURT", "COURT", S, false, 'p', NULL,
         CX_NOT_AUTHORISED}, /* a token that the pack does not bear out */
        {"court", "COURT", "COURT", S, true, 'p', NULL, CX_OK},
        {"supervision", "AUDIT", "AUDIT", S, true, 'o', NULL, CX_OK},
        {"bank", "LICENSING", "LICENSING", S, false, 'o', NULL, CX_NOT_AUTHORISED}, /* no public body */
        {"nobody", "LICENSING", "LICENSING", S, false, 'o', NULL, CX_NOT_AUTHORISED},
        {"tax", "IDENTITY_CHECK", "IDENTITY_CHECK", M, false, 'p', NULL, CX_OK},
        {"tax", "IDENTITY_CHECK", "IDENTITY_CHECK", S, false, 'p', NULL, CX_NOT_AUTHORISED},
        {"shop", "PRIVATE_DISCOUNT", "PRIVATE_DISCOUNT", E, false, 't', NULL, CX_OK},
        {"shop", "PRIVATE_DISCOUNT", "PRIVATE_DISCOUNT", E, false, 'o', NULL, CX_NO_CONSENT},
        {"shop", "PRIVATE_DISCOUNT", "PRIVATE_DISCOUNT", S, false, 't', NULL, CX_NOT_AUTHORISED},
        {"tax", "PRIVATE_DISCOUNT", "PRIVATE_DISCOUNT", E, false, 't', NULL, CX_NOT_AUTHORISED},
        {"tax", "OWN_REPORT", "OWN_REPORT", O, false, 'p', NULL, CX_OK},
        {"tax", "OWN_REPORT", "OWN_REPORT", O, false, 'c', NULL, CX_OK},
        {"tax", "OWN_REPORT", "OWN_REPORT", OT, false, 'p', "OWN_REPORT", CX_OK},
        {"tax", "OWN_REPORT", "OWN_REPORT", OT, false, 'p', "TITLES", CX_OK},
        {"tax", "OWN_REPORT", "OWN_REPORT", OT, false, 'p', "LICENSING", CX_PURPOSE_FORBIDDEN},
        {"tax", "OWN_REPORT", "OWN_REPORT", OT, false, 'p', "HIRING", CX_PURPOSE_FORBIDDEN},
        {"tax", "OWN_REPORT", "OWN_REPORT", OR, false, 'p', "TITLES", CX_OK},
        {"tax", "LICENSING", "OWN_REPORT", O, false, 'p', NULL, CX_NOT_AUTHORISED},
        {"SELF", "OWN_REPORT", "OWN_REPORT", O, false, '?', NULL, CX_OK},
        {"SELF", "TITLES", "OWN_REPORT", O, false, '?', NULL, CX_NOT_AUTHORISED},
        {"SELF", "TITLES", "OWN_REPORT", OR, false, '?', NULL, CX_OK},
        {"SELF", "TITLES", "TITLES", S, false, 't', NULL, CX_NOT_AUTHORISED},
        {"SELF", "OWN_REPORT", "OWN_REPORT", OT, false, '?', "TITLES", CX_NOT_AUTHORISED},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        cx_rc rc = judge(&cases[i]);
        if (rc != cases[i].verdict)
            fail_msg("case %zu (%s asks for %s): %s, not %s", i, cases[i].department, cases[i].asks,
                     cx_rc_name(rc), cx_rc_name(cases[i].verdict));
    }
}

/* Whatever a token says, whoever asks, and whatever is asked. */
static void nobody_may_ask_for_what_is_forbidden(void **state) {
    static const char *const forbidden[] = {
        "ADMISSION", "GRADUATION", "DEGREE", "PROMOTION", "TEACHER_EVALUATION",
        "LOAN",      "HIRING",     "",       "NO-SUCH"};
    (void)state;
    for (size_t i = 0; i < sizeof forbidden / sizeof forbidden[0]; i++)
        for (int question = 0; question < CX_ACCESS_QUESTION_COUNT; question++)
            for (const char *who = "court\0tax\0bank\0shop\0"; *who != '\0'; who += strlen(who) + 1) {
                struct question q = {who,   forbidden[i], forbidden[i], (cx_access_question)question,
                                     false, 't',          "",           CX_OK};
                assert_int_equal(judge(&q), CX_PURPOSE_FORBIDDEN);
            }
}

static void without_a_pack_nothing_is_answered(void **state) {
    cx_pack *kept = shipped_pack;
    (void)state;
    shipped_pack = NULL;
    cx_rc rc = judge(&(struct question){"tax", "LICENSING", "LICENSING", S, false, 'p', NULL, CX_OK});
    shipped_pack = kept;
    assert_int_equal(rc, CX_NO_PACK);
}

/* The command line's purposes are the pack's, and its own OPERATION. */
static void the_command_line_knows_the_same_purposes(void **state) {
    size_t n, found = 0;
    const cx_purpose *purposes = cx_pack_purposes(shipped_pack, &n);
    (void)state;
    assert_true(n > 10);
    for (size_t i = 0; i < n; i++) {
        char code[64];
        (void)snprintf(code, sizeof code, "%.*s", CX_VIEW_ARGS(purposes[i].code));
        bool there = purposes[i].permitted && (purposes[i].asks & (CX_ASKS_STATUS | CX_ASKS_OWN)) != 0;
        assert_int_equal(cx_inquiry_allowed(code), there);
        found += there;
    }
    assert_int_equal(found, 10);
    assert_true(cx_inquiry_allowed("OPERATION"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_may_ask_what),
        cmocka_unit_test(nobody_may_ask_for_what_is_forbidden),
        cmocka_unit_test(without_a_pack_nothing_is_answered),
        cmocka_unit_test(the_command_line_knows_the_same_purposes),
    };
    return cmocka_run_group_tests(tests, open_shipped_pack, close_shipped_pack);
}
