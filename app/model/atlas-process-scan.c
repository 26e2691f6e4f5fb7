/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reads status and stat of every process through one directory descriptor each, so that both are
 * certain to be of the same process. Opening and reading is what costs; everything else is kept
 * small: one buffer for all files, texts shared with the reading before, and the command line read
 * only when it may have changed. */

#include "atlas-config.h"

#include "atlas-process-scan.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "atlas-error.h"
#include "atlas-process-name.h"
#include "atlas-stat.h"
#include "atlas-status.h"
#include "atlas-text.h"

/* Far beyond what the kernel writes; a machine with thousands of groups or processors has long
 * lines. */
#define FILE_LIMIT (1024 * 1024)
#define COMMAND_LIMIT (32 * 1024)

/* A process can rewrite its command line at any time (setproctitle) and nothing tells. So each is
 * read again once in so many readings, a few in each. */
#define READINGS_PER_COMMAND 16

/* include/linux/sched.h; told in stat since long before status says Kthread. */
#define PF_KTHREAD 0x00200000u

/* What was found of a process before. An exec keeps PID and start time but moves the stack. */
typedef struct
{
  guint64 start_time, start_code, start_stack;
  char *raw_name;
  GRefString *name, *command;
  guint last_seen;
} Known;

struct _AtlasProcessCache
{
  GHashTable *known; /* PID -> Known */
  guint reading;
};

/* One reading under way. */
typedef struct
{
  AtlasProcfs *procfs;
  AtlasProcessCache *cache;
  GString *text; /* of one file after the other */
  GPtrArray *infos;
} Scan;

static void
free_known (Known *known)
{
  g_clear_pointer (&known->raw_name, g_free);
  g_clear_pointer (&known->name, g_ref_string_release);
  g_clear_pointer (&known->command, g_ref_string_release);
  g_free (known);
}

static GRefString *
to_ref_string (char *text)
{
  GRefString *shared = g_ref_string_new (text);
  g_free (text);
  return shared;
}

static gint
parse_pid (const char *name)
{
  guint64 pid;

  if (name[0] < '1' || name[0] > '9'
      || !g_ascii_string_to_unsigned (name, 10, 1, G_MAXINT, &pid, NULL))
    return 0;
  return (gint) pid;
}

static int
compare_pids (gconstpointer a, gconstpointer b)
{
  gint first = *(const gint *) a;
  gint second = *(const gint *) b;
  return (first > second) - (first < second);
}

static void
collect_pids (DIR *directory, GArray *pids)
{
  for (struct dirent *entry = readdir (directory); entry != NULL; entry = readdir (directory))
    {
      gint pid = parse_pid (entry->d_name);
      if (pid > 0)
        g_array_append_val (pids, pid);
    }
}

/* A descriptor of its own: the position in the shared one would be everyone's. */
static GArray *
list_pids (AtlasProcfs *procfs, GError **error)
{
  int fd = openat (atlas_procfs_get_fd (procfs), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *directory = fd >= 0 ? fdopendir (fd) : NULL;

  if (directory == NULL)
    {
      atlas_proc_error_set (error, errno, _ ("Could not list the processes"));
      if (fd >= 0)
        close (fd);
      return NULL;
    }

  GArray *pids = g_array_new (FALSE, FALSE, sizeof (gint));
  collect_pids (directory, pids);
  closedir (directory);
  g_array_sort (pids, compare_pids);
  return pids;
}

/* The arguments, each ended by a NUL, joined by spaces. */
static GRefString *
clean_command (GString *text)
{
  gboolean cut = text->len == COMMAND_LIMIT;

  while (text->len > 0 && (text->str[text->len - 1] == '\0' || text->str[text->len - 1] == ' '))
    text->len--;
  for (gsize i = 0; i < text->len; i++)
    if (text->str[i] == '\0')
      text->str[i] = ' ';
  if (cut)
    g_string_append (text, "…");
  return to_ref_string (atlas_text_clean (text->str, (gssize) text->len));
}

/* A kernel thread has none, and where it cannot be read none is shown: what else is known of the
 * process stands. */
static GRefString *
read_command (Scan *scan, int directory, gboolean kernel_thread)
{
  if (kernel_thread || !atlas_read_at (directory, "cmdline", COMMAND_LIMIT, scan->text, NULL))
    return g_ref_string_new ("");
  return clean_command (scan->text);
}

static gboolean
is_due (AtlasProcessCache *cache, gint pid)
{
  return ((guint) pid + cache->reading) % READINGS_PER_COMMAND == 0;
}

/* Whether what is known is of this process and of the program it runs now. */
static gboolean
still_holds (const Known *known, const AtlasStatus *status, const AtlasStat *stat)
{
  return known->start_time == stat->start_time && known->start_code == stat->start_code
         && known->start_stack == stat->start_stack && strcmp (known->raw_name, status->name) == 0;
}

static Known *
learn (Scan *scan, int directory, gint pid, const AtlasStatus *status, const AtlasStat *stat)
{
  Known *known = g_new0 (Known, 1);

  known->start_time = stat->start_time;
  known->start_code = stat->start_code;
  known->start_stack = stat->start_stack;
  known->raw_name = g_strdup (status->name);
  known->command = read_command (scan, directory, (stat->flags & PF_KTHREAD) != 0);
  known->name = to_ref_string (atlas_process_name_complete (status->name, known->command));
  g_hash_table_insert (scan->cache->known, GINT_TO_POINTER (pid), known);
  return known;
}

static const Known *
look_up (Scan *scan, int directory, gint pid, const AtlasStatus *status, const AtlasStat *stat)
{
  Known *known = g_hash_table_lookup (scan->cache->known, GINT_TO_POINTER (pid));

  if (known == NULL || !still_holds (known, status, stat) || is_due (scan->cache, pid))
    known = learn (scan, directory, pid, status, stat);
  known->last_seen = scan->cache->reading;
  return known;
}

static void
take_numbers (AtlasProcessInfo *info, const AtlasStatus *status, const AtlasStat *stat)
{
  info->start_time = stat->start_time;
  info->state = status->state;
  info->kernel_thread = (stat->flags & PF_KTHREAD) != 0;
  info->uid = status->uid;
  info->threads = status->threads;
  info->vm_size = status->kb[ATLAS_COUNTER_VM_SIZE];
  info->vm_rss = status->kb[ATLAS_COUNTER_VM_RSS];
  info->vm_swap = status->kb[ATLAS_COUNTER_VM_SWAP];
  info->vm_lck = status->kb[ATLAS_COUNTER_VM_LCK];
}

static gboolean
fill (Scan *scan, int directory, AtlasProcessInfo *info, GError **error)
{
  g_auto (AtlasStatus) status = { 0 };
  AtlasStat stat;

  if (!atlas_read_at (directory, "stat", FILE_LIMIT, scan->text, error)
      || !atlas_stat_parse (scan->text->str, scan->text->len, &stat, error)
      || !atlas_read_at (directory, "status", FILE_LIMIT, scan->text, error)
      || !atlas_status_parse (scan->text->str, scan->text->len, &status, error))
    return FALSE;

  const Known *known = look_up (scan, directory, info->pid, &status, &stat);
  take_numbers (info, &status, &stat);
  info->name = g_ref_string_acquire (known->name);
  info->command = g_ref_string_acquire (known->command);
  return TRUE;
}

/* The directory's owner is told even of a process that hidepid closes. */
static void
mark_unreadable (Scan *scan, AtlasProcessInfo *info)
{
  char name[16];
  struct stat owner;

  g_snprintf (name, sizeof name, "%d", info->pid);
  info->uid = fstatat (atlas_procfs_get_fd (scan->procfs), name, &owner, 0) == 0 ? owner.st_uid
                                                                                 : (guint) -1;
  info->unreadable = TRUE;
  info->state = '?';
  info->name = g_ref_string_new ("?");
  info->command = g_ref_string_new ("");
}

/* One process that is gone or closed is no error; being out of descriptors is: it would look as if
 * everything had ended. */
static gboolean
read_process (Scan *scan, gint pid, GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (AtlasProcessInfo) info = g_new0 (AtlasProcessInfo, 1);
  int directory = atlas_procfs_open_process (scan->procfs, pid, &failure);
  gboolean filled;

  info->pid = pid;
  filled = directory >= 0 && fill (scan, directory, info, &failure);
  if (directory >= 0)
    close (directory);

  if (g_error_matches (failure, ATLAS_PROC_ERROR, ATLAS_PROC_ERROR_GONE))
    return TRUE;
  if (g_error_matches (failure, ATLAS_PROC_ERROR, ATLAS_PROC_ERROR_FAILED))
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  if (!filled)
    mark_unreadable (scan, info);
  g_ptr_array_add (scan->infos, g_steal_pointer (&info));
  return TRUE;
}

static gboolean
was_not_seen (gpointer pid, gpointer known, gpointer cache)
{
  return ((Known *) known)->last_seen != ((AtlasProcessCache *) cache)->reading;
}

static gboolean
read_all (Scan *scan, const GArray *pids, GCancellable *cancellable, GError **error)
{
  for (guint i = 0; i < pids->len; i++)
    if (g_cancellable_set_error_if_cancelled (cancellable, error)
        || !read_process (scan, g_array_index (pids, gint, i), error))
      return FALSE;
  return TRUE;
}

AtlasProcessCache *
atlas_process_cache_new (void)
{
  AtlasProcessCache *cache = g_new0 (AtlasProcessCache, 1);
  cache->known = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) free_known);
  return cache;
}

void
atlas_process_cache_free (AtlasProcessCache *cache)
{
  if (cache == NULL)
    return;
  g_clear_pointer (&cache->known, g_hash_table_unref);
  g_free (cache);
}

GPtrArray *
atlas_process_scan (AtlasProcfs *procfs,
                    AtlasProcessCache *cache,
                    GCancellable *cancellable,
                    GError **error)
{
  g_return_val_if_fail (procfs != NULL, NULL);

  g_autoptr (GArray) pids = list_pids (procfs, error);
  if (pids == NULL)
    return NULL;

  g_autoptr (AtlasProcessCache) own = cache == NULL ? atlas_process_cache_new () : NULL;
  g_autoptr (GString) text = g_string_sized_new (16 * 1024);
  g_autoptr (GPtrArray) infos =
      g_ptr_array_new_full (pids->len, (GDestroyNotify) atlas_process_info_free);
  Scan scan = { procfs, cache != NULL ? cache : own, text, infos };

  scan.cache->reading++;
  if (!read_all (&scan, pids, cancellable, error))
    return NULL;
  g_hash_table_foreach_remove (scan.cache->known, was_not_seen, scan.cache);
  return g_steal_pointer (&infos);
}
