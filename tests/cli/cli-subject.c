/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The process that the tests look at. It does what subject.h says to its memory, prints where, and
 * waits until its input ends. A program of its own, built without sanitizers, whose shadow memory
 * would be most of what there is to see. Usage: cli-subject [NAME [FILE]] */

#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "subject-facts.h"

static size_t page;

static void
check (int works, const char *what)
{
  if (works)
    return;
  perror (what);
  exit (1);
}

/* With a hole on either side, for it not to grow together with a neighbour. (Not with guard pages:
 * that is what a thread's stack looks like.) */
static char *
map_alone (size_t pages, int flags)
{
  char *room = mmap (NULL, (pages + 2) * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  char *memory = mmap (room + page, pages * page, PROT_READ | PROT_WRITE,
                       flags | MAP_FIXED | MAP_ANONYMOUS, -1, 0);

  check (memory != MAP_FAILED, "mmap");
  munmap (room, page);
  munmap (memory + pages * page, page);
  madvise (memory, pages * page, MADV_NOHUGEPAGE);
  return memory;
}

static void
touch (volatile char *memory, size_t pages, int write_it)
{
  for (size_t i = 0; i < pages; i++)
    if (write_it)
      memory[i * page] = 'x';
    else
      (void) memory[i * page];
}

/* A page that both have written to is mapped twice. (A read would map its neighbours as well:
 * the kernel's fault-around.) */
static void
share_with_child (char *shared)
{
  int ready[2];
  char byte = 0;

  check (pipe (ready) == 0, "pipe");
  if (fork () == 0)
    {
      prctl (PR_SET_PDEATHSIG, SIGKILL);
      touch (shared, SUBJECT_SHARED_TWICE, 1);
      if (write (ready[1], &byte, 1) != 1)
        _exit (1);
      for (;;)
        pause ();
    }
  check (read (ready[0], &byte, 1) == 1, "read");
  close (ready[0]);
  close (ready[1]);
}

static void
map_file (const char *file)
{
  int fd = open (file, O_RDWR | O_CREAT, 0600);
  char *memory;

  check (fd >= 0 && ftruncate (fd, (off_t) (SUBJECT_FILE_PAGES * page)) == 0, file);
  memory = mmap (NULL, SUBJECT_FILE_PAGES * page, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
  check (memory != MAP_FAILED, "mmap");
  touch (memory, 1, 1);
  close (fd);
}

int
main (int argc, char **argv)
{
  char *shared, *anonymous, byte;

  prctl (PR_SET_PDEATHSIG, SIGKILL);
  page = (size_t) sysconf (_SC_PAGESIZE);
  if (argc > 1 && *argv[1] != '\0')
    prctl (PR_SET_NAME, argv[1]);
  if (argc > 2)
    map_file (argv[2]);

  shared = map_alone (SUBJECT_SHARED_PAGES, MAP_SHARED);
  touch (shared, SUBJECT_SHARED_WRITTEN, 1);
  share_with_child (shared);

  anonymous = map_alone (SUBJECT_PAGES, MAP_PRIVATE);
  touch (anonymous, SUBJECT_WRITTEN, 1);
  touch (anonymous + SUBJECT_WRITTEN * page, SUBJECT_READ, 0);

  printf ("%llx %llx\n", (unsigned long long) (uintptr_t) anonymous,
          (unsigned long long) (uintptr_t) shared);
  fflush (stdout);
  while (read (STDIN_FILENO, &byte, 1) > 0)
    ;
  return 0;
}
