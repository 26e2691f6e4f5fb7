/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Children: the same process once more, with pipes to its parent for input and output. A child ends
 * with the thread that forked it, and when its pipe ends. */

#include "atlas-command.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "atlas-allocation.h"
#include "atlas-answer.h"
#include "atlas-children.h"
#include "atlas-faults.h"
#include "atlas-heap.h"
#include "atlas-input.h"
#include "atlas-lab-words.h"
#include "atlas-output.h"
#include "atlas-protect.h"
#include "atlas-relay.h"
#include "atlas-threads.h"
#include "atlas-warm-up.h"

#define MOST_CHILDREN 64

typedef struct
{
  char name[ATLAS_NAME_SIZE]; /* "" when there is none in this place */
  pid_t pid;
  int to, from; /* pipes; closed when it ended */
  bool ended;
  int status; /* of waitpid, when it ended */
} Child;

/* The two ends of two pipes. */
typedef struct
{
  int input[2], output[2];
} Pipes;

static Child children[MOST_CHILDREN];

static Child *
find (const char *name)
{
  for (size_t i = 0; i < MOST_CHILDREN; i++)
    if (strcmp (children[i].name, name) == 0)
      return &children[i];
  return NULL;
}

static void
close_pipes (Child *child)
{
  close (child->to);
  close (child->from);
}

/* Waits for its end, unless @flags has WNOHANG. */
static void
reap (Child *child, int flags)
{
  pid_t result;

  do
    result = waitpid (child->pid, &child->status, flags);
  while (result < 0 && errno == EINTR);
  if (result == 0)
    return;
  child->ended = true;
  close_pipes (child);
}

static void
reap_all (int flags)
{
  for (size_t i = 0; i < MOST_CHILDREN; i++)
    if (children[i].name[0] != '\0' && !children[i].ended)
      reap (&children[i], flags);
}

void
atlas_child_end_all (void)
{
  for (size_t i = 0; i < MOST_CHILDREN; i++)
    if (children[i].name[0] != '\0' && !children[i].ended)
      kill (children[i].pid, SIGKILL);
  reap_all (0);
}

/* "was killed by SIGKILL", "ended with status 3": @what and @value. */
static void
describe_end (const Child *child, const char **what, const char **value, char *text)
{
  bool killed = WIFSIGNALED (child->status);
  int number = killed ? WTERMSIG (child->status) : WEXITSTATUS (child->status);

  *what = killed ? "was killed by " : "ended with status ";
  *value = killed ? atlas_lab_signal_name (number) : NULL;
  if (*value == NULL)
    *value = atlas_number_text ((uint64_t) number, text);
}

static void
answer_ended (const Child *child)
{
  char pid[ATLAS_NUMBER_SIZE];
  char text[ATLAS_NUMBER_SIZE];
  const char *what;
  const char *value;

  describe_end (child, &what, &value, text);
  atlas_answer_error ("ESRCH", "child", child->name, " (pid ",
                      atlas_number_text ((uint64_t) child->pid, pid), ") ", what, value, NULL);
}

static bool
open_pipes (Pipes *pipes)
{
  if (pipe2 (pipes->input, O_CLOEXEC) != 0)
    return false;
  if (pipe2 (pipes->output, O_CLOEXEC) == 0)
    return true;
  close (pipes->input[0]);
  close (pipes->input[1]);
  return false;
}

static void
close_all (const Pipes *pipes)
{
  for (int i = 0; i < 2; i++)
    {
      close (pipes->input[i]);
      close (pipes->output[i]);
    }
}

/* What the parent held is not the child's: its pipes to others, what it read ahead. */
static void
forget_parent (void)
{
  for (size_t i = 0; i < MOST_CHILDREN; i++)
    {
      if (children[i].name[0] != '\0' && !children[i].ended)
        close_pipes (&children[i]);
      children[i].name[0] = '\0';
    }
  atlas_input_drop ();
  atlas_allocation_notice_fork ();
  atlas_thread_notice_fork ();
}

/* The child's whole life. */
static _Noreturn void
live (const Pipes *pipes, pid_t parent)
{
  atlas_protect_die_with (parent);
  dup2 (pipes->input[0], STDIN_FILENO);
  dup2 (pipes->output[1], STDOUT_FILENO);
  close_all (pipes);
  forget_parent ();
  atlas_warm_up ();
  /* its parent waits for this */
  if (write (STDOUT_FILENO, "\n", 1) != 1)
    _exit (1);
  _exit (atlas_command_serve ());
}

static pid_t
do_fork (void)
{
  pid_t pid;

  atlas_faults_begin ();
  pid = fork ();
  if (pid != 0)
    atlas_faults_end ();
  return pid;
}

/* False if the child ended before it began. */
static bool
wait_for_begin (const Child *child)
{
  char byte;
  ssize_t length;

  do
    length = read (child->from, &byte, 1);
  while (length < 0 && errno == EINTR);
  return length == 1;
}

static void
keep_child (Child *place, const char *name, pid_t pid, const Pipes *pipes)
{
  close (pipes->input[0]);
  close (pipes->output[1]);
  *place = (Child){ .pid = pid, .to = pipes->input[1], .from = pipes->output[0] };
  strcpy (place->name, name);
  if (!wait_for_begin (place))
    {
      reap (place, 0);
      answer_ended (place);
      return;
    }
  atlas_answer_ok ();
  atlas_answer_number ("pid", (uint64_t) pid);
}

static void
fork_into (Child *place, const char *name)
{
  pid_t parent = getpid ();
  Pipes pipes;
  pid_t pid;

  if (!open_pipes (&pipes))
    {
      atlas_answer_fail (errno, "pipe2");
      return;
    }
  pid = do_fork ();
  if (pid == 0)
    live (&pipes, parent);
  if (pid > 0)
    keep_child (place, name, pid, &pipes);
  else
    {
      atlas_answer_fail (errno, "fork");
      close_all (&pipes);
    }
}

/* A place of its own, or that of one that ended, by the same name first. */
static Child *
find_place (const char *name)
{
  Child *place = find (name);

  if (place == NULL)
    place = find ("");
  for (size_t i = 0; place == NULL && i < MOST_CHILDREN; i++)
    if (children[i].ended)
      place = &children[i];
  return place;
}

void
atlas_run_fork (const AtlasWords *words)
{
  const char *name = words->words[1];
  Child *place;

  reap_all (WNOHANG);
  place = find_place (name);
  if (!atlas_name_is_valid (name))
    atlas_answer_refuse ("fork", "\"", name, "\" is no name for a child", NULL);
  else if (place == NULL)
    atlas_answer_error ("EAGAIN", "fork", "there are 64 children already", NULL);
  else if (strcmp (place->name, name) == 0 && !place->ended)
    atlas_answer_refuse ("fork", "there is a child called ", name, " already", NULL);
  else if (atlas_heap_is_usable ("fork"))
    fork_into (place, name);
}

static bool
send (const Child *child, const char *bytes, size_t length)
{
  while (length > 0)
    {
      ssize_t step = write (child->to, bytes, length);

      if (step < 0 && errno != EINTR)
        return false;
      if (step > 0)
        {
          bytes += step;
          length -= (size_t) step;
        }
    }
  return true;
}

/* Has it do the line from @command on. Whoever reads the answer that a child exits finds it gone.
 */
static void
hand_over (Child *child, const char *command, bool exits)
{
  AtlasRelay relay = ATLAS_RELAY_NONE;

  if (send (child, command, strlen (command)) && send (child, "\n", 1))
    relay = atlas_relay (child->from, child->name, child->pid);
  if (relay == ATLAS_RELAY_NONE || relay == ATLAS_RELAY_CUT || (exits && relay == ATLAS_RELAY_OK))
    reap (child, 0);
  if (relay == ATLAS_RELAY_NONE)
    {
      answer_ended (child);
      return;
    }
  atlas_output_flush ();
  atlas_answer_mark_written ();
}

void
atlas_run_child (const AtlasWords *words)
{
  Child *child = words->words[1][0] != '\0' ? find (words->words[1]) : NULL;

  if (child == NULL)
    atlas_answer_refuse ("child", "no child is called \"", words->words[1], "\"", NULL);
  else if (child->ended)
    answer_ended (child);
  else
    hand_over (child, words->line + words->starts[2], strcmp (words->words[2], "exit") == 0);
}

size_t
atlas_child_count (void)
{
  size_t n = 0;

  reap_all (WNOHANG);
  for (size_t i = 0; i < MOST_CHILDREN; i++)
    n += children[i].name[0] != '\0' && !children[i].ended;
  return n;
}

static void
list_child (const Child *child)
{
  char text[ATLAS_NUMBER_SIZE];
  const char *what;
  const char *value;

  atlas_answer_begin_comment ("child");
  atlas_answer_word ("name", child->name);
  atlas_answer_number ("pid", (uint64_t) child->pid);
  if (child->ended)
    {
      describe_end (child, &what, &value, text);
      atlas_answer_word (WIFSIGNALED (child->status) ? "killed" : "status", value);
    }
  atlas_answer_end_comment ();
}

void
atlas_child_list (void)
{
  for (size_t i = 0; i < MOST_CHILDREN; i++)
    if (children[i].name[0] != '\0')
      list_child (&children[i]);
}
