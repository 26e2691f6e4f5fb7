/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Any bytes as lines of the tracer. */

#include "fuzz.h"

#include "atlas-lab-event-private.h"
#include "atlas-lab-trace.h"

#include <string.h>

const char fuzz_file[] = "lab-trace";

static void
check_call (const AtlasLabCall *call)
{
  g_autoptr (AtlasLabCall) copy = atlas_lab_call_copy (call);
  guint64 number;

  g_assert_cmpint (call->pid, >, 0);
  g_assert_true (g_utf8_validate (call->name, -1, NULL));
  g_assert_true (g_utf8_validate (copy->text, -1, NULL));
  g_assert_true (g_utf8_validate (copy->result, -1, NULL));
  g_assert_true (g_utf8_validate (copy->thread, -1, NULL));
  g_assert_true (!call->failed || call->error != NULL);
  atlas_lab_call_get_number (call, "length", &number);
  atlas_lab_call_get_result (call, &number);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GPtrArray) calls =
      g_ptr_array_new_with_free_func ((GDestroyNotify) atlas_lab_call_free);
  const char *next = (const char *) data;
  const char *end = next + size;

  while (next < end)
    {
      const char *newline = memchr (next, '\n', (size_t) (end - next));
      const char *stop = newline != NULL ? newline : end;
      g_autoptr (AtlasLabTrace) trace = atlas_lab_trace_parse (next, (gsize) (stop - next));

      if (trace != NULL && trace->call != NULL)
        {
          check_call (trace->call);
          g_ptr_array_add (calls, g_steal_pointer (&trace->call));
        }
      next = stop + 1;
    }
  atlas_lab_how_conclude (calls, size, size + 1);
  return 0;
}
