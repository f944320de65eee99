/* Bodies of requests, hostile ones too; and that schemas/openapi/query.json says the same as the table of
 * paths. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "services/query/form.h"

#define ASKED "\"purpose\":\"LICENSING\",\"official\":\"N-1\",\"matter\":\"C-1\""
#define ID "\"subject\":{\"id\":\"91350100M000100Y43\"}"

static cx_rc read(const char *path, bool own, const char *body, size_t n, cx_err *err) {
    cx_query_form form;
    const cx_query_route *route = cx_query_route_of(path);
    assert_non_null(route);
    cx_rc rc = cx_query_form_read(route, own, (cx_view){body, n}, &form, err);
    cx_query_form_free(&form);
    return rc;
}

static void bodies_that_are_taken(void **state) {
    static const struct {
        const char *path, *body;
        bool own;
    } cases[] = {
        {"/v1/status", "{" ASKED "," ID "}", false},
        {"/v1/status", " { " ID " , " ASKED ",\"at\":\"2026-03-01\",\"known_at\":\"2026-03-01T08:00:00\"}\n",
         false},
        {"/v1/status", "{" ASKED ",\"subject\":{\"type\":\"PASSPORT\",\"id\":\"E1234\"}}", false},
        {"/v1/status", "{" ASKED ",\"subject\":{\"reference\":\"x\"}}", false},
        {"/v1/match", "{" ASKED "," ID ",\"against\":{\"token\":\"x\"}}", false},
        {"/v1/entitled", "{\"purpose\":\"PRIVATE_DISCOUNT\",\"subject\":{\"token\":\"x\"}}", false},
        {"/v1/own", "{\"official\":\"N-1\"," ID "}", false},
        {"/v1/status",
         "{\"purpose\":\"A\",\"official\":\"N-2026.0301:7\",\"matter\":\"XK-2026-118-000000000000\"," ID "}",
         false},
        {"/v1/status", "{\"purpose\":\"A\",\"official\":\"N\",\"matter\":\"110105-19491231-0021\"," ID "}",
         false}, /* no check digit, no number */
        {"/v1/own", "{}", true},
        {"/v1/own/token", "{\"official\":\"N-1\"," ID ",\"for\":\"TITLES\",\"minutes\":43200}", false},
        {"/v1/own/revoke", "{}", true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        cx_err err = {0};
        cx_rc rc = read(cases[i].path, cases[i].own, cases[i].body, strlen(cases[i].body), &err);
        if (rc != CX_OK)
            fail_msg("case %zu: %s", i, err.text);
    }
}

#define REFUSED_MATTER(text)                                                                                 \
    { "/v1/status", "{\"purpose\":\"A\",\"official\":\"N\",\"matter\":\"" text "\"," ID "}", false }
static void bodies_that_are_refused(void **state) {
    static const struct {
        const char *path, *body;
        bool own;
    } cases[] = {
        {"/v1/status", "", false},
        {"/v1/status", "null", false},
        {"/v1/status", "[]", false},
        {"/v1/status", "{" ASKED "," ID, false},
        {"/v1/status", "{" ASKED "," ID "} {}", false},
        {"/v1/status", "{" ASKED "}", false},
        {"/v1/status", "{" ASKED "," ID ",\"more\":1}", false},
        {"/v1/status", "{" ASKED "," ID ",\"minutes\":1}", false},
        {"/v1/status", "{" ASKED "," ID ",\"purpose\":\"AUDIT\"}", false},
        {"/v1/status", "{\"purpose\":7,\"official\":\"N\",\"matter\":\"C\"," ID "}", false},
        {"/v1/status", "{\"purpose\":\"\",\"official\":\"N\",\"matter\":\"C\"," ID "}", false},
        {"/v1/status", "{\"purpose\":\"A B\",\"official\":\"N\",\"matter\":\"C\"," ID "}", false},
        {"/v1/status", "{\"purpose\":\"11010519491231002X\",\"official\":\"N\",\"matter\":\"C\"," ID "}",
         false},
        {"/v1/status", "{\"purpose\":\"A\",\"official\":\"N\",\"matter\":\"91350100M000100Y43\"," ID "}",
         false},
        REFUSED_MATTER("110105-19491231-002X"),
        REFUSED_MATTER("110105.1949.12.31:002_x"),
        REFUSED_MATTER("XK-2026-11010519491231002X"),
        REFUSED_MATTER("XK2026-11010519491231002X"),
        REFUSED_MATTER("11010519491231002X8"),
        REFUSED_MATTER("1-11010519491231002X-1"),
        REFUSED_MATTER("9-1-3-5-0-1-0-0-M-0-0-0-1-0-0-Y-4-3"),
        REFUSED_MATTER("CASE:91350100m000100y43:7"),
        REFUSED_MATTER("C-911124198108030016"), /* a residence card: no such region */
        REFUSED_MATTER("110105491231002"),      /* of the first generation */
        REFUSED_MATTER("C-110105-491231-002"),
        {"/v1/status", "{\"purpose\":\"A\",\"official\":\"N-110105-19491231-002X\",\"matter\":\"C\"," ID "}",
         false},
        {"/v1/own/token", "{\"official\":\"N-1\"," ID ",\"for\":\"A-11010519491231002X\",\"minutes\":5}",
         false},
        {"/v1/status", "{\"purpose\":\"A\\u0000\",\"official\":\"N\",\"matter\":\"C\"," ID "}", false},
        {"/v1/status", "{\"purpose\":\"A\",\"official\":\"\xe5\xbc\xa0\",\"matter\":\"C\"," ID "}", false},
        {"/v1/status", "{" ASKED ",\"subject\":\"91350100M000100Y43\"}", false},
        {"/v1/status", "{" ASKED ",\"subject\":{}}", false},
        {"/v1/status", "{" ASKED ",\"subject\":{\"type\":\"PASSPORT\"}}", false},
        {"/v1/status", "{" ASKED ",\"subject\":{\"id\":\"1\",\"reference\":\"2\"}}", false},
        {"/v1/status", "{" ASKED ",\"subject\":{\"reference\":\"2\",\"type\":\"PASSPORT\"}}", false},
        {"/v1/status", "{" ASKED ",\"subject\":{\"id\":[1]}}", false},
        {"/v1/status", "{" ASKED ",\"subject\":{\"id\":\"\"}}", false},
        {"/v1/status", "{" ASKED ",\"subject\":{\"id\":\"1\",\"name\":\"2\"}}", false},
        {"/v1/status", "{" ASKED "," ID ",\"at\":\"yesterday\"}", false},
        {"/v1/status", "{" ASKED "," ID ",\"at\":1}", false},
        {"/v1/status", "{\"purpose\":\"A\xff\"}", false},
        {"/v1/own", "{}", false},
        {"/v1/own", "{" ID "}", true},
        {"/v1/own/token", "{\"official\":\"N-1\"," ID ",\"for\":\"TITLES\",\"minutes\":0}", false},
        {"/v1/own/token", "{\"official\":\"N-1\"," ID ",\"for\":\"TITLES\",\"minutes\":43201}", false},
        {"/v1/own/token", "{\"official\":\"N-1\"," ID ",\"for\":\"TITLES\",\"minutes\":1.5}", false},
        {"/v1/own/token", "{\"official\":\"N-1\"," ID ",\"for\":\"TITLES\",\"minutes\":1e99}", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        cx_err err = {0};
        cx_rc rc = read(cases[i].path, cases[i].own, cases[i].body, strlen(cases[i].body), &err);
        if (rc != CX_QUERY_FORM)
            fail_msg("case %zu: %s", i, cx_rc_name(rc));
        assert_null(strstr(err.text, "91350100")); /* what was sent is not said again */
        assert_null(strstr(err.text, "1949"));
    }
}

/* Deep, long, cut: each is refused, and none crashes. */
static void bodies_of_every_length(void **state) {
    static const char whole[] = "{" ASKED "," ID "}";
    char *deep = malloc(CX_QUERY_BODY + 1);
    (void)state;
    assert_non_null(deep);
    (void)memset(deep, '[', CX_QUERY_BODY + 1);
    for (size_t n = 0; n < sizeof whole - 1; n++)
        assert_int_equal(read("/v1/status", false, whole, n, NULL), CX_QUERY_FORM);
    for (size_t n = 1; n <= CX_QUERY_BODY + 1; n += 15)
        assert_int_equal(read("/v1/status", false, deep, n, NULL), CX_QUERY_FORM);
    (void)memset(deep, ' ', CX_QUERY_BODY + 1);
    (void)memcpy(deep, whole, sizeof whole - 1);
    assert_int_equal(read("/v1/status", false, deep, CX_QUERY_BODY, NULL), CX_OK);
    assert_int_equal(read("/v1/status", false, deep, CX_QUERY_BODY + 1, NULL), CX_QUERY_FORM);
    free(deep);
}

/* --- the document -----------------------------------------------------------------------------------------
 */

static bool has_text(const json_t *array, const char *text) {
    size_t i;
    const json_t *one;
    json_array_foreach(array, i, one) {
        if (json_is_string(one) && strcmp(json_string_value(one), text) == 0)
            return true;
    }
    return false;
}

static void compare(const cx_query_route *route, const json_t *post) {
    const json_t *schema = json_object_get(
        json_object_get(json_object_get(json_object_get(post, "requestBody"), "content"), "application/json"),
        "schema");
    const json_t *properties = json_object_get(schema, "properties"),
                 *required = json_object_get(schema, "required");
    size_t n = 0, n_required = 0;
    assert_true(json_is_false(json_object_get(schema, "additionalProperties")));
    for (unsigned i = 0; i < CX_QUERY_FIELDS; i++) {
        const char *name = cx_query_field_names[i];
        bool there = ((route->required | route->optional) & 1U << i) != 0;
        bool always = (route->required & 1U << i) != 0 && strncmp(route->path, "/v1/own", 7) != 0;
        assert_int_equal(json_object_get(properties, name) != NULL, there);
        assert_int_equal(has_text(required, name), always); /* an own token needs none of them */
        n += there;
        n_required += always;
    }
    assert_int_equal(json_object_size(properties), n);
    assert_int_equal(json_array_size(required), n_required);
    for (const char *status = "200\0"
                              "400\0"
                              "401\0"
                              "403\0"
                              "404\0"
                              "429\0"
                              "503\0";
         *status != '\0'; status += 4)
        assert_non_null(json_object_get(json_object_get(post, "responses"), status));
}

static void the_document_says_what_the_code_does(void **state) {
    json_t *document = json_load_file("schemas/openapi/query.json", JSON_REJECT_DUPLICATES, NULL);
    const json_t *paths = json_object_get(document, "paths");
    (void)state;
    assert_int_equal(json_object_size(paths), CX_QUERY_ROUTES);
    for (size_t i = 0; i < CX_QUERY_ROUTES; i++) {
        const json_t *path = json_object_get(paths, cx_query_routes[i].path);
        assert_int_equal(json_object_size(path), 1);
        compare(&cx_query_routes[i], json_object_get(path, "post"));
    }
    assert_null(cx_query_route_of("/v1/status/"));
    json_decref(document);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bodies_that_are_taken),
        cmocka_unit_test(bodies_that_are_refused),
        cmocka_unit_test(bodies_of_every_length),
        cmocka_unit_test(the_document_says_what_the_code_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
