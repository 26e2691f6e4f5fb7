/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Threads: the same commands, done by another thread, with a stack and an arena of its own. One
 * command is done at a time; who gave it waits. */

#include "atlas-command.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "atlas-allocation.h"
#include "atlas-answer.h"
#include "atlas-faults.h"
#include "atlas-heap.h"
#include "atlas-output.h"
#include "atlas-threads.h"
#include "atlas-trap.h"

#define MOST_THREADS 64

struct _AtlasThread
{
  char name[ATLAS_NAME_SIZE]; /* "" when there is none in this place */
  pthread_t handle;
  pid_t tid;
  const char *stack; /* an address in it */
  sem_t asked, answered;
  AtlasWords words; /* the command; none: end */
  bool busy, ends;
};

static AtlasThread threads[MOST_THREADS];
static _Thread_local AtlasThread *current;
/* Goes on being right in a child that a thread forked. */
static _Thread_local size_t stack_size;

AtlasThread *
atlas_thread_get_current (void)
{
  return current;
}

size_t
atlas_thread_get_stack_size (void)
{
  return stack_size;
}

void
atlas_thread_end_current (void)
{
  current->ends = true;
}

static AtlasThread *
find (const char *name)
{
  for (size_t i = 0; i < MOST_THREADS; i++)
    if (strcmp (threads[i].name, name) == 0)
      return &threads[i];
  return NULL;
}

static AtlasThread *
take_thread (const char *name)
{
  AtlasThread *thread = *name != '\0' ? find (name) : NULL;

  if (thread == NULL)
    atlas_answer_refuse ("thread", "no thread is called \"", name, "\"", NULL);
  else if (thread->busy || thread == current)
    {
      atlas_answer_error ("EDEADLK", "thread", name, " is busy with this very command", NULL);
      thread = NULL;
    }
  return thread;
}

static void
wait_for (sem_t *semaphore)
{
  while (sem_wait (semaphore) != 0)
    ;
}

/* Does commands until it is told to end, or one of them ends it. Gives whether somebody waits for
 * an answer still. */
static bool
serve (AtlasThread *self)
{
  while (!self->ends)
    {
      sem_post (&self->answered);
      wait_for (&self->asked);
      if (self->words.n_words == 0)
        return false;
      atlas_command_run_inside (&self->words);
    }
  return true;
}

/* Bytes. What threads are given that ask for nothing, as these; pthread_getattr_np, which tells it
 * of one thread, allocates: the heap would be touched, and this thread get an arena. */
static size_t
measure_stack (void)
{
  pthread_attr_t attributes;
  size_t size = 0;

  if (pthread_getattr_default_np (&attributes) != 0)
    return 0;
  pthread_attr_getstacksize (&attributes, &size);
  pthread_attr_destroy (&attributes);
  return size;
}

static void *
thread_main (void *data)
{
  char alternate_stack[ATLAS_TRAP_STACK_SIZE];
  AtlasThread *self = data;
  bool awaited;

  current = self;
  self->tid = (pid_t) syscall (SYS_gettid);
  self->stack = alternate_stack;
  stack_size = measure_stack ();
  prctl (PR_SET_NAME, self->name);
  atlas_trap_use_stack (alternate_stack);
  awaited = serve (self);
  atlas_trap_drop_stack ();
  if (awaited)
    sem_post (&self->answered);
  return NULL;
}

static void
ask (AtlasThread *thread, AtlasWords words)
{
  thread->words = words;
  thread->busy = true;
  sem_post (&thread->asked);
}

/* Waits until it is gone. */
static void
join (AtlasThread *thread)
{
  pthread_join (thread->handle, NULL);
  sem_destroy (&thread->asked);
  sem_destroy (&thread->answered);
  thread->name[0] = '\0';
}

static int
create (AtlasThread *thread)
{
  int error;

  atlas_faults_begin ();
  error = pthread_create (&thread->handle, NULL, thread_main, thread);
  if (error == 0)
    wait_for (&thread->answered);
  atlas_faults_end ();
  return error;
}

static void
start_in (AtlasThread *place, const char *name)
{
  int error;

  *place = (AtlasThread){ .busy = false };
  strcpy (place->name, name);
  sem_init (&place->asked, 0, 0);
  sem_init (&place->answered, 0, 0);
  error = create (place);
  if (error != 0)
    {
      place->name[0] = '\0';
      atlas_answer_fail (error, "pthread_create");
      return;
    }
  atlas_answer_ok ();
  atlas_answer_number ("tid", (uint64_t) place->tid);
  atlas_answer_address ("stack", place->stack);
}

static void
start (const char *name)
{
  AtlasThread *place = find ("");

  if (!atlas_name_is_valid (name) || strcmp (name, "start") == 0 || strcmp (name, "stop") == 0)
    atlas_answer_refuse ("thread", "\"", name, "\" is no name for a thread", NULL);
  else if (find (name) != NULL)
    atlas_answer_refuse ("thread", "there is a thread called ", name, " already", NULL);
  else if (place == NULL)
    atlas_answer_error ("EAGAIN", "thread", "there are 64 threads already", NULL);
  else if (atlas_heap_is_usable ("thread"))
    start_in (place, name);
}

static void
stop (const char *name)
{
  AtlasThread *thread = take_thread (name);

  if (thread == NULL || !atlas_heap_is_usable ("thread"))
    return;
  atlas_faults_begin ();
  ask (thread, (AtlasWords){ .n_words = 0 });
  join (thread);
  atlas_faults_end ();
  atlas_answer_ok ();
}

static void
hand_over (AtlasThread *thread, AtlasWords words)
{
  ask (thread, words);
  wait_for (&thread->answered);
  thread->busy = false;
  if (thread->ends)
    join (thread);
}

void
atlas_run_thread (const AtlasWords *words)
{
  const char *first = words->words[1];
  AtlasThread *thread;

  if (strcmp (first, "start") == 0 && words->n_words == 3)
    start (words->words[2]);
  else if (strcmp (first, "stop") == 0 && words->n_words == 3)
    stop (words->words[2]);
  else
    {
      thread = take_thread (first);
      if (thread != NULL)
        hand_over (thread, atlas_words_after (words, 2));
    }
}

size_t
atlas_thread_count (void)
{
  size_t n = 0;

  for (size_t i = 0; i < MOST_THREADS; i++)
    n += threads[i].name[0] != '\0';
  return n;
}

void
atlas_thread_list (void)
{
  for (size_t i = 0; i < MOST_THREADS; i++)
    if (threads[i].name[0] != '\0')
      {
        atlas_answer_begin_comment ("thread");
        atlas_answer_word ("name", threads[i].name);
        atlas_answer_number ("tid", (uint64_t) threads[i].tid);
        atlas_answer_address ("stack", threads[i].stack);
        atlas_answer_end_comment ();
      }
}

void
atlas_thread_notice_fork (void)
{
  for (size_t i = 0; i < MOST_THREADS; i++)
    threads[i].name[0] = '\0';
  current = NULL;
}
