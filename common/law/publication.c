#include "common/law/publication.h"

#include <stdio.h>

#include "common/base/mistake.h"
#include "common/base/view.h"

cx_naming cx_item_naming(const cx_item *item, cx_subject_type type) {
    bool masked = cx_view_is(item->display_name, "masked");
    if (!masked && !cx_view_is(item->display_name, "yes"))
        return CX_NAMING_NOT_AT_ALL;
    return masked && type == CX_SUBJECT_TYPE_PERSON ? CX_NAMING_MASKED : CX_NAMING_IN_FULL;
}

const cx_basis *cx_item_public_basis(const cx_pack *pack, const cx_item *item) {
    for (size_t i = 0; i < item->bases.n; i++) {
        const cx_basis *basis = cx_pack_basis(pack, item->bases.items[i]);
        if (item->direction == CX_DIRECTION_ADVERSE && basis != NULL &&
            (basis->level == CX_LEVEL_STATUTE || basis->level == CX_LEVEL_STATE_COUNCIL))
            return basis;
    }
    return NULL;
}

bool cx_item_publishes_persons(const cx_pack *pack, const cx_item *item) {
    return cx_item_public_basis(pack, item) != NULL;
}

bool cx_item_needs_consent(const cx_pack *pack, const cx_item *item, cx_subject_type type) {
    bool person = type == CX_SUBJECT_TYPE_PERSON;
    return item->direction == CX_DIRECTION_POSITIVE || (person && !cx_item_publishes_persons(pack, item));
}

cx_rc cx_publication_judge(const cx_pack *pack, const cx_published *p, cx_naming *naming) {
    *naming = CX_NAMING_NOT_AT_ALL;
    bool over = p->has_until && p->until <= p->today;
    if (p->item == NULL || !p->in_force || over || cx_item_naming(p->item, p->type) == CX_NAMING_NOT_AT_ALL)
        return CX_NOT_PUBLIC;
    if (!p->consents && cx_item_needs_consent(pack, p->item, p->type) && !CX_MISTAKE(PUBLISHED_UNASKED))
        return CX_NO_CONSENT;
    *naming = cx_item_naming(p->item, p->type);
    return CX_OK;
}

cx_date cx_publication_due(const cx_pack *pack, const cx_item *item, cx_subject_type type, bool listing,
                           cx_date decided_on) {
    const cx_deadlines *deadlines = cx_pack_deadlines(pack);
    if (cx_item_naming(item, type) == CX_NAMING_NOT_AT_ALL || cx_item_needs_consent(pack, item, type))
        return CX_NO_DATE;
    bool decision = listing || item->decision || item->direction == CX_DIRECTION_ADVERSE;
    cx_period period = decision ? deadlines->publication_decisions : deadlines->publication_other;
    bool provisional = false;
    return period.days > 0 ? cx_calendar_last_day(cx_pack_calendar(pack), decided_on, period, &provisional)
                           : CX_NO_DATE;
}

/* Bytes of the character that begins here. */
static size_t length_of(unsigned char first) {
    return first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
}

const char *cx_name_as(cx_naming naming, cx_view name, char out[CX_MASKED_NAME]) {
    size_t n = 0;
    out[0] = '\0';
    if (naming == CX_NAMING_NOT_AT_ALL || name.n == 0 || name.n >= CX_MASKED_NAME || !cx_view_is_utf8(name))
        return out;
    for (size_t i = 0; i < name.n;) {
        size_t k = length_of((unsigned char)name.p[i]);
        bool stands = naming == CX_NAMING_IN_FULL || i == 0;
        if (stands)
            (void)memcpy(out + n, name.p + i, k);
        else
            out[n] = '*';
        n += stands ? k : 1;
        i += k;
    }
    out[n] = '\0';
    return out;
}

/* --- clean years ---------------------------------------------------------------------------------------- */
int32_t cx_clean_years(const cx_pack *pack) {
    cx_view text = cx_pack_property(pack, CX_VIEW("incentive.clean_years"));
    int64_t years = 0;
    return text.p != NULL && cx_view_to_int64(text, &years) && years > 0 && years < 100 ? (int32_t)years : 0;
}

static bool is_black(const cx_pack *pack, const cx_status_entry *e) {
    const cx_list *list = cx_pack_list(pack, e->list);
    return list == NULL || list->black; /* one that the law in force no longer knows was none of honour */
}

bool cx_clean_now(const cx_pack *pack, const cx_status *status) {
    for (size_t i = 0; i < status->records.n; i++) {
        const cx_status_record *r = &status->records.items[i];
        if (r->direction == CX_DIRECTION_ADVERSE && !r->marked)
            return false;
    }
    for (size_t i = 0; i < status->entries.n; i++)
        if (is_black(pack, &status->entries.items[i]) && !status->entries.items[i].marked)
            return false;
    return true;
}

cx_clean cx_clean_judge(const cx_pack *pack, const cx_status *status) {
    if (cx_clean_years(pack) == 0)
        return CX_CLEAN_NO_SUCH_INCENTIVE;
    if (!cx_clean_now(pack, status))
        return CX_CLEAN_NO;
    bool more = cx_view_is(cx_pack_property(pack, CX_VIEW("incentive.attestation")), "yes");
    return more ? CX_CLEAN_ATTESTATION : CX_CLEAN_YES;
}
