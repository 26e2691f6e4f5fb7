/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Kernel, C library, page size and memory of the machine; and names of accounts, which are asked
 * for once each, since that may go over the network. */

#include "atlas-config.h"

#include "atlas-system.h"

#include "atlas-text.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <pwd.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>
#ifdef __GLIBC__
#include <gnu/libc-version.h>
#endif

#define RELEASE_LIMIT 256
#define MEMINFO_LIMIT 65536

static char *
read_kernel (AtlasProcfs *procfs)
{
  g_autoptr (GString) text = g_string_new (NULL);
  struct utsname names;
  const char *release = NULL;

  if (atlas_read_at (atlas_procfs_get_fd (procfs), "sys/kernel/osrelease", RELEASE_LIMIT, text,
                     NULL)
      && text->len > 0)
    release = g_strchomp (text->str);
  else if (uname (&names) == 0)
    release = names.release;
  if (release == NULL)
    return g_strdup ("Linux");
  g_autofree char *clean = atlas_text_clean (release, -1);
  return g_strconcat ("Linux ", clean, NULL);
}

static char *
describe_libc (void)
{
#ifdef __GLIBC__
  return g_strconcat ("glibc ", gnu_get_libc_version (), NULL);
#else
  return g_strdup (_ ("unknown C library"));
#endif
}

/* The number behind "\n@key:"; 0 if it is not there. */
static guint64
find_kb (const char *meminfo, const char *key)
{
  gsize length = strlen (key);

  for (const char *line = meminfo; line != NULL; line = strchr (line, '\n'))
    {
      line += *line == '\n';
      if (strncmp (line, key, length) == 0 && line[length] == ':')
        return g_ascii_strtoull (line + length + 1, NULL, 10);
    }
  return 0;
}

AtlasSystem *
atlas_system_new (AtlasProcfs *procfs)
{
  g_return_val_if_fail (procfs != NULL, NULL);

  g_autoptr (GString) meminfo = g_string_new (NULL);
  AtlasSystem *self = g_new0 (AtlasSystem, 1);

  self->kernel = read_kernel (procfs);
  self->libc = describe_libc ();
  self->page_size = (guint64) sysconf (_SC_PAGESIZE);
  if (atlas_read_at (atlas_procfs_get_fd (procfs), "meminfo", MEMINFO_LIMIT, meminfo, NULL))
    {
      self->mem_total_kb = find_kb (meminfo->str, "MemTotal");
      self->mem_available_kb = find_kb (meminfo->str, "MemAvailable");
    }
  return self;
}

void
atlas_system_free (AtlasSystem *self)
{
  if (self == NULL)
    return;
  g_free (self->kernel);
  g_free (self->libc);
  g_free (self);
}

static char *
look_up_user (guint uid)
{
  for (gsize size = 1024; size <= 1024 * 1024; size *= 4)
    {
      g_autofree char *buffer = g_malloc (size);
      struct passwd account, *found = NULL;
      int failure = getpwuid_r (uid, &account, buffer, size, &found);
      if (failure == ERANGE)
        continue;
      if (failure == 0 && found != NULL && found->pw_name[0] != '\0')
        return atlas_text_clean (found->pw_name, -1);
      break;
    }
  return g_strdup_printf ("%u", uid);
}

G_LOCK_DEFINE_STATIC (users);
static GHashTable *users; /* uid to name; grows by the accounts that are seen, kept for good */

static const char *
get_cached_user (guint uid)
{
  G_LOCK (users);
  const char *name = users != NULL ? g_hash_table_lookup (users, GUINT_TO_POINTER (uid)) : NULL;
  G_UNLOCK (users);
  return name;
}

/* Another thread may have been faster: what is in the table stays, since it was handed out. */
static const char *
keep_user (guint uid, char *name)
{
  G_LOCK (users);
  if (users == NULL)
    users = g_hash_table_new (NULL, NULL);
  const char *kept = g_hash_table_lookup (users, GUINT_TO_POINTER (uid));
  if (kept == NULL)
    {
      g_hash_table_insert (users, GUINT_TO_POINTER (uid), name);
      kept = g_steal_pointer (&name);
    }
  G_UNLOCK (users);
  g_free (name);
  return kept;
}

const char *
atlas_user_name (guint uid)
{
  const char *name = get_cached_user (uid);

  return name != NULL ? name : keep_user (uid, look_up_user (uid));
}
