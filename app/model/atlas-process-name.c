/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "atlas-process-name.h"

#include <string.h>
#include <unistd.h>

#include "atlas-text.h"

#define MOST_NAME_BYTES 15 /* TASK_COMM_LEN less the NUL */
#define FILE_LIMIT ((gsize) 4096)

static char *
dup_base_name (const char *command)
{
  const char *end = command + strcspn (command, " ");
  const char *slash = g_strrstr_len (command, end - command, "/");
  const char *start = slash != NULL ? slash + 1 : command;

  return g_strndup (start, (gsize) (end - start));
}

char *
atlas_process_name_complete (const char *name, const char *command)
{
  g_autofree char *clean = NULL;
  g_autofree char *base = NULL;

  g_return_val_if_fail (name != NULL && command != NULL, NULL);

  clean = atlas_text_clean (name, -1);
  if (strlen (name) < MOST_NAME_BYTES)
    return g_steal_pointer (&clean);
  base = dup_base_name (command);
  /* a cut can go through a character, of which the first bytes are no UTF-8: then it stays cut */
  return g_str_has_prefix (base, clean) ? g_steal_pointer (&base) : g_steal_pointer (&clean);
}

/* comm ends in a newline. Of the command line the first word, up to its NUL, is enough. */
static char *
read_in (int directory)
{
  g_autoptr (GString) name = g_string_new (NULL);
  g_autoptr (GString) command = g_string_new (NULL);
  g_autofree char *clean = NULL;

  if (!atlas_read_at (directory, "comm", FILE_LIMIT, name, NULL) || name->len == 0)
    return NULL;
  g_string_truncate (name, name->len - 1);
  atlas_read_at (directory, "cmdline", FILE_LIMIT, command, NULL);
  clean = atlas_text_clean (command->str, -1);
  return atlas_process_name_complete (name->str, clean);
}

char *
atlas_process_name_read (AtlasProcfs *procfs, gint pid)
{
  int directory;
  char *name;

  g_return_val_if_fail (procfs != NULL && pid > 0, NULL);

  directory = atlas_procfs_open_process (procfs, pid, NULL);
  if (directory < 0)
    return NULL;
  name = read_in (directory);
  close (directory);
  return name;
}
