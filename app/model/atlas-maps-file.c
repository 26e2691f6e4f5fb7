/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The kernel gives about a page a read, which is compared while it is in the processor's cache. */

#include "atlas-config.h"

#include "atlas-maps-file.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

#include "atlas-error.h"

#define ROOM ((gsize) 64 << 10)
/* More than any process can have. */
#define MAPS_LIMIT ((gsize) 1 << 29)

typedef struct
{
  const char *before;
  gsize length;  /* of before */
  gsize matched; /* so many bytes of it were read again; then come those of into */
  gboolean same;
  GString *into;
} Comparing;

static void
add_bytes (Comparing *comparing, const char *bytes, gsize n_bytes)
{
  if (comparing->same && n_bytes <= comparing->length - comparing->matched
      && memcmp (comparing->before + comparing->matched, bytes, n_bytes) == 0)
    {
      comparing->matched += n_bytes;
      return;
    }
  if (comparing->same)
    g_string_append_len (comparing->into, comparing->before, (gssize) comparing->matched);
  comparing->same = FALSE;
  g_string_append_len (comparing->into, bytes, (gssize) n_bytes);
}

/* 0 or an errno. */
static int
read_all (int fd, Comparing *comparing)
{
  g_autofree char *buffer = g_malloc (ROOM);

  while (comparing->into->len < MAPS_LIMIT)
    {
      gssize n = TEMP_FAILURE_RETRY (read (fd, buffer, ROOM));

      if (n < 0)
        return errno;
      if (n == 0)
        break;
      add_bytes (comparing, buffer, (gsize) n);
    }
  return 0;
}

gboolean
atlas_maps_file_read (AtlasTarget *target,
                      GBytes *before,
                      GString *into,
                      gboolean *same,
                      GError **error)
{
  Comparing comparing = { .into = into };
  int fd, failure;

  g_return_val_if_fail (target != NULL && into != NULL && same != NULL, FALSE);

  *same = FALSE;
  g_string_truncate (into, 0);
  if (before != NULL)
    comparing.before = g_bytes_get_data (before, &comparing.length);
  comparing.same = before != NULL;
  fd = atlas_target_open (target, "maps", error);
  if (fd < 0)
    return FALSE;
  failure = read_all (fd, &comparing);
  close (fd);
  if (failure != 0)
    {
      g_string_truncate (into, 0);
      atlas_proc_error_set (error, failure, _ ("Could not read maps"));
      return FALSE;
    }
  *same = comparing.same && comparing.matched == comparing.length;
  if (comparing.same && !*same)
    g_string_append_len (into, comparing.before, (gssize) comparing.matched);
  return TRUE;
}
