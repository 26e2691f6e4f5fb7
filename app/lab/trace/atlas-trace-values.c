/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Pointers, numbers and words. An int is the low half of a register: what is in the other half is
 * no part of it. */

#include "atlas-trace-values.h"

#include <sys/resource.h>
#include <sys/uio.h>

#include "atlas-lab-words.h"
#include "atlas-trace-memory.h"

/* Beyond that, readers of JSON lose digits. */
#define MOST_EXACT ((uint64_t) 1 << 53)
/* The kernel takes 249 bytes as the name of a memfd. */
#define STRING_ROOM 256
#define MOST_RANGES 8

/* --- numbers --- */

static void
add_address (AtlasTraceText *text, uint64_t address)
{
  if (address == 0)
    atlas_trace_text_add (text, "NULL");
  else
    atlas_trace_text_add_hexadecimal (text, address);
}

bool
atlas_trace_value_address (AtlasTraceText *text, const uint64_t *values, pid_t tid)
{
  add_address (text, values[0]);
  return false;
}

bool
atlas_trace_value_size (AtlasTraceText *text, const uint64_t *values, pid_t tid)
{
  atlas_trace_text_add_unsigned (text, values[0]);
  return values[0] <= MOST_EXACT;
}

bool
atlas_trace_value_int (AtlasTraceText *text, const uint64_t *values, pid_t tid)
{
  atlas_trace_text_add_signed (text, (int) values[0]);
  return true;
}

/* --- what is pointed to --- */

/* Quotes and backslashes as C has them; bytes that cannot be shown are JSON's matter. */
static void
add_quoted (AtlasTraceText *text, const char *bytes, size_t length)
{
  atlas_trace_text_add_byte (text, '"');
  for (size_t i = 0; i < length; i++)
    {
      if (bytes[i] == '"' || bytes[i] == '\\')
        atlas_trace_text_add_byte (text, '\\');
      atlas_trace_text_add_byte (text, bytes[i]);
    }
  atlas_trace_text_add_byte (text, '"');
}

bool
atlas_trace_value_string (AtlasTraceText *text, const uint64_t *values, pid_t tid)
{
  char bytes[STRING_ROOM];
  bool complete;
  ssize_t length = atlas_trace_memory_read_string (tid, values[0], bytes, sizeof bytes, &complete);

  if (length < 0)
    return atlas_trace_value_address (text, values, tid);
  add_quoted (text, bytes, (size_t) length);
  if (!complete)
    atlas_trace_text_add (text, "...");
  return false;
}

static void
add_bound (AtlasTraceText *text, rlim64_t bound)
{
  if (bound == RLIM64_INFINITY)
    atlas_trace_text_add (text, "RLIM_INFINITY");
  else
    atlas_trace_text_add_unsigned (text, bound);
}

/* "{1048576, RLIM_INFINITY}" */
bool
atlas_trace_value_limit (AtlasTraceText *text, const uint64_t *values, pid_t tid)
{
  struct rlimit64 limit;

  if (!atlas_trace_memory_read (tid, values[0], &limit, sizeof limit))
    return atlas_trace_value_address (text, values, tid);
  atlas_trace_text_add_byte (text, '{');
  add_bound (text, limit.rlim_cur);
  atlas_trace_text_add (text, ", ");
  add_bound (text, limit.rlim_max);
  atlas_trace_text_add_byte (text, '}');
  return false;
}

static void
add_range (AtlasTraceText *text, const struct iovec *range)
{
  atlas_trace_text_add_byte (text, '{');
  add_address (text, (uintptr_t) range->iov_base);
  atlas_trace_text_add (text, ", ");
  atlas_trace_text_add_unsigned (text, range->iov_len);
  atlas_trace_text_add_byte (text, '}');
}

/* "[{0x7f2c1b0ff000, 4096}]", the first few of them. */
bool
atlas_trace_value_ranges (AtlasTraceText *text, const uint64_t *values, pid_t tid)
{
  struct iovec ranges[MOST_RANGES];
  size_t n = values[1] < MOST_RANGES ? (size_t) values[1] : MOST_RANGES;

  if (!atlas_trace_memory_read (tid, values[0], ranges, n * sizeof ranges[0]))
    return atlas_trace_value_address (text, values, tid);
  atlas_trace_text_add_byte (text, '[');
  for (size_t i = 0; i < n; i++)
    {
      atlas_trace_text_add (text, i > 0 ? ", " : "");
      add_range (text, &ranges[i]);
    }
  atlas_trace_text_add (text, n < values[1] ? ", ...]" : "]");
  return false;
}

/* --- words that the whole lab shares --- */

static bool
add_word (AtlasTraceText *text, const char *name, int value)
{
  if (name != NULL)
    atlas_trace_text_add (text, name);
  else
    atlas_trace_text_add_signed (text, value);
  return name == NULL;
}

bool
atlas_trace_value_advice (AtlasTraceText *text, const uint64_t *values, pid_t tid)
{
  return add_word (text, atlas_lab_advice_name ((int) values[0]), (int) values[0]);
}

bool
atlas_trace_value_resource (AtlasTraceText *text, const uint64_t *values, pid_t tid)
{
  int resource = (int) values[0];
  const AtlasLabWord *word = atlas_lab_word_find_value (atlas_lab_rlimits, resource);

  return add_word (text, word != NULL ? word->name : NULL, resource);
}

static bool
add_flags (AtlasTraceText *text,
           char *(*write) (unsigned long flags, char *text, size_t size),
           uint64_t flags)
{
  char buffer[ATLAS_LAB_FLAGS_SIZE];

  atlas_trace_text_add (text, write (flags, buffer, sizeof buffer));
  return false;
}

bool
atlas_trace_value_protection (AtlasTraceText *text, const uint64_t *values, pid_t tid)
{
  return add_flags (text, atlas_lab_prot_text, values[0]);
}

bool
atlas_trace_value_map (AtlasTraceText *text, const uint64_t *values, pid_t tid)
{
  return add_flags (text, atlas_lab_map_text, values[0]);
}

bool
atlas_trace_value_remap (AtlasTraceText *text, const uint64_t *values, pid_t tid)
{
  return add_flags (text, atlas_lab_remap_text, values[0]);
}

bool
atlas_trace_value_lock (AtlasTraceText *text, const uint64_t *values, pid_t tid)
{
  return add_flags (text, atlas_lab_lock_text, (uint32_t) values[0]);
}

bool
atlas_trace_value_lock_all (AtlasTraceText *text, const uint64_t *values, pid_t tid)
{
  return add_flags (text, atlas_lab_lockall_text, (uint32_t) values[0]);
}
