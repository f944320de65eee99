#include "common/law/facts.h"

static const struct {
    const char *word; /* lower case */
    cx_sensitivity sensitivity;
} words[] = {
    {"religion", CX_FACT_FORBIDDEN},     {"faith", CX_FACT_FORBIDDEN},
    {"gene", CX_FACT_FORBIDDEN},         {"genes", CX_FACT_FORBIDDEN},
    {"genetic", CX_FACT_FORBIDDEN},      {"dna", CX_FACT_FORBIDDEN},
    {"fingerprint", CX_FACT_FORBIDDEN},  {"fingerprints", CX_FACT_FORBIDDEN},
    {"biometric", CX_FACT_FORBIDDEN},    {"biometrics", CX_FACT_FORBIDDEN},
    {"iris", CX_FACT_FORBIDDEN},         {"face", CX_FACT_FORBIDDEN},
    {"voiceprint", CX_FACT_FORBIDDEN},   {"blood", CX_FACT_FORBIDDEN},
    {"illness", CX_FACT_FORBIDDEN},      {"disease", CX_FACT_FORBIDDEN},
    {"diagnosis", CX_FACT_FORBIDDEN},    {"medical", CX_FACT_FORBIDDEN},
    {"health", CX_FACT_FORBIDDEN},       {"contacts", CX_FACT_FORBIDDEN},
    {"friends", CX_FACT_FORBIDDEN},      {"social", CX_FACT_FORBIDDEN},
    {"kin", CX_FACT_FORBIDDEN},          {"kinship", CX_FACT_FORBIDDEN},
    {"spouse", CX_FACT_FORBIDDEN},       {"children", CX_FACT_FORBIDDEN},
    {"parents", CX_FACT_FORBIDDEN},      {"family", CX_FACT_FORBIDDEN},
    {"relatives", CX_FACT_FORBIDDEN},    {"consumption", CX_FACT_FORBIDDEN},
    {"shopping", CX_FACT_FORBIDDEN},     {"travel", CX_FACT_FORBIDDEN},
    {"location", CX_FACT_FORBIDDEN},     {"trips", CX_FACT_FORBIDDEN},
    {"housing", CX_FACT_FORBIDDEN},      {"ethnicity", CX_FACT_FORBIDDEN},
    {"political", CX_FACT_FORBIDDEN},    {"public-security", CX_FACT_FORBIDDEN},
    {"宗教", CX_FACT_FORBIDDEN},         {"信仰", CX_FACT_FORBIDDEN},
    {"基因", CX_FACT_FORBIDDEN},         {"指纹", CX_FACT_FORBIDDEN},
    {"血型", CX_FACT_FORBIDDEN},         {"疾病", CX_FACT_FORBIDDEN},
    {"病史", CX_FACT_FORBIDDEN},         {"人脸", CX_FACT_FORBIDDEN},
    {"虹膜", CX_FACT_FORBIDDEN},         {"社交", CX_FACT_FORBIDDEN},
    {"消费", CX_FACT_FORBIDDEN},         {"出行", CX_FACT_FORBIDDEN},
    {"住房", CX_FACT_FORBIDDEN},         {"亲属", CX_FACT_FORBIDDEN},
    {"配偶", CX_FACT_FORBIDDEN},         {"子女", CX_FACT_FORBIDDEN},
    {"民族", CX_FACT_FORBIDDEN},         {"治安", CX_FACT_FORBIDDEN},
    {"income", CX_FACT_SENSITIVE},       {"salary", CX_FACT_SENSITIVE},
    {"deposit", CX_FACT_SENSITIVE},      {"deposits", CX_FACT_SENSITIVE},
    {"securities", CX_FACT_SENSITIVE},   {"insurance", CX_FACT_SENSITIVE},
    {"real-estate", CX_FACT_SENSITIVE},  {"tax-paid", CX_FACT_SENSITIVE},
    {"收入", CX_FACT_SENSITIVE},         {"存款", CX_FACT_SENSITIVE},
    {"有价证券", CX_FACT_SENSITIVE},     {"商业保险", CX_FACT_SENSITIVE},
    {"不动产", CX_FACT_SENSITIVE},       {"纳税数额", CX_FACT_SENSITIVE},
    {"reporter", CX_FACT_REPORTER},      {"informant", CX_FACT_REPORTER},
    {"whistleblower", CX_FACT_REPORTER}, {"complainant", CX_FACT_REPORTER},
    {"举报人", CX_FACT_REPORTER},
};

static bool is_separator(char c) {
    return c == '_' || c == '-' || c == '.' || c == ':' || c == ' ';
}

/* Letters without case, and all separators alike. */
static bool same(char in_name, char in_word) {
    if (in_name >= 'A' && in_name <= 'Z')
        in_name = (char)(in_name - 'A' + 'a');
    return in_name == in_word || (is_separator(in_name) && in_word == '-');
}

/* Whether the word stands in the name: an English one between separators, a Chinese one anywhere. */
static bool holds(cx_view name, cx_view word) {
    bool chinese = (unsigned char)word.p[0] >= 0x80;
    for (size_t at = 0; at + word.n <= name.n; at++) {
        size_t i = 0;
        while (i < word.n && same(name.p[at + i], word.p[i]))
            i++;
        bool begins = at == 0 || is_separator(name.p[at - 1]);
        bool ends = at + word.n == name.n || is_separator(name.p[at + word.n]);
        if (i == word.n && (chinese || (begins && ends)))
            return true;
    }
    return false;
}

cx_sensitivity cx_fact_sensitivity(cx_view name) {
    cx_sensitivity worst = CX_FACT_ORDINARY;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (!holds(name, cx_view_of(words[i].word)))
            continue;
        if (words[i].sensitivity != CX_FACT_SENSITIVE)
            return words[i].sensitivity;
        worst = CX_FACT_SENSITIVE;
    }
    return worst;
}
