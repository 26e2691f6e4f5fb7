/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What capset is given: whose capabilities, and which. They are shown as /proc/PID/status has them,
 * one number for each set. */

#include "atlas-trace-values.h"

#include <linux/capability.h>

#include "atlas-trace-memory.h"

#define MOST_WORDS _LINUX_CAPABILITY_U32S_3

typedef struct __user_cap_header_struct Header;
typedef struct __user_cap_data_struct Data;

typedef struct
{
  uint32_t number;
  const char *name;
  size_t n_words; /* of 32 capabilities */
} Version;

static const Version versions[] = {
  { _LINUX_CAPABILITY_VERSION_1, "_LINUX_CAPABILITY_VERSION_1", _LINUX_CAPABILITY_U32S_1 },
  { _LINUX_CAPABILITY_VERSION_2, "_LINUX_CAPABILITY_VERSION_2", _LINUX_CAPABILITY_U32S_2 },
  { _LINUX_CAPABILITY_VERSION_3, "_LINUX_CAPABILITY_VERSION_3", _LINUX_CAPABILITY_U32S_3 },
};

static const Version *
find_version (uint32_t number)
{
  for (size_t i = 0; i < sizeof versions / sizeof versions[0]; i++)
    if (versions[i].number == number)
      return &versions[i];
  return NULL;
}

static void
add_bits (AtlasTraceText *text, const char *name, uint64_t bits)
{
  atlas_trace_text_add (text, name);
  if (bits == 0)
    atlas_trace_text_add_byte (text, '0');
  else
    atlas_trace_text_add_hexadecimal (text, bits);
}

/* "{version=_LINUX_CAPABILITY_VERSION_3, pid=0}" */
bool
atlas_trace_value_capability_header (AtlasTraceText *text, const uint64_t *values, pid_t tid)
{
  const Version *version;
  Header header;

  if (!atlas_trace_memory_read (tid, values[0], &header, sizeof header))
    return atlas_trace_value_address (text, values, tid);
  version = find_version (header.version);
  if (version != NULL)
    {
      atlas_trace_text_add (text, "{version=");
      atlas_trace_text_add (text, version->name);
    }
  else
    add_bits (text, "{version=", header.version);
  atlas_trace_text_add (text, ", pid=");
  atlas_trace_text_add_signed (text, header.pid);
  atlas_trace_text_add_byte (text, '}');
  return false;
}

/* "{effective=0x4000, permitted=0x1ffffffffff, inheritable=0}" */
bool
atlas_trace_value_capabilities (AtlasTraceText *text, const uint64_t *values, pid_t tid)
{
  const Version *version;
  Header header;
  Data data[MOST_WORDS] = { 0 };

  if (!atlas_trace_memory_read (tid, values[-1], &header, sizeof header))
    return atlas_trace_value_address (text, values, tid);
  version = find_version (header.version);
  if (version == NULL
      || !atlas_trace_memory_read (tid, values[0], data, version->n_words * sizeof data[0]))
    return atlas_trace_value_address (text, values, tid);
  add_bits (text, "{effective=", data[0].effective | (uint64_t) data[1].effective << 32);
  add_bits (text, ", permitted=", data[0].permitted | (uint64_t) data[1].permitted << 32);
  add_bits (text, ", inheritable=", data[0].inheritable | (uint64_t) data[1].inheritable << 32);
  atlas_trace_text_add_byte (text, '}');
  return false;
}
