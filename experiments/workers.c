#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include "experiments/workers.h"

#include <errno.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/process.h"

enum { POLL_MILLISECONDS = 200 };

struct worker {
  pid_t process; /* 0: none */
  int commands;  /* to it: trial numbers */
  int outcomes;  /* from it */
  bool busy;
  size_t trial;
};

/* Written by a worker, read by the parent: what it is at. */
typedef _Atomic uint32_t epoch_cell;

struct pool {
  const struct worker_task *task;
  struct worker *worker;
  epoch_cell *epoch;            /* [jobs] shared with the workers */
  struct worker_flight *flight; /* [jobs] */
  size_t next;                  /* index into task->trials */
  size_t ended;
  bool ending; /* busy workers were told to end */
};

/* --- pipes --- */

static bool read_fully(int descriptor, void *bytes, size_t count) {
  char *at = bytes;
  while (count > 0) {
    ssize_t got = read(descriptor, at, count);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    at += got;
    count -= (size_t)got;
  }
  return true;
}

static bool send_outcome(int descriptor, const struct trial_outcome *outcome) {
  const struct train_result *result = &outcome->result;
  return file_write_all(descriptor, outcome, sizeof *outcome) &&
         file_write_all(descriptor, result->curve, result->epochs * sizeof *result->curve);
}

/* False: the worker ended before it had sent all; `outcome` is then empty. */
static bool receive_outcome(int descriptor, struct trial_outcome *outcome) {
  *outcome = (struct trial_outcome){0};
  struct trial_outcome sent;
  if (!read_fully(descriptor, &sent, sizeof sent)) return false;
  struct error error = {0};
  sent.result.curve = NULL; /* it was the worker's address */
  if (sent.result.epochs > 0) {
    const size_t size = sizeof *sent.result.curve;
    sent.result.curve = memory_array(sent.result.epochs, size, &error);
    if (sent.result.curve == NULL ||
        !read_fully(descriptor, sent.result.curve, sent.result.epochs * size)) {
      train_result_clear(&sent.result);
      return false;
    }
  }
  *outcome = sent;
  return true;
}

/* --- in the worker --- */

struct own_end {
  int commands, outcomes;
  epoch_cell *epoch;
};

/* The parent holds the other end: hung up means that it is gone, or wants the worker to end. */
static bool is_to_end(void *context) {
  struct pollfd commands = {.fd = ((const struct own_end *)context)->commands, .events = POLLIN};
  return poll(&commands, 1, 0) > 0 && (commands.revents & (POLLHUP | POLLERR)) != 0;
}

static void note_epoch(void *context, uint32_t epoch) {
  atomic_store_explicit(((const struct own_end *)context)->epoch, epoch, memory_order_relaxed);
}

static void send_warning(void *context, const char *message) {
  struct trial_outcome outcome = {.warning = true};
  error_set(&outcome.error, ERROR_TRIAL, "%s", message);
  (void)send_outcome(((const struct own_end *)context)->outcomes, &outcome);
}

static void work(const struct worker_task *task, struct own_end *own) {
  const struct worker_link link = {is_to_end, note_epoch, send_warning, own};
  size_t trial;
  while (read_fully(own->commands, &trial, sizeof trial)) {
    if (trial >= task->bound) _exit(EXIT_FAILURE); /* not from the parent */
    struct trial_outcome outcome;
    memset(&outcome, 0, sizeof outcome);
    outcome.started = (int64_t)time(NULL);
    task->run(task->context, trial, &link, &outcome);
    outcome.peak_rss_kib = process_peak_rss_kib();
    if (!send_outcome(own->outcomes, &outcome)) break;
    train_result_clear(&outcome.result);
  }
}

/* Signals of the terminal go to the parent, which ends its workers. */
static void ignore_terminal(void) {
  struct sigaction ignore = {.sa_handler = SIG_IGN};
  (void)sigaction(SIGINT, &ignore, NULL);
  (void)sigaction(SIGTERM, &ignore, NULL);
}

/* --- in the parent --- */

/* A worker must not keep the other workers' pipes open. */
static void close_all(const struct pool *pool) {
  for (size_t i = 0; i < pool->task->jobs; i++) {
    if (pool->worker[i].process == 0) continue;
    (void)close(pool->worker[i].commands);
    (void)close(pool->worker[i].outcomes);
  }
}

static bool start_worker(struct pool *pool, struct worker *worker, struct error *error) {
  int commands[2], outcomes[2];
  if (pipe(commands) != 0) return error_system(error, errno, "cannot make a pipe");
  if (pipe(outcomes) != 0) {
    int fault = errno;
    (void)close(commands[0]);
    (void)close(commands[1]);
    return error_system(error, fault, "cannot make a pipe");
  }
  (void)fflush(NULL);
  pid_t process = fork();
  if (process == 0) {
    ignore_terminal();
    close_all(pool);
    pool->task->begin(pool->task->context);
    (void)close(commands[1]);
    (void)close(outcomes[0]);
    struct own_end own = {commands[0], outcomes[1], &pool->epoch[worker - pool->worker]};
    work(pool->task, &own);
    _exit(0);
  }
  int fault = errno;
  (void)close(commands[0]);
  (void)close(outcomes[1]);
  if (process < 0) {
    (void)close(commands[1]);
    (void)close(outcomes[0]);
    return error_system(error, fault, "cannot start a worker");
  }
  *worker = (struct worker){.process = process, .commands = commands[1], .outcomes = outcomes[0]};
  return true;
}

/* Ends a worker; its wait status. */
static int end_worker(struct worker *worker, bool at_once) {
  if (at_once) (void)kill(worker->process, SIGKILL);
  if (worker->commands >= 0) (void)close(worker->commands);
  (void)close(worker->outcomes);
  int status = 0;
  while (waitpid(worker->process, &status, 0) < 0 && errno == EINTR) continue;
  *worker = (struct worker){0};
  return status;
}

static bool give_work(struct pool *pool, struct worker *worker, struct error *error) {
  const struct worker_task *task = pool->task;
  if (worker->busy || pool->next == task->count) return true;
  if (worker->process == 0 && !start_worker(pool, worker, error)) return false;
  worker->trial = task->trials[pool->next++];
  worker->busy = true;
  atomic_store_explicit(&pool->epoch[worker - pool->worker], 0, memory_order_relaxed);
  /* A worker that has just died (EPIPE) is noticed when its outcome is read. */
  return file_write_all(worker->commands, &worker->trial, sizeof worker->trial) || errno == EPIPE ||
         error_system(error, errno, "cannot write to a worker");
}

static void describe_crash(int status, struct error *error) {
  if (WIFSIGNALED(status)) {
    error_set(error, ERROR_TRIAL, "the worker process was killed by signal %d (%s)",
              WTERMSIG(status), strsignal(WTERMSIG(status)));
  } else {
    error_set(error, ERROR_TRIAL, "the worker process ended with status %d", WEXITSTATUS(status));
  }
}

static bool take_outcome(struct pool *pool, struct worker *worker, struct error *error) {
  struct trial_outcome outcome;
  const size_t trial = worker->trial;
  if (!receive_outcome(worker->outcomes, &outcome)) {
    outcome.started = (int64_t)time(NULL);
    outcome.killed = true;
    describe_crash(end_worker(worker, false), &outcome.error);
    if (pool->ending) return true;
  }
  if (outcome.warning) {
    pool->task->warn(pool->task->context, outcome.error.message);
    return true;
  }
  worker->busy = false;
  pool->ended++;
  bool go_on = pool->task->ended(pool->task->context, trial, &outcome, error);
  train_result_clear(&outcome.result);
  return go_on;
}

/* For the next of them, or a moment. */
static bool wait_for_outcomes(struct pool *pool, struct pollfd *polled, struct error *error) {
  size_t jobs = pool->task->jobs;
  for (size_t i = 0; i < jobs; i++) {
    const struct worker *worker = &pool->worker[i];
    polled[i] = (struct pollfd){.fd = worker->busy ? worker->outcomes : -1, .events = POLLIN};
  }
  int ready = poll(polled, (nfds_t)jobs, POLL_MILLISECONDS);
  if (ready < 0 && errno != EINTR) return error_system(error, errno, "cannot wait for workers");
  for (size_t i = 0; ready > 0 && i < jobs; i++) {
    if (polled[i].revents == 0) continue;
    if (!take_outcome(pool, &pool->worker[i], error)) return false;
  }
  return true;
}

static void tell_waiting(const struct pool *pool) {
  const struct worker_task *task = pool->task;
  size_t count = 0;
  for (size_t i = 0; i < task->jobs; i++) {
    if (!pool->worker[i].busy) continue;
    const uint32_t epoch = atomic_load_explicit(&pool->epoch[i], memory_order_relaxed);
    pool->flight[count++] = (struct worker_flight){pool->worker[i].trial, epoch};
  }
  if (task->waiting != NULL) task->waiting(task->context, pool->flight, count);
}

static bool run_pool(struct pool *pool, struct pollfd *polled, struct error *error) {
  const struct worker_task *task = pool->task;
  while (pool->ended < task->count) {
    if (*task->interrupted != 0) {
      return error_set(error, ERROR_INTERRUPTED, "interrupted by signal %d",
                       (int)*task->interrupted);
    }
    for (size_t i = 0; i < task->jobs; i++) {
      if (!give_work(pool, &pool->worker[i], error)) return false;
    }
    tell_waiting(pool);
    if (!wait_for_outcomes(pool, polled, error)) return false;
  }
  return true;
}

static bool is_busy(const struct pool *pool) {
  bool busy = false;
  for (size_t i = 0; i < pool->task->jobs; i++) busy = busy || pool->worker[i].busy;
  return busy;
}

/* What ends meanwhile is recorded; a trial that is interrupted is no fault here, nor is a worker
 * that is killed by whoever ends the whole sweep. */
static void let_end(struct pool *pool, struct pollfd *polled) {
  const double until = clock_wall() + pool->task->patience;
  pool->ending = true;
  for (size_t i = 0; i < pool->task->jobs; i++) {
    struct worker *worker = &pool->worker[i];
    if (worker->process == 0) continue;
    (void)close(worker->commands);
    worker->commands = -1;
  }
  while (is_busy(pool) && clock_wall() < until) {
    struct error unused = {0};
    (void)wait_for_outcomes(pool, polled, &unused);
  }
}

bool workers_run(const struct worker_task *task, struct error *error) {
  struct pool pool = {.task = task};
  struct pollfd *polled = memory_array(task->jobs, sizeof *polled, error);
  const size_t shared = task->jobs * sizeof *pool.epoch;
  pool.worker = memory_array(task->jobs, sizeof *pool.worker, error);
  pool.flight = memory_array(task->jobs, sizeof *pool.flight, error);
  pool.epoch = mmap(NULL, shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  const bool mapped = pool.epoch != MAP_FAILED;
  if (!mapped) error_system(error, errno, "cannot share memory with workers");
  struct sigaction ignore = {.sa_handler = SIG_IGN}, before;
  (void)sigaction(SIGPIPE, &ignore, &before);
  const bool ready = polled != NULL && pool.worker != NULL && pool.flight != NULL && mapped;
  const bool done = ready && run_pool(&pool, polled, error);
  if (ready && !done && task->patience > 0) let_end(&pool, polled);
  /* At once: outcomes are all in, and one that is stopped would never end. */
  for (size_t i = 0; pool.worker != NULL && i < task->jobs; i++) {
    if (pool.worker[i].process != 0) (void)end_worker(&pool.worker[i], true);
  }
  (void)sigaction(SIGPIPE, &before, NULL);
  if (mapped) (void)munmap(pool.epoch, shared);
  free(pool.worker);
  free(pool.flight);
  free(polled);
  return done;
}
