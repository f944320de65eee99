/* chengxin policy check, show, diff: a pack's folder by itself. */
#include <stdio.h>
#include <string.h>

#include "common/law/pack_rows.h"
#include "common/law/review.h"
#include "common/vault/hash.h"
#include "ops/cli/command.h"
#include "ops/cli/policy.h"
#include "ops/cli/print.h"

struct findings {
    size_t count[CX_REVIEW_UNVERIFIED + 1];
    bool quiet;
    bool production;
};

static void tell(void *context, cx_review_kind kind, const char *file, cx_view row, const char *what) {
    static const char *const words[] = {"error", "warning", "unverified"};
    struct findings *f = context;
    f->count[kind]++;
    bool refused = kind == CX_REVIEW_ERROR || (kind == CX_REVIEW_UNVERIFIED && f->production);
    if (refused || !f->quiet)
        (void)printf("%-10s %s %.*s: %s\n", words[kind], file, CX_VIEW_ARGS(row), what);
}

static bool take_flag(int *argc, char **argv, const char *flag) {
    for (int i = 1; i < *argc; i++)
        if (strcmp(argv[i], flag) == 0) {
            (void)memmove(&argv[i], &argv[i + 1], (size_t)(*argc - i) * sizeof *argv);
            (*argc)--;
            return true;
        }
    return false;
}

static int wants_folder(const char *verb) {
    (void)fprintf(stderr, "chengxin policy %s: give one folder; see chengxin policy --help\n", verb);
    return CX_EXIT_USAGE;
}

static int print_pack_error(const cx_err *err) {
    (void)cx_print_error("policy", err);
    return CX_EXIT_FAILED;
}

int cx_policy_check(int argc, char **argv) {
    struct findings f = {.production = take_flag(&argc, argv, "--production"),
                         .quiet = take_flag(&argc, argv, "--quiet")};
    if (argc != 2)
        return wants_folder("check");
    cx_pack_folder folder;
    cx_err err = {0};
    if (cx_pack_folder_read(argv[1], &folder, &err) != CX_OK)
        return print_pack_error(&err);
    cx_rc rc = cx_pack_review(folder.pack, tell, &f);
    bool refused =
        rc != CX_OK || f.count[CX_REVIEW_ERROR] > 0 || (f.production && f.count[CX_REVIEW_UNVERIFIED] > 0);
    char hash[2 * CX_PACK_HASH + 1];
    (void)printf("%s %s: %zu errors, %zu warnings, %zu restrictions on unverified bases; hash %s\n", argv[1],
                 refused ? "is refused" : "can be used", f.count[CX_REVIEW_ERROR], f.count[CX_REVIEW_WARNING],
                 f.count[CX_REVIEW_UNVERIFIED], cx_hex(folder.hash, CX_PACK_HASH, hash));
    cx_pack_folder_release(&folder);
    return refused ? CX_EXIT_FAILED : CX_EXIT_DONE;
}

static void show_lists(const cx_pack *pack) {
    static const char *const procedures[] = {"NOTICE", "COURT", "RED"};
    static const char *const headings[] = {"list",       "colour", "procedure", ">months",
                                           ">extension", "basis",  "name"};
    cx_table_text *table = cx_table_text_new(headings, 7);
    size_t n;
    const cx_list *lists = cx_pack_lists(pack, &n);
    for (size_t i = 0; table != NULL && i < n; i++) {
        char months[16], extension[16];
        (void)snprintf(months, sizeof months, "%d", lists[i].months);
        (void)snprintf(extension, sizeof extension, "%d", lists[i].extension_months);
        const cx_view cells[] = {lists[i].code,
                                 lists[i].black ? CX_VIEW("black") : CX_VIEW("red"),
                                 cx_view_of(procedures[lists[i].procedure]),
                                 lists[i].months == 0 ? CX_VIEW("event") : cx_view_of(months),
                                 lists[i].extension_months == 0 ? CX_VIEW("-") : cx_view_of(extension),
                                 lists[i].basis,
                                 lists[i].name};
        if (cx_table_text_row(table, cells) != CX_OK)
            break;
    }
    if (table != NULL)
        cx_table_text_print(&table, stdout);
}

int cx_policy_show(int argc, char **argv) {
    if (argc != 2)
        return wants_folder("show");
    cx_pack_folder folder;
    cx_err err = {0};
    if (cx_pack_folder_read(argv[1], &folder, &err) != CX_OK)
        return print_pack_error(&err);
    const cx_pack *pack = folder.pack;
    char hash[2 * CX_PACK_HASH + 1], from[CX_DATE_TEXT];
    size_t items, bases, departments, lists, measures;
    (void)cx_pack_items(pack, &items);
    (void)cx_pack_bases(pack, &bases);
    (void)cx_pack_departments(pack, &departments);
    (void)cx_pack_lists(pack, &lists);
    (void)cx_pack_measures(pack, &measures);
    (void)printf("pack          %.*s %.*s (%s)\n", CX_VIEW_ARGS(cx_pack_name(pack)),
                 CX_VIEW_ARGS(cx_pack_version(pack)), cx_pack_is_test(pack) ? "test" : "production");
    (void)printf("hash          %s\n", cx_hex(folder.hash, CX_PACK_HASH, hash));
    (void)printf("jurisdiction  %d\n", cx_pack_jurisdiction(pack));
    (void)printf("effective     from %s\n", cx_date_format(cx_pack_effective_from(pack), from));
    (void)printf("holds         %zu items, %zu bases, %zu departments, %zu lists, %zu measures\n\n", items,
                 bases, departments, lists, measures);
    show_lists(pack);
    cx_pack_folder_release(&folder);
    return CX_EXIT_DONE;
}

static const cx_file *file_of(const cx_pack_folder *folder, cx_view path) {
    for (size_t i = 0; i < folder->n; i++)
        if (cx_view_eq(folder->files[i].path, path))
            return &folder->files[i];
    return NULL;
}

static bool has_line(cx_view text, cx_view line) {
    while (text.p != NULL)
        if (cx_view_eq(cx_view_split(text, '\n', &text), line))
            return true;
    return false;
}

/* Prints the lines of `of` that `other` lacks; how many. */
static size_t print_lines(const cx_pack_folder *of, const cx_pack_folder *other, char sign) {
    size_t n = 0;
    for (size_t i = 0; i < of->n; i++) {
        const cx_file *there = file_of(other, of->files[i].path);
        cx_view text = of->files[i].bytes, against = there != NULL ? there->bytes : CX_VIEW("");
        if (cx_view_eq(text, against))
            continue;
        while (text.p != NULL) {
            cx_view line = cx_view_split(text, '\n', &text);
            if (line.n == 0 || has_line(against, line))
                continue;
            (void)printf("%c %.*s: %.*s\n", sign, CX_VIEW_ARGS(of->files[i].path), CX_VIEW_ARGS(line));
            n++;
        }
    }
    return n;
}

int cx_policy_diff(int argc, char **argv) {
    if (argc != 3) {
        (void)fprintf(stderr, "chengxin policy diff: give two folders; see chengxin policy --help\n");
        return CX_EXIT_USAGE;
    }
    cx_pack_folder old, new;
    cx_err err = {0};
    if (cx_pack_folder_read(argv[1], &old, &err) != CX_OK)
        return print_pack_error(&err);
    if (cx_pack_folder_read(argv[2], &new, &err) != CX_OK) {
        cx_pack_folder_release(&old);
        return print_pack_error(&err);
    }
    size_t n = print_lines(&old, &new, '-') + print_lines(&new, &old, '+');
    cx_pack_folder_release(&old);
    cx_pack_folder_release(&new);
    return n == 0 ? CX_EXIT_DONE : CX_EXIT_NO;
}
