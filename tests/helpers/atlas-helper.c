/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A process whose memory is known exactly, for tests to look at. It does one command at a time,
 * first those on its command line (one argument each), then those read from standard input (one
 * line each), and answers each with one line: "ok" and what it did, or "error" and why not. The end
 * of standard input is its end. No heap, no buffers but its own: what it maps is what it was told
 * to. All numbers it prints that are addresses are hexadecimal, without 0x.
 *
 *   map NAME PAGES [OPTION...]   ok NAME START END
 *       read, write, none        protection; write is the default (read and write)
 *       exec                     and execute
 *       shared                   MAP_SHARED
 *       file=PATH, offset=PAGES  of a file
 *       memfd=LABEL              of a memfd
 *       align=PAGES              start at a multiple of
 *       at=HEX                   exactly there
 *       noreserve, populate, hugetlb
 *   unmap NAME FIRST PAGES
 *   read NAME FIRST PAGES [STEP] one byte of every STEPth page
 *   write NAME FIRST PAGES [STEP]
 *   lock, lock-onfault, unlock, protect-none, protect-read, protect-write NAME FIRST PAGES
 *   dontneed, hugepage, nohugepage, pageout, collapse, guard, unguard NAME FIRST PAGES
 *   label NAME FIRST PAGES TEXT  names anonymous memory: [anon:TEXT]
 *   brk PAGES                    grows the heap: ok START END
 *   fork                         a child that is stopped: ok PID
 *   reap                         kills the children and waits for them
 *   zombie                       a child that ended and is not waited for: ok PID
 *   thread                       a thread that only waits: ok TID
 *   churn SEED                   a thread that maps, touches, protects and unmaps for ever, and
 *                                splits and merges hundreds of regions
 *   shuffle NAME SEED THREADS    threads that give pages of it other rights for ever, so that its
 *                                regions split and merge; the pages stay
 *   stop-churn                   until now, both
 *   comm TEXT                    its name
 *   user UID                     becomes that user for good
 *   undumpable
 *   exec                         runs itself anew
 *   exit STATUS
 */

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define MOST_AREAS 4096
#define MOST_WORDS 16
#define MOST_CHILDREN 64
#define PLAYGROUND_PAGES 512
#define MOST_CHURNERS 16

/* Newer than the headers of the systems this is built on. */
#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25
#endif
#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102
#define MADV_GUARD_REMOVE 103
#endif
#ifndef PR_SET_VMA
#define PR_SET_VMA 0x53564d41
#define PR_SET_VMA_ANON_NAME 0
#endif

typedef struct
{
  char name[32];
  char *start;
  size_t size;
} Area;

/* The pages a command is about. */
typedef struct
{
  char *start;
  size_t size;
} Range;

/* A thread that changes memory until it is told to stop. */
typedef struct
{
  pthread_t thread;
  unsigned seed;
  Range range; /* to be shuffled */
} Churner;

typedef struct
{
  int protection;
  int flags;
  int fd;
  off_t offset;
  size_t align;
  char *address;
} MapOptions;

typedef struct
{
  const char *name;
  int least_words; /* the command's own included */
  bool (*run) (char **words, int n_words);
} Command;

static size_t page_size;
static const char *program;
static Area areas[MOST_AREAS];
static int n_areas;
static pid_t children[MOST_CHILDREN];
static int n_children;
static atomic_bool churning;
static Churner churners[MOST_CHURNERS];
static int n_churners;

static void answer (const char *format, ...) __attribute__ ((format (printf, 1, 2)));

static void
answer (const char *format, ...)
{
  char line[512];
  va_list arguments;
  int length;

  va_start (arguments, format);
  length = vsnprintf (line, sizeof line - 1, format, arguments);
  va_end (arguments);
  if (length > (int) sizeof line - 2)
    length = (int) sizeof line - 2;
  line[length] = '\n';
  if (write (STDOUT_FILENO, line, (size_t) length + 1) < 0)
    _exit (1);
}

static bool
refuse (const char *why)
{
  answer ("error %s", why);
  return false;
}

static bool
fail (const char *what)
{
  answer ("error %s: %s", what, strerror (errno));
  return false;
}

static bool
succeed (void)
{
  answer ("ok");
  return true;
}

static Area *
find_area (const char *name)
{
  for (int i = 0; i < n_areas; i++)
    if (strcmp (areas[i].name, name) == 0)
      return &areas[i];
  return NULL;
}

/* NAME FIRST PAGES, as words 1 to 3. */
static bool
get_range (char **words, Range *range)
{
  const Area *area = find_area (words[1]);
  size_t first = strtoul (words[2], NULL, 10);
  size_t pages = strtoul (words[3], NULL, 10);

  if (area == NULL || (first + pages) * page_size > area->size)
    return refuse ("no such pages");
  range->start = area->start + first * page_size;
  range->size = pages * page_size;
  return true;
}

static bool
answer_range (const Range *range)
{
  answer ("ok %" PRIxPTR " %" PRIxPTR, (uintptr_t) range->start,
          (uintptr_t) range->start + range->size);
  return true;
}

static const char *
after (const char *word, const char *prefix)
{
  size_t length = strlen (prefix);

  return strncmp (word, prefix, length) == 0 ? word + length : NULL;
}

static bool
parse_map_flag (MapOptions *options, const char *word)
{
  if (strcmp (word, "read") == 0)
    options->protection = PROT_READ;
  else if (strcmp (word, "write") == 0)
    options->protection = PROT_READ | PROT_WRITE;
  else if (strcmp (word, "none") == 0)
    options->protection = PROT_NONE;
  else if (strcmp (word, "exec") == 0)
    options->protection |= PROT_EXEC;
  else if (strcmp (word, "shared") == 0)
    options->flags = (options->flags & ~MAP_PRIVATE) | MAP_SHARED;
  else if (strcmp (word, "noreserve") == 0)
    options->flags |= MAP_NORESERVE;
  else if (strcmp (word, "populate") == 0)
    options->flags |= MAP_POPULATE;
  else if (strcmp (word, "hugetlb") == 0)
    options->flags |= MAP_HUGETLB;
  else
    return false;
  return true;
}

static bool
parse_map_value (MapOptions *options, const char *word, size_t size)
{
  const char *value;

  if ((value = after (word, "file=")) != NULL)
    options->fd = open (value, O_RDWR | O_CLOEXEC);
  else if ((value = after (word, "memfd=")) != NULL)
    {
      options->fd = memfd_create (value, MFD_CLOEXEC);
      if (options->fd >= 0 && ftruncate (options->fd, (off_t) size) != 0)
        return false;
    }
  else if ((value = after (word, "offset=")) != NULL)
    options->offset = (off_t) (strtoul (value, NULL, 10) * page_size);
  else if ((value = after (word, "align=")) != NULL)
    options->align = strtoul (value, NULL, 10) * page_size;
  else if ((value = after (word, "at=")) != NULL)
    {
      options->address = (char *) (uintptr_t) strtoull (value, NULL, 16);
      options->flags |= MAP_FIXED_NOREPLACE;
    }
  else
    return false;
  return true;
}

static bool
parse_map_options (char **words, int n_words, size_t size, MapOptions *options)
{
  *options = (MapOptions){ .protection = PROT_READ | PROT_WRITE, .flags = MAP_PRIVATE, .fd = -1 };
  for (int i = 3; i < n_words; i++)
    {
      errno = 0;
      if (!parse_map_flag (options, words[i]) && !parse_map_value (options, words[i], size))
        return errno != 0 ? fail (words[i]) : refuse (words[i]);
      if (errno != 0)
        return fail (words[i]);
    }
  if (options->fd < 0)
    options->flags |= MAP_ANONYMOUS;
  return true;
}

/* Finds room of @size that starts at a multiple of @align. */
static char *
find_aligned (size_t size, size_t align)
{
  char *room = mmap (NULL, size + align, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  uintptr_t start = ((uintptr_t) room + align - 1) / align * align;

  if (room == MAP_FAILED)
    return NULL;
  munmap (room, size + align);
  return (char *) start;
}

static bool
run_map (char **words, int n_words)
{
  size_t size = strtoul (words[2], NULL, 10) * page_size;
  MapOptions options;
  Area *area = &areas[n_areas];

  if (n_areas == MOST_AREAS || find_area (words[1]) != NULL)
    return refuse ("no more areas, or that name again");
  if (!parse_map_options (words, n_words, size, &options))
    return false;
  if (options.align > 0)
    options.address = find_aligned (size, options.align);
  area->start =
      mmap (options.address, size, options.protection, options.flags, options.fd, options.offset);
  if (options.fd >= 0)
    close (options.fd);
  if (area->start == MAP_FAILED)
    return fail ("mmap");
  area->size = size;
  snprintf (area->name, sizeof area->name, "%s", words[1]);
  n_areas++;
  answer ("ok %s %" PRIxPTR " %" PRIxPTR, area->name, (uintptr_t) area->start,
          (uintptr_t) area->start + size);
  return true;
}

static bool
run_unmap (char **words, int n_words)
{
  Range range;

  (void) n_words;
  if (!get_range (words, &range))
    return false;
  return munmap (range.start, range.size) == 0 ? answer_range (&range) : fail ("munmap");
}

static bool
run_touch (char **words, int n_words)
{
  bool writes = strcmp (words[0], "write") == 0;
  size_t step = (n_words > 4 ? strtoul (words[4], NULL, 10) : 1) * page_size;
  Range range;

  if (!get_range (words, &range) || step == 0)
    return false;
  for (size_t i = 0; i < range.size; i += step)
    {
      volatile char *byte = range.start + i;

      if (writes)
        *byte = (char) (i / page_size + 1);
      else
        (void) *byte;
    }
  return answer_range (&range);
}

static bool
run_lock (char **words, int n_words)
{
  Range range;
  int result;

  (void) n_words;
  if (!get_range (words, &range))
    return false;
  if (strcmp (words[0], "lock") == 0)
    result = mlock (range.start, range.size);
  else if (strcmp (words[0], "unlock") == 0)
    result = munlock (range.start, range.size);
  else
    result = mlock2 (range.start, range.size, MLOCK_ONFAULT);
  return result == 0 ? answer_range (&range) : fail (words[0]);
}

static bool
run_protect (char **words, int n_words)
{
  int protection = PROT_NONE;
  Range range;

  (void) n_words;
  if (!get_range (words, &range))
    return false;
  if (strcmp (words[0], "protect-read") == 0)
    protection = PROT_READ;
  else if (strcmp (words[0], "protect-write") == 0)
    protection = PROT_READ | PROT_WRITE;
  return mprotect (range.start, range.size, protection) == 0 ? answer_range (&range)
                                                             : fail ("mprotect");
}

static bool
run_advise (char **words, int n_words)
{
  static const struct
  {
    const char *name;
    int advice;
  } advices[] = {
    { "dontneed", MADV_DONTNEED },     { "hugepage", MADV_HUGEPAGE },
    { "nohugepage", MADV_NOHUGEPAGE }, { "pageout", MADV_PAGEOUT },
    { "collapse", MADV_COLLAPSE },     { "guard", MADV_GUARD_INSTALL },
    { "unguard", MADV_GUARD_REMOVE },
  };
  Range range;

  (void) n_words;
  if (!get_range (words, &range))
    return false;
  for (size_t i = 0; i < sizeof advices / sizeof advices[0]; i++)
    if (strcmp (words[0], advices[i].name) == 0)
      return madvise (range.start, range.size, advices[i].advice) == 0 ? answer_range (&range)
                                                                       : fail ("madvise");
  return refuse ("no such advice");
}

static bool
run_label (char **words, int n_words)
{
  Range range;

  (void) n_words;
  if (!get_range (words, &range))
    return false;
  if (prctl (PR_SET_VMA, PR_SET_VMA_ANON_NAME, range.start, range.size, words[4]) != 0)
    return fail ("PR_SET_VMA_ANON_NAME");
  return answer_range (&range);
}

static bool
run_brk (char **words, int n_words)
{
  Range range = { .size = strtoul (words[1], NULL, 10) * page_size };

  (void) n_words;
  range.start = sbrk ((intptr_t) range.size);
  return range.start != (char *) -1 ? answer_range (&range) : fail ("brk");
}

static void
die_with_parent (void)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

/* A child that does nothing any more: stopped, so that it does not even write to its stack, or
 * ended. */
static void
be_child (bool stop, pid_t parent)
{
  die_with_parent ();
  /* it may have died before that was asked for */
  while (stop && getppid () == parent)
    raise (SIGSTOP);
  _exit (0);
}

static bool
run_fork (char **words, int n_words)
{
  bool stop = strcmp (words[0], "fork") == 0;
  pid_t parent = getpid ();
  pid_t child;
  siginfo_t info;

  (void) n_words;
  if (n_children == MOST_CHILDREN)
    return refuse ("no more children");
  child = fork ();
  if (child < 0)
    return fail ("fork");
  if (child == 0)
    be_child (stop, parent);
  waitid (P_PID, (id_t) child, &info, (stop ? WSTOPPED : WEXITED) | WNOWAIT);
  children[n_children++] = child;
  answer ("ok %d", (int) child);
  return true;
}

static bool
run_reap (char **words, int n_words)
{
  (void) words;
  (void) n_words;
  for (int i = 0; i < n_children; i++)
    {
      kill (children[i], SIGKILL);
      waitpid (children[i], NULL, 0);
    }
  n_children = 0;
  return succeed ();
}

static void *
waiting_thread (void *tid)
{
  atomic_store ((atomic_int *) tid, (int) syscall (SYS_gettid));
  for (;;)
    pause ();
  return NULL;
}

static bool
run_thread (char **words, int n_words)
{
  static atomic_int tid;
  pthread_t thread;

  (void) words;
  (void) n_words;
  atomic_store (&tid, 0);
  errno = pthread_create (&thread, NULL, waiting_thread, &tid);
  if (errno != 0)
    return fail ("pthread_create");
  while (atomic_load (&tid) == 0)
    sched_yield ();
  answer ("ok %d", atomic_load (&tid));
  return true;
}

/* One round: two areas, split, merged, touched, given back. */
static void
churn_once (unsigned *seed)
{
  size_t pages = 4 + (size_t) rand_r (seed) % 60;
  size_t half = pages / 2 * page_size;
  char *area =
      mmap (NULL, pages * page_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

  if (area == MAP_FAILED)
    return;
  for (size_t i = 0; i < pages; i += 1 + (size_t) rand_r (seed) % 3)
    area[i * page_size] = 1;
  mprotect (area + half, page_size, PROT_READ);
  if (rand_r (seed) % 2 == 0)
    mprotect (area + half, page_size, PROT_READ | PROT_WRITE);
  /* in one piece or two; never the same twice, for another thread may be there by then */
  if (rand_r (seed) % 4 == 0)
    {
      munmap (area, half);
      munmap (area + half, pages * page_size - half);
    }
  else
    munmap (area, pages * page_size);
}

/* Some pages get other rights, so that regions split and merge. */
static void
shuffle (const Range *range, unsigned *seed)
{
  size_t n_pages = range->size / page_size;
  size_t first = (size_t) rand_r (seed) % n_pages;
  size_t pages = 1 + (size_t) rand_r (seed) % (rand_r (seed) % 64 == 0 ? n_pages : 4);
  int protection = rand_r (seed) % 2 == 0 ? PROT_READ : PROT_READ | PROT_WRITE;

  if (pages > n_pages - first)
    pages = n_pages - first;
  mprotect (range->start + first * page_size, pages * page_size, protection);
}

/* Beside areas that come and go there are hundreds of regions, more than one read of maps tells. */
static void *
churning_thread (void *data)
{
  Churner *churner = data;
  Range playground = { .size = PLAYGROUND_PAGES * page_size };

  playground.start =
      mmap (NULL, playground.size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (playground.start == MAP_FAILED)
    return NULL;
  while (atomic_load (&churning))
    {
      churn_once (&churner->seed);
      for (int i = 0; i < 16; i++)
        shuffle (&playground, &churner->seed);
    }
  munmap (playground.start, playground.size);
  return NULL;
}

static void *
shuffling_thread (void *data)
{
  Churner *churner = data;

  while (atomic_load (&churning))
    shuffle (&churner->range, &churner->seed);
  return NULL;
}

static bool
start_churner (void *(*run) (void *churner), unsigned seed, const Range *range)
{
  Churner *churner = &churners[n_churners];

  if (n_churners == MOST_CHURNERS)
    return refuse ("no more churners");
  churner->seed = seed;
  if (range != NULL)
    churner->range = *range;
  atomic_store (&churning, true);
  errno = pthread_create (&churner->thread, NULL, run, churner);
  if (errno != 0)
    return fail ("pthread_create");
  n_churners++;
  return true;
}

static bool
run_churn (char **words, int n_words)
{
  (void) n_words;
  return start_churner (churning_thread, (unsigned) strtoul (words[1], NULL, 10), NULL)
         && succeed ();
}

static bool
run_shuffle (char **words, int n_words)
{
  const Area *area = find_area (words[1]);
  unsigned seed = (unsigned) strtoul (words[2], NULL, 10);

  (void) n_words;
  if (area == NULL)
    return refuse ("no such area");
  for (long i = strtol (words[3], NULL, 10); i > 0; i--)
    if (!start_churner (shuffling_thread, seed++, &(Range){ area->start, area->size }))
      return false;
  return succeed ();
}

static bool
run_stop_churn (char **words, int n_words)
{
  (void) words;
  (void) n_words;
  if (!atomic_exchange (&churning, false))
    return refuse ("it does not churn");
  while (n_churners > 0)
    pthread_join (churners[--n_churners].thread, NULL);
  return succeed ();
}

static bool
run_comm (char **words, int n_words)
{
  (void) n_words;
  return prctl (PR_SET_NAME, words[1]) == 0 ? succeed () : fail ("PR_SET_NAME");
}

static bool
run_user (char **words, int n_words)
{
  uid_t uid = (uid_t) strtoul (words[1], NULL, 10);

  (void) n_words;
  if (setresgid (uid, uid, uid) != 0 || setresuid (uid, uid, uid) != 0)
    return fail ("setresuid");
  return succeed ();
}

static bool
run_undumpable (char **words, int n_words)
{
  (void) words;
  (void) n_words;
  return prctl (PR_SET_DUMPABLE, 0) == 0 ? succeed () : fail ("PR_SET_DUMPABLE");
}

static bool
run_exec (char **words, int n_words)
{
  char *arguments[] = { (char *) program, NULL };

  (void) words;
  (void) n_words;
  execv ("/proc/self/exe", arguments);
  return fail ("execv");
}

static bool
run_exit (char **words, int n_words)
{
  (void) n_words;
  _exit (atoi (words[1]));
}

static const Command commands[] = {
  { "map", 3, run_map },
  { "unmap", 4, run_unmap },
  { "read", 4, run_touch },
  { "write", 4, run_touch },
  { "lock", 4, run_lock },
  { "lock-onfault", 4, run_lock },
  { "unlock", 4, run_lock },
  { "protect-none", 4, run_protect },
  { "protect-read", 4, run_protect },
  { "protect-write", 4, run_protect },
  { "dontneed", 4, run_advise },
  { "hugepage", 4, run_advise },
  { "nohugepage", 4, run_advise },
  { "pageout", 4, run_advise },
  { "collapse", 4, run_advise },
  { "guard", 4, run_advise },
  { "unguard", 4, run_advise },
  { "label", 5, run_label },
  { "brk", 2, run_brk },
  { "fork", 1, run_fork },
  { "zombie", 1, run_fork },
  { "reap", 1, run_reap },
  { "thread", 1, run_thread },
  { "churn", 2, run_churn },
  { "shuffle", 4, run_shuffle },
  { "stop-churn", 1, run_stop_churn },
  { "comm", 2, run_comm },
  { "user", 2, run_user },
  { "undumpable", 1, run_undumpable },
  { "exec", 1, run_exec },
  { "exit", 2, run_exit },
};

/* Cuts @line into words, in place. */
static int
split (char *line, char **words)
{
  int n_words = 0;
  char *rest = line;
  char *word;

  while (n_words < MOST_WORDS && (word = strsep (&rest, " ")) != NULL)
    if (*word != '\0')
      words[n_words++] = word;
  return n_words;
}

static bool
run_line (char *line)
{
  char *words[MOST_WORDS];
  int n_words = split (line, words);

  if (n_words == 0)
    return refuse ("no command");
  for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
    if (strcmp (words[0], commands[i].name) == 0)
      return n_words >= commands[i].least_words ? commands[i].run (words, n_words)
                                                : refuse ("too few words");
  return refuse ("no such command");
}

/* Does what standard input says, until its end. */
static void
run_input (void)
{
  static char buffer[65536];
  size_t filled = 0;
  ssize_t got;

  while ((got = read (STDIN_FILENO, buffer + filled, sizeof buffer - filled)) > 0)
    {
      char *line = buffer;
      char *newline;

      filled += (size_t) got;
      while ((newline = memchr (line, '\n', filled - (size_t) (line - buffer))) != NULL)
        {
          *newline = '\0';
          run_line (line);
          line = newline + 1;
        }
      filled -= (size_t) (line - buffer);
      memmove (buffer, line, filled);
    }
}

int
main (int argc, char **argv)
{
  page_size = (size_t) sysconf (_SC_PAGESIZE);
  program = argv[0];
  die_with_parent ();
  answer ("ready %d %zu", (int) getpid (), page_size);
  for (int i = 1; i < argc; i++)
    if (!run_line (argv[i]))
      return 1;
  run_input ();
  return 0;
}
