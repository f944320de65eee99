#include "common/law/identifier.h"

#include "common/law/region.h"

enum { CITIZEN = 18, OLD_CITIZEN = 15, CREDIT = 18, ORGANISATION = 9, REGISTRATION = 15, ADULT_YEARS = 18 };

static const char credit_alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY"; /* GB 32100: without I O S V Z */

char cx_citizen_check(const char digits[17]) {
    static const int weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    for (int i = 0; i < 17; i++) {
        if (digits[i] < '0' || digits[i] > '9')
            return 0;
        sum += (digits[i] - '0') * weights[i];
    }
    return "10X98765432"[sum % 11];
}

static int credit_value(char c) {
    const char *at = c == '\0' ? NULL : strchr(credit_alphabet, c);
    return at == NULL ? -1 : (int)(at - credit_alphabet);
}

char cx_credit_code_check(const char characters[17]) {
    static const int weights[] = {1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28};
    int sum = 0;
    for (int i = 0; i < 17; i++) {
        int value = credit_value(characters[i]);
        if (value < 0)
            return 0;
        sum += value * weights[i];
    }
    return credit_alphabet[(31 - sum % 31) % 31];
}

char cx_organisation_check(const char characters[8]) {
    static const int weights[] = {3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    for (int i = 0; i < 8; i++) {
        char c = characters[i];
        bool digit = c >= '0' && c <= '9', letter = c >= 'A' && c <= 'Z';
        if (!digit && !letter)
            return 0;
        sum += (digit ? c - '0' : c - 'A' + 10) * weights[i];
    }
    return "0123456789X0"[(11 - sum % 11) % 11];
}

bool cx_is_adult(cx_date born, cx_date day) {
    return cx_date_add_months(born, 12 * ADULT_YEARS) <= day;
}

/* Upper case, without blanks and hyphens; false when it does not fit. */
static bool normalise(cx_view id, cx_identifier *out) {
    out->n = 0;
    for (size_t i = 0; i < id.n; i++) {
        char c = id.p[i];
        if (c == ' ' || c == '-')
            continue;
        if (c >= 'a' && c <= 'z')
            c = (char)(c - 'a' + 'A');
        bool known = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
        if (!known || out->n + 1 >= CX_IDENTIFIER_ROOM)
            return false;
        out->id[out->n++] = c;
    }
    out->id[out->n] = '\0';
    return out->n > 0;
}

static bool all_digits(const char *p, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (p[i] < '0' || p[i] > '9')
            return false;
    return true;
}

static int number_of(const char *p, size_t n) {
    int64_t value = 0;
    return cx_view_to_int64((cx_view){p, n}, &value) ? (int)value : -1;
}

static cx_rc check_region(cx_identifier *out, const char *six) {
    if (!all_digits(six, 6))
        return CX_WRONG_LENGTH;
    int code = number_of(six, 6);
    out->test = cx_region_is_test(code);
    return out->test || cx_region_existed(code) ? CX_OK : CX_UNKNOWN_REGION;
}

/* A number of the first generation holds a year of two digits and no check digit; it names the same person
 * as the later one, of the years 1900 to 1999. */
static void lengthen(cx_identifier *out) {
    char old[OLD_CITIZEN];
    (void)memcpy(old, out->id, sizeof old);
    (void)memcpy(out->id + 6, "19", 2);
    (void)memcpy(out->id + 8, old + 6, OLD_CITIZEN - 6);
    out->id[17] = cx_citizen_check(out->id);
    out->id[CITIZEN] = '\0';
    out->n = CITIZEN;
}

static cx_rc check_citizen(cx_identifier *out, cx_date today) {
    if (out->n == OLD_CITIZEN && all_digits(out->id, OLD_CITIZEN))
        lengthen(out);
    if (out->n != CITIZEN || !all_digits(out->id, CITIZEN - 1))
        return CX_WRONG_LENGTH;
    if (cx_citizen_check(out->id) != out->id[CITIZEN - 1])
        return CX_WRONG_CHECK_DIGIT;
    cx_civil born = {number_of(out->id + 6, 4), number_of(out->id + 10, 2), number_of(out->id + 12, 2)};
    if (!cx_civil_is_valid(born) || born.year < 1850)
        return CX_IMPOSSIBLE_DATE;
    out->birth_date = cx_date_from_civil(born);
    if (out->birth_date > today)
        return CX_IMPOSSIBLE_DATE;
    return check_region(out, out->id);
}

/* Keys an organisation by its organisation code, the nine characters at `at`. */
static cx_rc key_by_organisation(cx_identifier *out, size_t at) {
    if (cx_organisation_check(out->id + at) != out->id[at + ORGANISATION - 1])
        return CX_WRONG_CHECK_DIGIT;
    (void)memmove(out->id, out->id + at, ORGANISATION);
    out->id[ORGANISATION] = '\0';
    out->n = ORGANISATION;
    out->type = CX_ID_TYPE_ORGANISATION_CODE;
    return CX_OK;
}

static cx_rc check_credit_code(cx_identifier *out) {
    if (out->n != CREDIT)
        return CX_WRONG_LENGTH;
    char check = cx_credit_code_check(out->id);
    if (check == 0 || credit_value(out->id[CREDIT - 1]) < 0)
        return CX_WRONG_LENGTH;
    if (check != out->id[CREDIT - 1])
        return CX_WRONG_CHECK_DIGIT;
    CX_TRY(check_region(out, out->id + 2));
    return key_by_organisation(out, 8);
}

static cx_rc check_organisation_code(cx_identifier *out) {
    return out->n == ORGANISATION ? key_by_organisation(out, 0) : CX_WRONG_LENGTH;
}

/* Tax numbers of 15 characters are a region and an organisation code; since 2015 they are credit codes. */
static cx_rc check_tax_number(cx_identifier *out) {
    if (out->n == CREDIT)
        return check_credit_code(out);
    if (out->n != REGISTRATION)
        return CX_WRONG_LENGTH;
    CX_TRY(check_region(out, out->id));
    return key_by_organisation(out, 6);
}

/* Registration numbers: 14 digits and a check digit, ISO 7064 MOD 11,10. */
static cx_rc check_registration(cx_identifier *out) {
    if (out->n != REGISTRATION || !all_digits(out->id, REGISTRATION))
        return CX_WRONG_LENGTH;
    int product = 10;
    for (int i = 0; i < REGISTRATION - 1; i++) {
        int sum = (product + out->id[i] - '0') % 10;
        product = (sum == 0 ? 10 : sum) * 2 % 11;
    }
    if ((product + out->id[REGISTRATION - 1] - '0') % 10 != 1)
        return CX_WRONG_CHECK_DIGIT;
    return check_region(out, out->id);
}

/* Travel and residence documents: their form by type; the birth date must come with the event. */
static cx_rc check_travel_document(cx_identifier *out, cx_date born, cx_date today) {
    const char *p = out->id;
    bool form = false;
    switch (out->type) {
    case CX_ID_TYPE_PASSPORT:
        form = out->n >= 5 && out->n <= 20;
        break;
    case CX_ID_TYPE_HONGKONG_MACAO_PERMIT:
        form = (out->n == 9 || out->n == 11) && (p[0] == 'H' || p[0] == 'M') && all_digits(p + 1, out->n - 1);
        break;
    case CX_ID_TYPE_TAIWAN_PERMIT:
        form = (out->n == 8 || out->n == 10) && all_digits(p, 8);
        break;
    case CX_ID_TYPE_FOREIGN_PERMANENT_RESIDENT:
        form = out->n == 15 || (out->n == CITIZEN && p[0] == '9' && cx_citizen_check(p) == p[CITIZEN - 1]);
        break;
    case CX_ID_TYPE_UNKNOWN:
    case CX_ID_TYPE_CITIZEN_ID:
    case CX_ID_TYPE_CREDIT_CODE:
    case CX_ID_TYPE_ORGANISATION_CODE:
    case CX_ID_TYPE_REGISTRATION_NUMBER:
    case CX_ID_TYPE_TAX_NUMBER:
    case CX_ID_TYPE_REFERENCE:
        break;
    }
    if (!form)
        return CX_WRONG_LENGTH;
    if (born == CX_NO_DATE)
        return CX_BIRTH_DATE_MISSING;
    out->birth_date = born;
    return born > today ? CX_IMPOSSIBLE_DATE : CX_OK;
}

static bool is_for_persons(cx_id_type type) {
    return type == CX_ID_TYPE_CITIZEN_ID || type == CX_ID_TYPE_PASSPORT ||
           type == CX_ID_TYPE_HONGKONG_MACAO_PERMIT || type == CX_ID_TYPE_TAIWAN_PERMIT ||
           type == CX_ID_TYPE_FOREIGN_PERMANENT_RESIDENT;
}

cx_rc cx_identifier_check(cx_subject_type subject, cx_id_type type, cx_view id, cx_date born, cx_date today,
                          cx_identifier *out) {
    *out = (cx_identifier){.type = type, .birth_date = CX_NO_DATE};
    bool person = subject == CX_SUBJECT_TYPE_PERSON;
    if (subject == CX_SUBJECT_TYPE_UNKNOWN || type == CX_ID_TYPE_UNKNOWN || type == CX_ID_TYPE_REFERENCE ||
        is_for_persons(type) != person)
        return CX_UNKNOWN_ID_TYPE;
    if (!normalise(id, out))
        return CX_WRONG_LENGTH;
    switch (type) {
    case CX_ID_TYPE_CITIZEN_ID:
        return check_citizen(out, today);
    case CX_ID_TYPE_CREDIT_CODE:
        return check_credit_code(out);
    case CX_ID_TYPE_ORGANISATION_CODE:
        return check_organisation_code(out);
    case CX_ID_TYPE_REGISTRATION_NUMBER:
        return check_registration(out);
    case CX_ID_TYPE_TAX_NUMBER:
        return check_tax_number(out);
    case CX_ID_TYPE_PASSPORT:
    case CX_ID_TYPE_HONGKONG_MACAO_PERMIT:
    case CX_ID_TYPE_TAIWAN_PERMIT:
    case CX_ID_TYPE_FOREIGN_PERMANENT_RESIDENT:
        return check_travel_document(out, born, today);
    case CX_ID_TYPE_UNKNOWN:
    case CX_ID_TYPE_REFERENCE:
        break;
    }
    return CX_UNKNOWN_ID_TYPE;
}

/* --- by itself ------------------------------------------------------------------------------------------ */

/* The kinds under which a number may be meant; the first BY_ITSELF are told apart by their check digits. */
static const struct {
    cx_subject_type subject;
    cx_id_type type;
} kinds[] = {
    {CX_SUBJECT_TYPE_PERSON, CX_ID_TYPE_CITIZEN_ID},
    {CX_SUBJECT_TYPE_ORGANISATION, CX_ID_TYPE_CREDIT_CODE},
    {CX_SUBJECT_TYPE_ORGANISATION, CX_ID_TYPE_ORGANISATION_CODE},
    {CX_SUBJECT_TYPE_ORGANISATION, CX_ID_TYPE_REGISTRATION_NUMBER},
    {CX_SUBJECT_TYPE_ORGANISATION, CX_ID_TYPE_TAX_NUMBER},
    {CX_SUBJECT_TYPE_PERSON, CX_ID_TYPE_PASSPORT},
    {CX_SUBJECT_TYPE_PERSON, CX_ID_TYPE_HONGKONG_MACAO_PERMIT},
    {CX_SUBJECT_TYPE_PERSON, CX_ID_TYPE_TAIWAN_PERMIT},
    {CX_SUBJECT_TYPE_PERSON, CX_ID_TYPE_FOREIGN_PERMANENT_RESIDENT},
};
enum { BY_ITSELF = 3 };

cx_rc cx_identifier_tell(cx_view id, cx_view type, cx_date today, cx_identifier *out,
                         cx_subject_type *subject) {
    cx_rc why = CX_UNKNOWN_ID_TYPE;
    int fits = 0;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        bool meant = type.n == 0 ? i < BY_ITSELF : cx_view_is(type, cx_id_type_name(kinds[i].type));
        cx_identifier one;
        if (!meant)
            continue;
        cx_rc rc = cx_identifier_check(kinds[i].subject, kinds[i].type, id, CX_NO_DATE, today, &one);
        if (rc == CX_OK && fits++ == 0) {
            *out = one;
            *subject = kinds[i].subject;
        } else if (rc != CX_OK && (why == CX_UNKNOWN_ID_TYPE || why == CX_WRONG_LENGTH)) {
            why = rc;
        }
    }
    return fits == 1 ? CX_OK : fits > 1 ? CX_USAGE : why;
}
