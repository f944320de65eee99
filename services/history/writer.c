#include "services/history/writer.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

struct cx_writer {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    cx_writer_job job; /* NULL: nothing in work */
    void *context;
    bool quit;
    cx_err result;
};

static void *work(void *argument) {
    cx_writer *w = argument;
    (void)pthread_mutex_lock(&w->lock);
    for (;;) {
        while (w->job == NULL && !w->quit)
            (void)pthread_cond_wait(&w->changed, &w->lock);
        if (w->job == NULL)
            break;
        cx_writer_job job = w->job;
        (void)pthread_mutex_unlock(&w->lock);
        cx_err err = {0};
        err.rc = job(w->context, &err);
        (void)pthread_mutex_lock(&w->lock);
        w->result = err;
        w->job = NULL;
        (void)pthread_cond_broadcast(&w->changed);
    }
    (void)pthread_mutex_unlock(&w->lock);
    return NULL;
}

/* Signals are the main thread's: they interrupt its waiting. */
static bool start_thread(cx_writer *w) {
    sigset_t all, before;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    bool started = pthread_create(&w->thread, NULL, work, w) == 0;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}

cx_rc cx_writer_new(cx_writer **out, cx_err *err) {
    cx_writer *w = calloc(1, sizeof *w);
    *out = NULL;
    if (w == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    (void)pthread_mutex_init(&w->lock, NULL);
    (void)pthread_cond_init(&w->changed, NULL);
    if (!start_thread(w)) {
        (void)pthread_cond_destroy(&w->changed);
        (void)pthread_mutex_destroy(&w->lock);
        free(w);
        return cx_fail(err, CX_OUT_OF_MEMORY, "no thread for writing");
    }
    *out = w;
    return CX_OK;
}

void cx_writer_destroy(cx_writer **writer) {
    cx_writer *w = *writer;
    if (w == NULL)
        return;
    (void)pthread_mutex_lock(&w->lock);
    w->quit = true;
    (void)pthread_cond_broadcast(&w->changed);
    (void)pthread_mutex_unlock(&w->lock);
    (void)pthread_join(w->thread, NULL);
    (void)pthread_cond_destroy(&w->changed);
    (void)pthread_mutex_destroy(&w->lock);
    free(w);
    *writer = NULL;
}

void cx_writer_start(cx_writer *w, cx_writer_job job, void *context) {
    (void)pthread_mutex_lock(&w->lock);
    CX_ASSERT(w->job == NULL && w->result.rc == CX_OK);
    w->job = job;
    w->context = context;
    (void)pthread_cond_broadcast(&w->changed);
    (void)pthread_mutex_unlock(&w->lock);
}

bool cx_writer_is_busy(cx_writer *w) {
    (void)pthread_mutex_lock(&w->lock);
    bool busy = w->job != NULL;
    (void)pthread_mutex_unlock(&w->lock);
    return busy;
}

cx_rc cx_writer_wait(cx_writer *w, cx_err *err) {
    (void)pthread_mutex_lock(&w->lock);
    while (w->job != NULL)
        (void)pthread_cond_wait(&w->changed, &w->lock);
    cx_err result = w->result;
    w->result = (cx_err){0};
    (void)pthread_mutex_unlock(&w->lock);
    if (result.rc != CX_OK)
        *err = result;
    return result.rc;
}
