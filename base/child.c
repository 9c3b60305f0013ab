#include "base/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { OUT, ERR, STREAMS };

/* Two pipes: [stream][0] is read here, [stream][1] is the child's. */
struct pipes {
  int end[STREAMS][2];
};

static void close_end(int *descriptor) {
  if (*descriptor >= 0) (void)close(*descriptor);
  *descriptor = -1;
}

static void pipes_close(struct pipes *pipes) {
  for (int stream = 0; stream < STREAMS; stream++) {
    close_end(&pipes->end[stream][0]);
    close_end(&pipes->end[stream][1]);
  }
}

/* 0 or errno. */
static int pipes_open(struct pipes *pipes) {
  *pipes = (struct pipes){{{-1, -1}, {-1, -1}}};
  for (int stream = 0; stream < STREAMS; stream++) {
    int *end = pipes->end[stream];
    const bool good = pipe(end) == 0 && fcntl(end[0], F_SETFD, FD_CLOEXEC) == 0 &&
                      fcntl(end[1], F_SETFD, FD_CLOEXEC) == 0;
    if (good) continue;
    const int fault = errno;
    pipes_close(pipes);
    return fault;
  }
  return 0;
}

static int spawn(const char *const *arguments, char *const *environment, const struct pipes *pipes,
                 pid_t *child) {
  posix_spawn_file_actions_t actions;
  int status = posix_spawn_file_actions_init(&actions);
  if (status != 0) return status;
  status = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  if (status == 0) status = posix_spawn_file_actions_adddup2(&actions, pipes->end[OUT][1], 1);
  if (status == 0) status = posix_spawn_file_actions_adddup2(&actions, pipes->end[ERR][1], 2);
  if (status == 0) {
    /* It takes texts that are not const, and leaves them as they are. */
    status = posix_spawnp(child, arguments[0], &actions, NULL, (char *const *)arguments,
                          environment != NULL ? environment : environ);
  }
  (void)posix_spawn_file_actions_destroy(&actions);
  return status;
}

/* Both at once: a program that fills one pipe while the other is waited for
 * would never end. */
static bool drain(struct pipes *pipes, struct text *streams[STREAMS]) {
  char bytes[4096];
  while (pipes->end[OUT][0] >= 0 || pipes->end[ERR][0] >= 0) {
    struct pollfd wait[STREAMS] = {{pipes->end[OUT][0], POLLIN, 0},
                                   {pipes->end[ERR][0], POLLIN, 0}};
    if (poll(wait, STREAMS, -1) < 0 && errno != EINTR) return false;
    for (int stream = 0; stream < STREAMS; stream++) {
      if (pipes->end[stream][0] < 0 || wait[stream].revents == 0) continue;
      const ssize_t count = read(pipes->end[stream][0], bytes, sizeof bytes);
      if (count > 0) text_add_bytes(streams[stream], bytes, (size_t)count);
      if (count == 0 || (count < 0 && errno != EINTR)) close_end(&pipes->end[stream][0]);
    }
  }
  return true;
}

static bool wait_for(pid_t child, int *status) {
  while (waitpid(child, status, 0) < 0) {
    if (errno != EINTR) return false;
  }
  return true;
}

int child_run(const char *const *arguments, char *const *environment, struct child_end *end) {
  struct pipes pipes;
  struct text *streams[STREAMS] = {&end->output, &end->messages};
  pid_t child;
  *end = (struct child_end){0};
  int fault = pipes_open(&pipes);
  if (fault != 0) return fault;
  fault = spawn(arguments, environment, &pipes, &child);
  close_end(&pipes.end[OUT][1]);
  close_end(&pipes.end[ERR][1]);
  if (fault == 0) {
    int status = 0;
    const bool drained = drain(&pipes, streams);
    const bool waited = wait_for(child, &status);
    end->good = drained && waited && WIFEXITED(status) && WEXITSTATUS(status) == 0 &&
                !end->output.failed && !end->messages.failed;
  }
  pipes_close(&pipes);
  return fault;
}

void child_end_clear(struct child_end *end) {
  text_clear(&end->output);
  text_clear(&end->messages);
}
