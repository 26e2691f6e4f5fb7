/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Takes a snapshot. The process goes on while it is read, so nothing is assumed of one file because
 * of another: after all was read it is checked once more that the process lives and is the same,
 * and if its address space went away in between (it ended, or started another program) all is read
 * again. */

#include "atlas-config.h"

#include "atlas-snapshot-private.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

#include "atlas-cover.h"
#include "atlas-error.h"
#include "atlas-maps-file.h"
#include "atlas-page-filler.h"
#include "atlas-page-plan.h"
#include "atlas-process-name.h"
#include "atlas-region-drafts.h"
#include "atlas-text.h"

#define MOST_ATTEMPTS 3
#define FILE_LIMIT ((gsize) 64 << 10)
#define COMMAND_LIMIT ((gsize) 128 << 10)
#define SMAPS_LIMIT ((gsize) 1 << 30)
/* Reading smaps may take this share of the time: one part in so many. */
#define SMAPS_SHARE 100
/* Of a process that stands still, one part in so many of what may be read is. */
#define STILL_SHARE 6
/* More parts of different age than this are joined. */
#define MOST_AGES 512
#define FLAG_KERNEL_THREAD 0x00200000u /* PF_KTHREAD in stat's flags */

/* One attempt. */
typedef struct
{
  AtlasTarget *target;
  AtlasSnapshot *previous; /* of the same process, or NULL */
  const AtlasSnapshotOptions *options;
  GCancellable *cancellable;
  gboolean last; /* no further attempt: what cannot be read is a problem */
  GBytes *maps;  /* of previous, or NULL */
  gboolean same; /* maps is what it was then */
  AtlasSnapshot *snapshot;
  GString *text; /* reused for every file */
} Taking;

typedef enum
{
  OUTCOME_DONE,    /* read as far as can be */
  OUTCOME_CHANGED, /* the process changed too much meanwhile: try again */
  OUTCOME_FAILED,  /* the error is set */
} Outcome;

static void G_GNUC_PRINTF (3, 4)
    add_problem (Taking *taking, gboolean complete, const char *format, ...)
{
  va_list arguments;
  char *sentence;

  va_start (arguments, format);
  sentence = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  atlas_snapshot_take_problem (taking->snapshot, sentence, complete);
}

static gboolean
is_live (const Taking *taking)
{
  return atlas_procfs_is_live (atlas_target_get_procfs (taking->target));
}

static gboolean
has_ended (char state)
{
  return state == 'Z' || state == 'X' || state == 'x';
}

/* Whether @error came about because the process went on to end or to start another program. The
 * files of a process that has given back its memory belong to root, so to others it looks like a
 * refusal. */
static gboolean
is_change (Taking *taking, const GError *error)
{
  g_auto (AtlasStatus) status = { 0 };

  if (taking->last || !is_live (taking))
    return FALSE;
  if (g_error_matches (error, ATLAS_PROC_ERROR, ATLAS_PROC_ERROR_GONE))
    return TRUE;
  return g_error_matches (error, ATLAS_PROC_ERROR, ATLAS_PROC_ERROR_DENIED)
         && atlas_target_read (taking->target, "status", FILE_LIMIT, taking->text, NULL)
         && atlas_status_parse (taking->text->str, taking->text->len, &status, NULL)
         && !status.has_memory;
}

static gboolean
read_status (Taking *taking, GError **error)
{
  return atlas_target_read (taking->target, "status", FILE_LIMIT, taking->text, error)
         && atlas_status_parse (taking->text->str, taking->text->len, &taking->snapshot->status,
                                error);
}

static gboolean
read_stat (Taking *taking, AtlasStat *stat, GError **error)
{
  if (!atlas_target_read (taking->target, "stat", FILE_LIMIT, taking->text, error)
      || !atlas_stat_parse (taking->text->str, taking->text->len, stat, error))
    return FALSE;
  if (stat->start_time == atlas_target_get_start_time (taking->target))
    return TRUE;
  atlas_proc_error_set (error, ESRCH, _ ("The process has ended and another has its number"));
  return FALSE;
}

/* Those of the snapshot before when they are the same. */
static void
share_limits (Taking *taking)
{
  AtlasSnapshot *snapshot = taking->snapshot;

  if (taking->previous == NULL || !atlas_limits_equal (snapshot->limits, taking->previous->limits))
    return;
  g_atomic_rc_box_release_full (snapshot->limits, (GDestroyNotify) atlas_limits_clear);
  snapshot->limits = g_atomic_rc_box_acquire (taking->previous->limits);
}

static void
read_limits (Taking *taking)
{
  g_autoptr (GError) error = NULL;

  if (!atlas_target_read (taking->target, "limits", FILE_LIMIT, taking->text, &error)
      || !atlas_limits_parse (taking->text->str, taking->text->len, taking->snapshot->limits,
                              &error))
    add_problem (taking, FALSE, _ ("Its limits are not known. %s."), error->message);
  share_limits (taking);
}

static gdouble
read_start_epoch (Taking *taking)
{
  int directory = atlas_procfs_get_fd (atlas_target_get_procfs (taking->target));

  if (taking->previous != NULL)
    return taking->previous->start_epoch;
  if (!atlas_read_at (directory, "stat", G_MAXINT, taking->text, NULL))
    return 0.0;
  return atlas_stat_start_to_epoch (taking->snapshot->start_time, taking->text->str,
                                    taking->text->len);
}

/* A program that was started anew is laid out elsewhere; one that has given back its memory is
 * nowhere. */
static gboolean
is_laid_out_alike (const AtlasStat *before, const AtlasStat *now)
{
  return before->start_code == now->start_code && before->start_stack == now->start_stack;
}

/* Whether it still runs the program it ran when @previous was taken, as far as is cheaply told: a
 * new program has a new name, or is laid out elsewhere. */
static gboolean
is_same_program (const AtlasSnapshot *previous, const AtlasSnapshot *now)
{
  return g_str_equal (previous->status.name, now->status.name)
         && is_laid_out_alike (&previous->stat, &now->stat);
}

static char *
read_command (Taking *taking)
{
  GString *text = taking->text;

  if (taking->previous != NULL && is_same_program (taking->previous, taking->snapshot))
    return g_strdup (taking->previous->command);
  if (!atlas_target_read (taking->target, "cmdline", COMMAND_LIMIT, text, NULL))
    return g_strdup ("");
  while (text->len > 0 && text->str[text->len - 1] == '\0')
    g_string_truncate (text, text->len - 1);
  for (gsize i = 0; i < text->len; i++)
    if (text->str[i] == '\0')
      text->str[i] = ' ';
  return atlas_text_clean (text->str, (gssize) text->len);
}

static char *
read_tracer (Taking *taking)
{
  const AtlasStatus *status = &taking->snapshot->status;

  if (status->state != 't' || status->tracer == 0)
    return NULL;
  return atlas_process_name_read (atlas_target_get_procfs (taking->target), status->tracer);
}

/* What may be read of any process. */
static Outcome
read_identity (Taking *taking, GError **error)
{
  AtlasSnapshot *snapshot = taking->snapshot;

  if (!read_status (taking, error) || !read_stat (taking, &snapshot->stat, error))
    return OUTCOME_FAILED;
  read_limits (taking);
  snapshot->user = g_strdup (atlas_user_name (snapshot->status.uid));
  snapshot->tracer = read_tracer (taking);
  snapshot->system = atlas_system_new (atlas_target_get_procfs (taking->target));
  snapshot->start_epoch = read_start_epoch (taking);
  snapshot->command = read_command (taking);
  snapshot->name = atlas_process_name_complete (snapshot->status.name, snapshot->command);
  return OUTCOME_DONE;
}

/* Why the kernel refuses, and what would help. */
static void
note_denied (Taking *taking)
{
  const AtlasSnapshot *snapshot = taking->snapshot;

  if (geteuid () == 0)
    add_problem (taking, FALSE,
                 _ ("Even root is refused: a security module or the bounds of a container keep "
                    "this process's memory from being read."));
  else if (snapshot->status.uid != getuid ())
    add_problem (taking, FALSE,
                 _ ("This process belongs to %s. Its memory may be read by that account and by "
                    "root: start this program as one of them."),
                 snapshot->user);
  else
    add_problem (taking, FALSE,
                 _ ("This process is yours, but it has privileges of its own or has asked not to "
                    "be looked at, so the kernel does not show its memory. Root may read it."));
}

/* One reading of maps. */
typedef struct
{
  guint torn, malformed;
  gboolean lost; /* memory that was there is missing, or may be */
  GArray *cover; /* of the reading before, at first of the snapshot before; NULL: not known */
} MapsReading;

static void
maps_reading_clear (MapsReading *self)
{
  g_clear_pointer (&self->cover, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MapsReading, maps_reading_clear)

static void
note_torn (Taking *taking, const MapsReading *reading)
{
  if (reading->torn > 0)
    add_problem (taking, FALSE,
                 ngettext ("The process changed its regions while they were read: %u of them "
                           "overlapped another and was cut.",
                           "The process changed its regions while they were read: %u of them "
                           "overlapped others and were cut.",
                           reading->torn),
                 reading->torn);
  if (reading->lost)
    add_problem (taking, FALSE,
                 _ ("The process maps memory and gives it back faster than its regions are read: "
                    "some may be missing."));
  if (reading->malformed > 0)
    add_problem (taking, FALSE,
                 ngettext ("%u line of maps made no sense and was left out.",
                           "%u lines of maps made no sense and were left out.", reading->malformed),
                 reading->malformed);
}

static gboolean
is_alone (const AtlasSnapshot *snapshot)
{
  return snapshot->status.threads == 1;
}

static void
tell_kinds (Taking *taking, AtlasRegionDrafts *drafts)
{
  g_autofree char *program = atlas_target_read_link (taking->target, "exe", NULL);

  atlas_region_drafts_tell_kinds (drafts, program, is_alone (taking->snapshot));
}

/* Keeps the text for the next snapshot to compare with. */
static void
keep_maps (Taking *taking)
{
  GString *text = taking->text;

  taking->text = g_string_sized_new (4096);
  taking->snapshot->maps = g_string_free_to_bytes (text);
}

/* Of all processes, in any thread. Never 0. */
static guint64
count_reading (void)
{
  static gint64 n_readings;

  return (guint64) __atomic_add_fetch (&n_readings, 1, __ATOMIC_RELAXED);
}

static gboolean
has_size (const AtlasSnapshot *snapshot, guint64 n_bytes)
{
  return atlas_status_has (&snapshot->status, ATLAS_COUNTER_VM_SIZE)
         && snapshot->status.kb[ATLAS_COUNTER_VM_SIZE] == n_bytes / 1024;
}

/* While regions are split and merged the kernel may leave some out, and no overlap tells (seen on
 * Linux 6.18, which does not hold the lock on all of them). What is all there comes to VmSize, told
 * a moment earlier; else the process has mapped or unmapped something in between, and then what the
 * reading before had and this one has not was unmapped, or left out. */
static gboolean
may_have_lost (Taking *taking, const AtlasRegionDrafts *drafts, MapsReading *reading)
{
  GArray *cover;
  gboolean lost;

  if (!is_live (taking) || drafts->n_regions == 0 || has_size (taking->snapshot, drafts->n_bytes))
    return FALSE;
  if (reading->cover == NULL && taking->previous != NULL)
    reading->cover = atlas_cover_new ((AtlasRegion **) taking->previous->regions->pdata,
                                      taking->previous->regions->len);
  cover = atlas_cover_new (drafts->regions, drafts->n_regions);
  lost = reading->cover == NULL || !atlas_cover_holds (cover, reading->cover);
  maps_reading_clear (reading);
  reading->cover = cover;
  return lost;
}

/* Drafts from the maps in text. Gives whether they are of one piece. */
static gboolean
parse_maps (Taking *taking, AtlasRegionDrafts *drafts, MapsReading *reading)
{
  GPtrArray *before = taking->previous != NULL ? taking->previous->regions : NULL;

  atlas_region_drafts_clear (drafts);
  if (taking->same)
    {
      reading->torn = reading->malformed = 0;
      reading->lost = FALSE;
      atlas_region_drafts_init_same (drafts, before);
      return TRUE;
    }
  atlas_region_drafts_init_parse (drafts, taking->text->str, taking->text->len, before,
                                  &reading->torn, &reading->malformed);
  reading->lost = may_have_lost (taking, drafts, reading);
  return reading->torn == 0 && !reading->lost;
}

/* What was read is as good as it gets. */
static void
accept_maps (Taking *taking, AtlasRegionDrafts *drafts, const MapsReading *reading)
{
  AtlasSnapshot *snapshot = taking->snapshot;

  if (taking->same)
    {
      snapshot->maps = g_bytes_ref (taking->maps);
      snapshot->reading = taking->previous->reading;
      /* a thread may have got the stack of one that ended */
      if (is_alone (snapshot) == is_alone (taking->previous))
        return;
    }
  else if (reading->torn == 0 && reading->malformed == 0 && !reading->lost)
    keep_maps (taking);
  note_torn (taking, reading);
  tell_kinds (taking, drafts);
  snapshot->reading = count_reading ();
}

static Outcome
note_no_maps (Taking *taking, const GError *error)
{
  if (is_change (taking, error))
    return OUTCOME_CHANGED;
  if (g_error_matches (error, ATLAS_PROC_ERROR, ATLAS_PROC_ERROR_DENIED))
    note_denied (taking);
  else
    add_problem (taking, FALSE, "%s.", error->message);
  return OUTCOME_DONE;
}

/* Reads maps until it is of one piece, or often enough. @denied: whether the kernel refuses. */
static Outcome
read_maps (Taking *taking, AtlasRegionDrafts *drafts, gboolean *denied)
{
  g_auto (MapsReading) reading = { 0 };
  gboolean whole = FALSE;

  for (guint i = 1; i <= MOST_ATTEMPTS && !whole; i++)
    {
      g_autoptr (GError) error = NULL;

      if (!atlas_maps_file_read (taking->target, taking->maps, taking->text, &taking->same, &error))
        {
          *denied = g_error_matches (error, ATLAS_PROC_ERROR, ATLAS_PROC_ERROR_DENIED);
          return note_no_maps (taking, error);
        }
      whole = parse_maps (taking, drafts, &reading);
    }
  accept_maps (taking, drafts, &reading);
  if (drafts->n_regions > 0)
    return OUTCOME_DONE;
  if (!taking->last || is_live (taking))
    return OUTCOME_CHANGED;
  add_problem (taking, FALSE, _ ("Its list of regions (maps) is empty."));
  return OUTCOME_DONE;
}

static guint64
get_kb (const AtlasSnapshot *snapshot, AtlasCounter counter)
{
  return atlas_status_has (&snapshot->status, counter) ? snapshot->status.kb[counter] : 0;
}

/* Whether the flags of the regions before still hold. Moving a lock from one region to another of
 * the same size shows in no counter, so they are read again every now and then. */
static gboolean
are_flags_fresh (const Taking *taking)
{
  const AtlasSnapshot *previous = taking->previous;
  const AtlasSnapshot *now = taking->snapshot;

  return taking->same && previous->flags_time != 0
         && get_kb (previous, ATLAS_COUNTER_VM_LCK) == get_kb (now, ATLAS_COUNTER_VM_LCK)
         && get_kb (previous, ATLAS_COUNTER_HUGETLB_PAGES)
                == get_kb (now, ATLAS_COUNTER_HUGETLB_PAGES)
         && now->monotonic - previous->flags_time < previous->flags_cost * SMAPS_SHARE;
}

/* smaps, and with it the whole of the page tables, is read only when something is locked, or in
 * huge pages set aside. */
static void
read_flags (Taking *taking, AtlasRegionDrafts *drafts)
{
  AtlasSnapshot *snapshot = taking->snapshot;
  gboolean some_locked = get_kb (snapshot, ATLAS_COUNTER_VM_LCK) > 0;
  gboolean some_hugetlb = get_kb (snapshot, ATLAS_COUNTER_HUGETLB_PAGES) > 0;
  g_autoptr (GError) error = NULL;
  gint64 begun = g_get_monotonic_time ();

  snapshot->has_flags = some_locked || some_hugetlb;
  if (!snapshot->has_flags)
    {
      if (taking->previous != NULL && taking->previous->has_flags)
        atlas_region_drafts_set_flags (drafts, ATLAS_LOCKED_NO);
      return;
    }
  if (are_flags_fresh (taking))
    {
      atlas_region_drafts_keep_flags (drafts);
      snapshot->flags_time = taking->previous->flags_time;
      snapshot->flags_cost = taking->previous->flags_cost;
      return;
    }
  if (!atlas_target_read (taking->target, "smaps", SMAPS_LIMIT, taking->text, &error))
    {
      atlas_region_drafts_set_flags (drafts, some_locked ? ATLAS_LOCKED_UNKNOWN : ATLAS_LOCKED_NO);
      add_problem (taking, FALSE,
                   _ ("Which regions are locked, or in huge pages set aside, is not "
                      "known. %s."),
                   error->message);
      return;
    }
  atlas_region_drafts_read_flags (drafts, taking->text->str, taking->text->len, some_locked);
  snapshot->flags_time = begun;
  snapshot->flags_cost = g_get_monotonic_time () - begun;
}

static void
note_untold (Taking *taking)
{
  if ((taking->snapshot->told & (ATLAS_PAGE_ZERO | ATLAS_PAGE_HUGE)) == 0)
    add_problem (taking, TRUE,
                 _ ("Zero pages and huge pages are not told apart from others: this kernel has no "
                    "PAGEMAP_SCAN (Linux 6.7), and without it only root may know."));
}

/* How many regions lie, at least in part, where nothing was read yet. */
static guint
count_unread (const AtlasRegionDrafts *drafts, const AtlasPageAges *ages)
{
  guint n = 0;

  if (atlas_page_ages_get_oldest (ages, 0, G_MAXUINT64) != 0)
    return 0;
  for (guint i = 0; i < drafts->n_regions; i++)
    n += atlas_page_ages_get_oldest (ages, drafts->regions[i]->start, drafts->regions[i]->end) == 0;
  return n;
}

static void
note_unread (Taking *taking, const AtlasRegionDrafts *drafts)
{
  guint n_unread = count_unread (drafts, &taking->snapshot->ages);

  if (n_unread == 0)
    return;
  taking->snapshot->unfinished = TRUE;
  add_problem (taking, FALSE,
               ngettext ("The pages of %u region are still to be read: this process is read a part "
                         "at a time, so that it does not notice.",
                         "The pages of %u regions are still to be read: this process is read a "
                         "part at a time, so that it does not notice.",
                         n_unread),
               n_unread);
}

/* What is known from before of the pages, and how old that is. */
static void
carry_pages (Taking *taking, AtlasRegionDrafts *drafts)
{
  AtlasSnapshot *snapshot = taking->snapshot;

  if (taking->options->pace.budget_us == 0 || taking->previous == NULL)
    return;
  atlas_page_ages_clear (&snapshot->ages);
  atlas_page_ages_init_copy (&snapshot->ages, &taking->previous->ages);
  if (!taking->same)
    atlas_region_drafts_carry (drafts, &snapshot->ages, snapshot->page_size);
  atlas_page_ages_coarsen (&snapshot->ages, MOST_AGES);
}

/* What the reader tells, unless it is told of a part only. */
static AtlasPageState
get_told (const AtlasSnapshotOptions *options, AtlasPageReader *reader)
{
  AtlasPageState told = atlas_page_reader_get_told (reader);

  if (!options->want_sharing || options->focus_start < options->focus_end)
    told &= ~(ATLAS_PAGE_SHARED | ATLAS_PAGE_EXCLUSIVE);
  return told;
}

/* Whether the counters say that nothing happened since the snapshot before: no page fault, and the
 * same numbers. They do not tell everything, so this is reason to read less, not to read nothing.
 */
static gboolean
stands_still (const Taking *taking)
{
  const AtlasSnapshot *now = taking->snapshot;
  const AtlasSnapshot *previous = taking->previous;

  return taking->same && !previous->unfinished
         && now->stat.minor_faults == previous->stat.minor_faults
         && now->stat.major_faults == previous->stat.major_faults
         && memcmp (now->status.kb, previous->status.kb, sizeof now->status.kb) == 0;
}

/* The pace asked for, or a part of it. */
static AtlasPace
get_pace (const Taking *taking)
{
  AtlasPace pace = taking->options->pace;

  /* 0 is without bounds */
  if (pace.budget_us > 0 && stands_still (taking))
    pace.budget_us = MAX (pace.budget_us / STILL_SHARE, 1);
  return pace;
}

static gboolean
read_page_states (Taking *taking, AtlasRegionDrafts *drafts, GError **error)
{
  const AtlasSnapshotOptions *options = taking->options;
  AtlasSnapshot *snapshot = taking->snapshot;
  const AtlasPagePlan plan = { options->want_sharing, options->focus_start, options->focus_end,
                               get_pace (taking) };
  g_autoptr (AtlasPageReader) reader =
      atlas_page_reader_new (taking->target, options->method, error);

  if (reader == NULL)
    return FALSE;
  carry_pages (taking, drafts);
  if (!atlas_page_plan_read (&plan, reader, drafts, &snapshot->ages, g_get_monotonic_time (),
                             snapshot->page_size, taking->cancellable, error))
    return FALSE;
  snapshot->walk_time = atlas_page_reader_get_spent (reader);
  snapshot->told = get_told (options, reader);
  note_untold (taking);
  note_unread (taking, drafts);
  return TRUE;
}

static void
note_no_pages (Taking *taking, const GError *error)
{
  if (!is_live (taking))
    add_problem (taking, FALSE,
                 _ ("This is a recording without pagemap, so which pages are in "
                    "memory is not known."));
  else if (g_error_matches (error, ATLAS_PROC_ERROR, ATLAS_PROC_ERROR_DENIED))
    add_problem (taking, FALSE,
                 _ ("Which pages are in memory is not known: the kernel shows the regions of this "
                    "process, but not its page tables (pagemap). Root may read them."));
  else
    add_problem (taking, FALSE, _ ("Which pages are in memory is not known. %s."), error->message);
}

static Outcome
read_pages (Taking *taking, AtlasRegionDrafts *drafts, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  if (drafts->n_regions == 0 || read_page_states (taking, drafts, &local_error))
    return OUTCOME_DONE;
  if (g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return OUTCOME_FAILED;
    }
  if (is_change (taking, local_error))
    return OUTCOME_CHANGED;
  note_no_pages (taking, local_error);
  atlas_page_ages_clear (&taking->snapshot->ages);
  atlas_page_ages_init (&taking->snapshot->ages, 0);
  atlas_region_drafts_set_unknown (drafts, taking->snapshot->page_size);
  return OUTCOME_DONE;
}

/* smaps comes in one piece up to the region that is wanted, so that of a large process is not read
 * with every sample. */
static gboolean
keep_selected (Taking *taking, guint64 address)
{
  const AtlasSnapshot *previous = taking->previous;
  AtlasSnapshot *snapshot = taking->snapshot;

  if (!taking->same || taking->options->pace.budget_us == 0 || previous->smaps == NULL
      || address < previous->smaps->start || address >= previous->smaps->end
      || snapshot->monotonic - previous->smaps_time >= previous->smaps_cost * SMAPS_SHARE)
    return FALSE;
  snapshot->smaps = g_memdup2 (previous->smaps, sizeof *previous->smaps);
  snapshot->smaps_time = previous->smaps_time;
  snapshot->smaps_cost = previous->smaps_cost;
  return TRUE;
}

static void
read_selected (Taking *taking)
{
  guint64 address = taking->options->selected_address;
  gint64 begun = g_get_monotonic_time ();
  AtlasSmaps smaps;

  if (address == 0 || !atlas_snapshot_find (taking->snapshot, address, NULL)
      || keep_selected (taking, address))
    return;
  if (!atlas_smaps_read_region (taking->target, address, &smaps, NULL))
    return;
  taking->snapshot->smaps = g_memdup2 (&smaps, sizeof smaps);
  taking->snapshot->smaps_time = begun;
  taking->snapshot->smaps_cost = g_get_monotonic_time () - begun;
}

static Outcome
read_memory (Taking *taking, GError **error)
{
  g_auto (AtlasRegionDrafts) drafts = { 0 };
  AtlasSnapshot *snapshot = taking->snapshot;
  gboolean denied = FALSE;
  Outcome outcome = read_maps (taking, &drafts, &denied);

  if (outcome != OUTCOME_DONE)
    return outcome;
  if (denied)
    {
      snapshot->access = ATLAS_ACCESS_DENIED;
      return OUTCOME_DONE;
    }
  read_flags (taking, &drafts);
  outcome = read_pages (taking, &drafts, error);
  if (outcome != OUTCOME_DONE)
    return outcome;
  g_ptr_array_unref (snapshot->regions);
  snapshot->regions = atlas_region_drafts_publish (&drafts, &snapshot->ages, snapshot->page_size);
  read_selected (taking);
  return OUTCOME_DONE;
}

/* Ended processes give empty files without an error, and of one that started another program there
 * may be the regions of one and the pages of the other, so this is asked after all was read. */
static Outcome
check_still_same (Taking *taking, GError **error)
{
  AtlasStat stat;

  if (!read_stat (taking, &stat, error))
    return OUTCOME_FAILED;
  if (has_ended (stat.state) || !is_laid_out_alike (&taking->snapshot->stat, &stat))
    return OUTCOME_CHANGED;
  return OUTCOME_DONE;
}

static void
note_zombie (Taking *taking)
{
  taking->snapshot->access = ATLAS_ACCESS_ZOMBIE;
  if (taking->snapshot->status.threads > 1)
    add_problem (taking, FALSE,
                 _ ("Its first thread has ended while others go on. The kernel "
                    "shows the memory of a process by its first thread."));
}

/* The flag in stat is the kernel's own; status of kernels before 6.10 leaves one to guess, and a
 * process that is about to end looks the same. */
static gboolean
is_kernel_thread (const Taking *taking)
{
  const AtlasSnapshot *snapshot = taking->snapshot;

  return (snapshot->stat.flags & FLAG_KERNEL_THREAD) != 0
         || (!is_live (taking) && snapshot->status.kernel_thread);
}

/* Its memory is given back before its state says that it ended. */
static gboolean
has_given_back (const Taking *taking)
{
  return has_ended (taking->snapshot->status.state)
         || (is_live (taking) && !taking->snapshot->status.has_memory);
}

static Outcome
read_process (Taking *taking, GError **error)
{
  AtlasSnapshot *snapshot = taking->snapshot;
  Outcome outcome = read_identity (taking, error);

  if (outcome != OUTCOME_DONE)
    return outcome;
  if (is_kernel_thread (taking))
    snapshot->access = ATLAS_ACCESS_KERNEL_THREAD;
  else if (has_given_back (taking))
    note_zombie (taking);
  else
    outcome = read_memory (taking, error);
  if (outcome != OUTCOME_DONE || snapshot->access == ATLAS_ACCESS_ZOMBIE)
    return outcome;
  return check_still_same (taking, error);
}

/* After a change: nothing if the process is still there, else GONE. */
static gboolean
check_alive (Taking *taking, GError **error)
{
  AtlasStat stat;

  return !g_cancellable_set_error_if_cancelled (taking->cancellable, error)
         && read_stat (taking, &stat, error);
}

/* A living process has regions. */
static void
note_changed (Taking *taking)
{
  if (taking->snapshot->regions->len == 0)
    taking->snapshot->access = ATLAS_ACCESS_ZOMBIE;
  else
    add_problem (taking, FALSE, _ ("The process changed while it was read."));
}

/* Attempts until one is of one piece. The last takes what it gets. */
static AtlasSnapshot *
take_repeatedly (Taking *taking, GError **error)
{
  for (guint i = 1; i <= MOST_ATTEMPTS; i++)
    {
      g_autoptr (AtlasSnapshot) snapshot = atlas_snapshot_new (taking->target);
      Outcome outcome;

      taking->snapshot = snapshot;
      snapshot->interval = taking->options->interval_us;
      taking->last = i == MOST_ATTEMPTS;
      outcome = read_process (taking, error);
      if (outcome == OUTCOME_FAILED || (outcome == OUTCOME_CHANGED && !check_alive (taking, error)))
        return NULL;
      if (outcome == OUTCOME_CHANGED && !taking->last)
        continue;
      if (outcome == OUTCOME_CHANGED)
        note_changed (taking);
      atlas_snapshot_publish (snapshot, taking->previous);
      return g_steal_pointer (&snapshot);
    }
  g_return_val_if_reached (NULL);
}

/* The bytes of maps serve the next snapshot only, so it takes them over: histories keep many. */
static GBytes *
steal_maps (AtlasSnapshot *previous)
{
  GBytes *maps;

  g_mutex_lock (&previous->lock);
  maps = g_steal_pointer (&previous->maps);
  g_mutex_unlock (&previous->lock);
  return maps;
}

AtlasSnapshot *
atlas_snapshot_take (AtlasTarget *target,
                     AtlasSnapshot *previous,
                     const AtlasSnapshotOptions *options,
                     GCancellable *cancellable,
                     GError **error)
{
  static const AtlasSnapshotOptions defaults = { .want_sharing = TRUE };
  g_autoptr (GBytes) maps = NULL;
  AtlasSnapshot *snapshot;
  Taking taking = {
    .target = target,
    .options = options != NULL ? options : &defaults,
    .cancellable = cancellable,
  };

  g_return_val_if_fail (target != NULL, NULL);

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  if (previous != NULL && previous->pid == atlas_target_get_pid (target)
      && previous->start_time == atlas_target_get_start_time (target))
    {
      taking.previous = previous;
      taking.maps = maps = steal_maps (previous);
    }
  taking.text = g_string_sized_new (4096);
  snapshot = take_repeatedly (&taking, error);
  g_string_free (taking.text, TRUE);
  return snapshot;
}
