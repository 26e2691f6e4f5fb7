/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Flags of the memory system calls, written as C writes them. */

#include "atlas-lab-words.h"

#include <sys/mman.h>

/* Newer than the headers of the systems this is built on; the same on all machines. */
#ifndef MAP_DROPPABLE
#define MAP_DROPPABLE 0x08
#endif
#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE 0x100000
#endif
#ifndef MAP_HUGE_SHIFT
#define MAP_HUGE_SHIFT 26
#endif
#define HUGE_MASK 0x3fUL
#define MAP_KIND_MASK 0x0fUL

typedef struct
{
  unsigned long bits;
  const char *name;
} Flag;

/* Text that grows in a buffer of the caller's; what does not fit is dropped. */
typedef struct
{
  char *text;
  size_t size, length;
} Writer;

#define FLAG(constant)                                                                             \
  {                                                                                                \
    (unsigned long) (constant), #constant                                                          \
  }

static const Flag protections[] = {
  FLAG (PROT_READ),      FLAG (PROT_WRITE),   FLAG (PROT_EXEC),
#if !defined(__sparc__) && !defined(__mips__)
  { 0x8, "PROT_SEM" },
#endif
  FLAG (PROT_GROWSDOWN), FLAG (PROT_GROWSUP), { 0, NULL },
};

static const Flag map_kinds[] = {
  FLAG (MAP_SHARED),    FLAG (MAP_PRIVATE), FLAG (MAP_SHARED_VALIDATE),
  FLAG (MAP_DROPPABLE), { 0, NULL },
};

static const Flag map_flags[] = {
  FLAG (MAP_FIXED),      FLAG (MAP_FIXED_NOREPLACE),
  FLAG (MAP_ANONYMOUS),
#ifdef MAP_32BIT
  FLAG (MAP_32BIT),
#endif
  FLAG (MAP_GROWSDOWN),  FLAG (MAP_DENYWRITE),
  FLAG (MAP_EXECUTABLE), FLAG (MAP_LOCKED),
  FLAG (MAP_NORESERVE),  FLAG (MAP_POPULATE),
  FLAG (MAP_NONBLOCK),   FLAG (MAP_STACK),
  FLAG (MAP_HUGETLB),    FLAG (MAP_SYNC),
  { 0, NULL },
};

static const Flag remap_flags[] = {
  { 1, "MREMAP_MAYMOVE" },
  { 2, "MREMAP_FIXED" },
  { 4, "MREMAP_DONTUNMAP" },
  { 0, NULL },
};

static const Flag lock_flags[] = { { 1, "MLOCK_ONFAULT" }, { 0, NULL } };

static const Flag lockall_flags[] = {
  FLAG (MCL_CURRENT),
  FLAG (MCL_FUTURE),
  FLAG (MCL_ONFAULT),
  { 0, NULL },
};

static void
put (Writer *writer, const char *text)
{
  for (; *text != '\0' && writer->length + 1 < writer->size; text++)
    writer->text[writer->length++] = *text;
  if (writer->size > 0)
    writer->text[writer->length] = '\0';
}

static void
put_flag (Writer *writer, const char *name)
{
  if (writer->length > 0)
    put (writer, "|");
  put (writer, name);
}

static void
put_number (Writer *writer, unsigned long number, unsigned base, const char *prefix)
{
  char digits[24];
  size_t at = sizeof digits - 1;

  digits[at] = '\0';
  do
    digits[--at] = "0123456789abcdef"[number % base];
  while ((number /= base) > 0);
  put_flag (writer, prefix);
  put (writer, &digits[at]);
}

/* Gives the bits that have no name. */
static unsigned long
put_flags (Writer *writer, const Flag *table, unsigned long bits)
{
  for (; table->name != NULL; table++)
    if (table->bits != 0 && (bits & table->bits) == table->bits)
      {
        put_flag (writer, table->name);
        bits &= ~table->bits;
      }
  return bits;
}

/* The rest in hexadecimal; @none when there were no bits at all. */
static char *
finish (Writer *writer, unsigned long rest, const char *none)
{
  if (rest != 0)
    put_number (writer, rest, 16, "0x");
  else if (writer->length == 0)
    put (writer, none);
  return writer->text;
}

static char *
write_flags (const Flag *table, unsigned long bits, const char *none, char *text, size_t size)
{
  Writer writer = { text, size, 0 };

  return finish (&writer, put_flags (&writer, table, bits), none);
}

char *
atlas_lab_prot_text (unsigned long protection, char *text, size_t size)
{
  return write_flags (protections, protection, "PROT_NONE", text, size);
}

/* The kind of mapping is a number in the low bits, not a set of flags; the size of huge pages is
 * the logarithm of one, in the high bits. */
char *
atlas_lab_map_text (unsigned long flags, char *text, size_t size)
{
  Writer writer = { text, size, 0 };
  unsigned long kind = flags & MAP_KIND_MASK;
  unsigned long rest = flags & ~MAP_KIND_MASK;
  unsigned long huge = 0;

  for (const Flag *row = map_kinds; row->name != NULL; row++)
    if (row->bits == kind)
      {
        put_flag (&writer, row->name);
        kind = 0;
      }
  if (rest & MAP_HUGETLB)
    huge = rest >> MAP_HUGE_SHIFT & HUGE_MASK;
  rest = put_flags (&writer, map_flags, rest & ~(huge << MAP_HUGE_SHIFT));
  if (huge != 0)
    {
      put_number (&writer, huge, 10, "");
      put (&writer, "<<MAP_HUGE_SHIFT");
    }
  return finish (&writer, rest | kind, "0");
}

char *
atlas_lab_remap_text (unsigned long flags, char *text, size_t size)
{
  return write_flags (remap_flags, flags, "0", text, size);
}

char *
atlas_lab_lock_text (unsigned long flags, char *text, size_t size)
{
  return write_flags (lock_flags, flags, "0", text, size);
}

char *
atlas_lab_lockall_text (unsigned long flags, char *text, size_t size)
{
  return write_flags (lockall_flags, flags, "0", text, size);
}
