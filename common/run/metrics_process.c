/* The process itself, under the names that Prometheus has for that; and what was built. */
#include <dirent.h>
#include <elf.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/run/metrics.h"

enum { UTIME = 13, STIME, START = 21, RSS = 23, FIELDS = 24, LINE = 1024, NAME_ALIGN = 4 };

/* Fields of /proc/self/stat from the third on: what comes before may hold blanks. */
static bool read_stat(unsigned long long fields[FIELDS]) {
    char line[LINE];
    FILE *from = fopen("/proc/self/stat", "re");
    bool good = from != NULL && fgets(line, sizeof line, from) != NULL;
    if (from != NULL)
        (void)fclose(from);
    char *p = good ? strrchr(line, ')') : NULL;
    if (p == NULL)
        return false;
    p += 3; /* ") S" */
    for (int i = 3; i < FIELDS; i++) {
        while (*p == ' ')
            p++;
        fields[i] = strtoull(p, NULL, 10);
        while (*p != ' ' && *p != '\0')
            p++;
    }
    return true;
}

static double read_boot(void) {
    char line[LINE];
    double boot = 0;
    FILE *from = fopen("/proc/stat", "re");
    while (from != NULL && fgets(line, sizeof line, from) != NULL)
        if (strncmp(line, "btime ", 6) == 0)
            boot = strtod(line + 6, NULL);
    if (from != NULL)
        (void)fclose(from);
    return boot;
}

static int count_files(void) {
    int n = -3; /* ".", "..", and the folder itself */
    DIR *folder = opendir("/proc/self/fd");
    while (folder != NULL && readdir(folder) != NULL)
        n++;
    if (folder != NULL)
        (void)closedir(folder);
    return n < 0 ? 0 : n;
}

static void put(FILE *to, const char *name, const char *type, const char *help, double value) {
    (void)fprintf(to, "# HELP process_%s %s\n# TYPE process_%s %s\nprocess_%s %.17g\n", name, help, name,
                  type, name, value);
}

void cx_metrics_put_process(FILE *to) {
    unsigned long long fields[FIELDS] = {0};
    double ticks = (double)sysconf(_SC_CLK_TCK);
    if (!read_stat(fields))
        return;
    put(to, "cpu_seconds_total", "counter", "User and system CPU time.",
        (double)(fields[UTIME] + fields[STIME]) / ticks);
    put(to, "resident_memory_bytes", "gauge", "Resident memory.",
        (double)fields[RSS] * (double)sysconf(_SC_PAGESIZE));
    put(to, "start_time_seconds", "gauge", "When the process began, since 1970.",
        read_boot() + (double)fields[START] / ticks);
    put(to, "open_fds", "gauge", "Open file descriptors.", count_files());
}

/* --- the build id that the linker wrote ----------------------------------------------------------------- */

static size_t padded(size_t n) {
    return (n + NAME_ALIGN - 1) / NAME_ALIGN * NAME_ALIGN;
}

static bool find_note(const char *p, size_t n, char out[CX_BUILD_ID]) {
    while (n >= sizeof(ElfW(Nhdr))) {
        const ElfW(Nhdr) *note = (const void *)p;
        size_t name = padded(note->n_namesz), size = sizeof *note + name + padded(note->n_descsz);
        if (size > n)
            return false;
        if (note->n_type == NT_GNU_BUILD_ID && note->n_descsz >= (CX_BUILD_ID - 1) / 2) {
            const unsigned char *id = (const unsigned char *)p + sizeof *note + name;
            for (size_t i = 0; i < (CX_BUILD_ID - 1) / 2; i++)
                (void)snprintf(out + 2 * i, 3, "%02x", id[i]);
            return true;
        }
        p += size;
        n -= size;
    }
    return false;
}

/* The program itself is the first that is visited. */
static int visit(struct dl_phdr_info *info, size_t size, void *out) {
    (void)size;
    for (size_t i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *h = &info->dlpi_phdr[i];
        if (h->p_type == PT_NOTE && find_note((const char *)(info->dlpi_addr + h->p_vaddr), h->p_memsz, out))
            break;
    }
    return 1;
}

const char *cx_metrics_build(char out[CX_BUILD_ID]) {
    (void)snprintf(out, CX_BUILD_ID, "unknown");
    (void)dl_iterate_phdr(visit, out);
    return out;
}
