/* Mistakes that the tools must report, to prove that they look on: the test expects this program to fail.
 *
 *     test_seeded race|uninitialised|lost */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 10000 };

static long shared;

static void *add(void *unused) {
    for (int i = 0; i < ROUNDS; i++)
        shared++;
    return unused;
}

/* Two threads add to one plain number. */
static int race(void) {
    pthread_t other;
    if (pthread_create(&other, NULL, add, NULL) != 0)
        return 1;
    (void)add(NULL);
    (void)pthread_join(other, NULL);
    return shared < 0;
}

/* A decision on memory that nobody has written. */
static int uninitialised(void) {
    unsigned char *volatile bytes = malloc(64); /* volatile: else the compiler refuses it */
    if (bytes == NULL)
        return 1;
    int decided = bytes[7] > 100 ? 2 : 3;
    free(bytes);
    printf("%d\n", decided);
    return 0;
}

/* Memory that nobody can free any more. */
static int lost(void) {
    char *volatile text = malloc(100);
    if (text == NULL)
        return 1;
    (void)snprintf(text, 100, "lost");
    text = NULL;
    return 0;
}

int main(int argc, char **argv) {
    const char *what = argc > 1 ? argv[1] : "";
    if (strcmp(what, "race") == 0)
        return race();
    if (strcmp(what, "uninitialised") == 0)
        return uninitialised();
    if (strcmp(what, "lost") == 0)
        return lost();
    (void)fprintf(stderr, "test_seeded race|uninitialised|lost\n");
    return 2;
}
