/* Whom an inquiry is about. Identifiers never come by the command line, and are wiped when they have been
 * keyed. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "common/law/identifier.h"
#include "common/vault/pseudonym.h"
#include "ops/cli/inquiry.h"

enum { LINE = 128, REFERENCE = CX_REFERENCE_TEXT - 1 };

static cx_rc key_of(const cx_config *config, const char *name, cx_key **out, cx_err *err) {
    CX_TRY(cx_vault_init(err));
    return cx_key_read(cx_config_text(config, "vault.dir"), name, out, err);
}

static cx_rc from_reference(const cx_config *config, cx_view text, const char *department, uint8_t out[16],
                            cx_err *err) {
    cx_key *key = NULL;
    if (department == NULL)
        return cx_fail(err, CX_USAGE, "a reference is one department's own: say whose with --department");
    CX_TRY(key_of(config, "reference.key", &key, err));
    bool ours = cx_reference_open(key, cx_view_of(department), text, out);
    cx_key_destroy(&key);
    return ours ? CX_OK
                : cx_fail(err, CX_REFERENCE_UNKNOWN, "this reference was not made for %s", department);
}

static cx_rc from_argument(const cx_config *config, cx_view text, const char *department, uint8_t out[16],
                           cx_err *err) {
    if (cx_unhex(text, out, 16))
        return CX_OK;
    if (text.n == REFERENCE)
        return from_reference(config, text, department, out, err);
    return cx_fail(err, CX_USAGE,
                   "the argument is neither a pseudonym (32 hexadecimal digits) nor a reference; "
                   "an identifier comes by standard input or --subject-file");
}

static cx_rc check(cx_view line, const char *type, cx_identifier *out, cx_err *err) {
    cx_subject_type subject;
    cx_date today = cx_date_of_time((cx_time)time(NULL) * CX_SECOND);
    cx_rc rc = cx_identifier_tell(line, cx_view_of(type), today, out, &subject);
    if (rc == CX_USAGE)
        return cx_fail(err, rc, "the number may be of several kinds: say which with --type");
    return rc == CX_OK ? CX_OK : cx_fail(err, rc, "%s", cx_rc_text(rc)); /* never the number itself */
}

static cx_rc read_line(const char *file, char line[LINE], cx_err *err) {
    FILE *f = file != NULL ? fopen(file, "re") : stdin;
    bool got = f != NULL && fgets(line, LINE, f) != NULL;
    if (f != NULL && f != stdin)
        (void)fclose(f);
    return got ? CX_OK
               : cx_fail(err, CX_FILE, "%s: no identifier on its first line",
                         file != NULL ? file : "standard input");
}

cx_rc cx_inquiry_subject(const cx_config *config, const char *argument, const char *file, const char *type,
                         const char *department, uint8_t out[16], cx_err *err) {
    char line[LINE];
    cx_identifier id;
    cx_key *key = NULL;
    if (argument != NULL)
        return from_argument(config, cx_view_of(argument), department, out, err);
    CX_TRY(read_line(file, line, err));
    cx_rc rc = check(cx_view_trim(cx_view_of(line)), type, &id, err);
    explicit_bzero(line, sizeof line);
    if (rc == CX_OK)
        rc = key_of(config, "pseudonym.key", &key, err);
    if (rc == CX_OK)
        cx_pseudonym(key, cx_view_of(cx_id_type_name(id.type)), (cx_view){id.id, id.n}, out);
    explicit_bzero(&id, sizeof id);
    cx_key_destroy(&key);
    return rc;
}
