/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What malloc says of itself. malloc_stats and malloc_info write to stderr, which is unbuffered and
 * takes no memory; while they do, it leads into a file without a name, which is then read out. That
 * file is there from the start: made by the command, it would be traced as if malloc had done it.
 */

#include "atlas-report.h"

#include "atlas-command.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "atlas-answer.h"
#include "atlas-faults.h"
#include "atlas-heap.h"
#include "atlas-output.h"

#define OUT_OF_THE_WAY 500

/* Of the process and of its forks, of which one at a time is answering. */
static int collector = -1;

/* Above all numbers that a program would get that does the same as the lab; where that many are not
 * allowed, as it is. */
static int
move_out_of_the_way (int fd)
{
  int moved = fd >= 0 ? fcntl (fd, F_DUPFD_CLOEXEC, OUT_OF_THE_WAY) : -1;

  if (moved < 0)
    return fd;
  close (fd);
  return moved;
}

void
atlas_report_prepare (void)
{
  collector = move_out_of_the_way (memfd_create ("malloc-report", MFD_CLOEXEC));
}

/* As it was made; where that failed, it is tried once more. */
static bool
empty_collector (void)
{
  if (collector < 0)
    atlas_report_prepare ();
  return collector >= 0 && ftruncate (collector, 0) == 0 && lseek (collector, 0, SEEK_SET) == 0;
}

static void
write_lines (int fd)
{
  char text[512];
  bool line_begins = true;
  ssize_t length;

  for (off_t at = 0; (length = pread (fd, text, sizeof text, at)) > 0; at += length)
    for (ssize_t i = 0; i < length; i++)
      {
        if (line_begins)
          atlas_output_text ("# ");
        atlas_output_bytes (&text[i], 1);
        line_begins = text[i] == '\n';
      }
  if (!line_begins)
    atlas_output_text ("\n");
}

/* Calls @report with stderr led into @fd; false if that can't be. */
static bool
divert (int fd, void (*report) (void))
{
  int saved = fcntl (STDERR_FILENO, F_DUPFD_CLOEXEC, 3);

  if (saved < 0 && errno != EBADF)
    return false;
  if (dup2 (fd, STDERR_FILENO) < 0)
    {
      if (saved >= 0)
        close (saved);
      return false;
    }
  atlas_faults_begin ();
  report ();
  atlas_faults_end ();
  if (saved >= 0)
    {
      dup2 (saved, STDERR_FILENO);
      close (saved);
    }
  else
    close (STDERR_FILENO);
  return true;
}

static void
answer_report (const char *call, void (*report) (void))
{
  if (!atlas_heap_is_usable (call))
    return;
  if (!empty_collector () || !divert (collector, report))
    {
      atlas_answer_fail (errno, call);
      return;
    }
  write_lines (collector);
  /* its memory is no command's business any more */
  (void) empty_collector ();
  atlas_answer_ok ();
}

static void
report_info (void)
{
  malloc_info (0, stderr);
}

void
atlas_run_malloc_stats (const AtlasWords *words)
{
  answer_report ("malloc_stats", malloc_stats);
}

void
atlas_run_malloc_info (const AtlasWords *words)
{
  answer_report ("malloc_info", report_info);
}

void
atlas_run_mallinfo (const AtlasWords *words)
{
  struct mallinfo2 info;

  if (!atlas_heap_is_usable ("mallinfo"))
    return;
  atlas_faults_begin ();
  info = mallinfo2 ();
  atlas_faults_end ();

  const struct
  {
    const char *name;
    size_t value;
    const char *meaning;
  } fields[] = {
    { "arena", info.arena, "bytes that the heap got from the kernel, other than by mmap" },
    { "ordblks", info.ordblks, "free chunks" },
    { "smblks", info.smblks, "free chunks in the fast bins" },
    { "hblks", info.hblks, "chunks got by mmap, each of its own" },
    { "hblkhd", info.hblkhd, "bytes in those" },
    { "fsmblks", info.fsmblks, "bytes in the fast bins" },
    { "uordblks", info.uordblks, "bytes in use" },
    { "fordblks", info.fordblks, "bytes free" },
    { "keepcost", info.keepcost, "bytes at the top, which malloc_trim could give back" },
  };
  const size_t n_fields = sizeof fields / sizeof fields[0];

  for (size_t i = 0; i < n_fields; i++)
    {
      atlas_answer_begin_comment (fields[i].name);
      atlas_output_text (" ");
      atlas_output_number (fields[i].value);
      atlas_output_text (": ");
      atlas_output_text (fields[i].meaning);
      atlas_answer_end_comment ();
    }
  atlas_answer_ok ();
  for (size_t i = 0; i < n_fields; i++)
    atlas_answer_number (fields[i].name, fields[i].value);
}
