/* SPDX-License-Identifier: GPL-3.0-or-later */

/* New mappings: mmap with all that may be asked of it, and memfd. */

#include "atlas-command.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "atlas-answer.h"
#include "atlas-arguments.h"
#include "atlas-faults.h"
#include "atlas-lab-words.h"
#include "atlas-meminfo.h"
#include "atlas-protection.h"

/* What mmap is asked for. */
typedef struct
{
  size_t size, offset;
  int protection, flags;
  char *address; /* with MAP_FIXED_NOREPLACE */
  const char *path;
  int fd;
} Wish;

static const struct
{
  const char *word;
  int flag;
} words_of_flags[] = {
  { "populate", MAP_POPULATE }, { "locked", MAP_LOCKED }, { "noreserve", MAP_NORESERVE },
  { "huge", MAP_HUGETLB },      { "stack", MAP_STACK },
};

static const char *
after (const char *word, const char *prefix)
{
  size_t length = strlen (prefix);

  return strncmp (word, prefix, length) == 0 ? word + length : NULL;
}

static bool
take_flag (const char *word, Wish *wish)
{
  if (strcmp (word, "shared") == 0)
    {
      wish->flags = (wish->flags & ~MAP_PRIVATE) | MAP_SHARED;
      return true;
    }
  for (size_t i = 0; i < sizeof words_of_flags / sizeof words_of_flags[0]; i++)
    if (strcmp (word, words_of_flags[i].word) == 0)
      {
        wish->flags |= words_of_flags[i].flag;
        return true;
      }
  return false;
}

static bool
take_address (const char *word, Wish *wish)
{
  size_t address;

  if (!atlas_take_size ("mmap", word, &address))
    return false;
  wish->address = (char *) address;
  wish->flags |= MAP_FIXED_NOREPLACE;
  return true;
}

static bool
take_option (const char *word, Wish *wish)
{
  const char *value;

  if (take_flag (word, wish))
    return true;
  if ((value = after (word, "prot=")) != NULL)
    return atlas_take_protection ("mmap", value, &wish->protection);
  if ((value = after (word, "offset=")) != NULL)
    return atlas_take_size ("mmap", value, &wish->offset);
  if ((value = after (word, "fixed=")) != NULL)
    return take_address (value, wish);
  if ((value = after (word, "file=")) != NULL)
    {
      wish->path = value;
      return true;
    }
  atlas_answer_refuse ("mmap", "\"", word, "\" is no option of it; see help mmap", NULL);
  return false;
}

/* Devices and pipes may do things when they are merely opened; the device of zeros does not. */
static bool
is_harmless (const char *path)
{
  struct stat facts;

  if (stat (path, &facts) != 0)
    return true; /* opening it says why */
  return S_ISREG (facts.st_mode) || (S_ISCHR (facts.st_mode) && facts.st_rdev == makedev (1, 5));
}

/* A mapping that can't change the file needs no more than to read it. */
static bool
open_file (Wish *wish)
{
  const int flags = O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
  bool writes = (wish->flags & MAP_SHARED) && (wish->protection & PROT_WRITE);

  if (!is_harmless (wish->path))
    {
      atlas_answer_error ("ENODEV", "open", wish->path, " is no file with contents", NULL);
      return false;
    }
  wish->fd = open (wish->path, O_RDWR | flags);
  if (wish->fd < 0 && !writes)
    wish->fd = open (wish->path, O_RDONLY | flags);
  if (wish->fd < 0)
    atlas_answer_fail (errno, "open");
  return wish->fd >= 0;
}

static size_t
get_unit (const Wish *wish)
{
  uint64_t huge = atlas_page_size;

  if (wish->flags & MAP_HUGETLB)
    atlas_meminfo_read ("Hugepagesize", &huge);
  return (size_t) huge;
}

/* Old kernels take MAP_FIXED_NOREPLACE for a mere hint. */
static void *
do_mmap (const Wish *wish)
{
  char *memory;

  atlas_faults_begin ();
  memory = mmap (wish->address, wish->size, wish->protection, wish->flags, wish->fd,
                 (off_t) wish->offset);
  atlas_faults_end ();
  if (memory == MAP_FAILED || wish->address == NULL || memory == wish->address)
    return memory;
  munmap (memory, wish->size);
  errno = EEXIST;
  return MAP_FAILED;
}

/* Maps and answers; the descriptor is closed. */
static void
map (const char *call, const char *name, const Wish *wish)
{
  size_t unit = get_unit (wish);
  char *memory = do_mmap (wish);
  int error = errno;
  AtlasAllocation *allocation;

  if (wish->fd >= 0)
    close (wish->fd);
  if (memory == MAP_FAILED)
    {
      atlas_answer_fail (error, "mmap");
      return;
    }
  allocation = atlas_allocation_add (
      name, &(AtlasAllocation){ .call = call,
                                .origin = ATLAS_FROM_MMAP,
                                .address = memory,
                                .size = wish->size,
                                .length = (wish->size + unit - 1) / unit * unit,
                                .unit = unit });
  atlas_answer_ok ();
  atlas_answer_address ("address", memory);
  atlas_answer_number ("size", wish->size);
  atlas_answer_number ("length", allocation->length);
}

void
atlas_run_mmap (const AtlasWords *words)
{
  Wish wish = { .protection = PROT_READ | PROT_WRITE, .flags = MAP_PRIVATE, .fd = -1 };

  if (!atlas_take_new_name ("mmap", words->words[1])
      || !atlas_take_size ("mmap", words->words[2], &wish.size))
    return;
  for (int i = 3; i < words->n_words; i++)
    if (!take_option (words->words[i], &wish))
      return;
  if (wish.path == NULL)
    wish.flags |= MAP_ANONYMOUS;
  else if (!open_file (&wish))
    return;
  map ("mmap", words->words[1], &wish);
}

void
atlas_run_memfd (const AtlasWords *words)
{
  Wish wish = { .protection = PROT_READ | PROT_WRITE, .flags = MAP_SHARED };

  if (!atlas_take_new_name ("memfd", words->words[1])
      || !atlas_take_size ("memfd", words->words[2], &wish.size))
    return;
  wish.fd = memfd_create (words->words[1], MFD_CLOEXEC);
  if (wish.fd < 0)
    atlas_answer_fail (errno, "memfd_create");
  else if (ftruncate (wish.fd, (off_t) wish.size) != 0)
    {
      atlas_answer_fail (errno, "ftruncate");
      close (wish.fd);
    }
  else
    map ("memfd", words->words[1], &wish);
}
