/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the tests on living processes share. */

#pragma once

#include "atlas-session.h"
#include "atlas-snapshot.h"
#include "helper-client.h"

G_BEGIN_DECLS

/* The real /proc, the same one each time. (transfer none) */
AtlasProcfs *live_get_procfs (void);
AtlasTarget *live_open (gint pid);

/* With sharing, without a pause; fails the test if it cannot be taken. */
AtlasSnapshot *live_take (AtlasTarget *target, AtlasSnapshot *previous, AtlasPageMethod method);
AtlasSnapshot *live_take_helper (Helper *helper);

/* A snapshot taken by another thread, so that things can be done meanwhile. @previous and @options
 * may be NULL. */
typedef struct _LiveTaking LiveTaking;
LiveTaking *
live_take_begin (AtlasTarget *target, AtlasSnapshot *previous, const AtlasSnapshotOptions *options);
/* Waits for it and gives it, or NULL and the error; fails the test after a minute. */
AtlasSnapshot *live_take_end (LiveTaking *self, GError **error);

/* The region that holds @address; fails the test if none does. (transfer none) */
AtlasRegion *live_find (AtlasSnapshot *snapshot, guint64 address);

/* One letter for each page: "." absent, "z" zero, "Z" huge zero, "s" swapped, "?" unknown;
 * resident: "a" anonymous, "f" of a file or shared memory, "h" huge (anonymous), "g" huge (of a
 * file), upper case where other page tables map it, too. */
char live_get_letter (AtlasPageState state);
/* @n_pages letters from @address on; "!" where no region is. */
char *live_describe (AtlasSnapshot *snapshot, guint64 address, guint64 n_pages);
/* @pages as this kernel has them: "a" for "z" and "h" for "Z" where it does without its page of
 * zeros. */
char *live_adapt (const char *pages);
#define live_assert_pages(snapshot, address, expected)                                             \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_autofree char *described_ = live_describe ((snapshot), (address), strlen (expected));        \
    g_autofree char *expected_ = live_adapt (expected);                                            \
    g_assert_cmpstr (described_, ==, expected_);                                                   \
  }                                                                                                \
  G_STMT_END

/* Files that tests make are named so; no other process maps them. */
#define LIVE_FILE_PREFIX "atlas-live-"
/* Whether it is up to the test which pages are shared. Pages of a program or a library are shared
 * with whatever else happens to run. */
gboolean live_is_sharing_stable (const AtlasRegion *region);

/* Holds every region against its block of smaps. The process must be stopped. */
void live_check_smaps (AtlasSnapshot *snapshot, gint pid);

/* Ascending, apart, whole pages, with as many page states as pages. */
void live_check_shape (AtlasSnapshot *snapshot);

/* Iterates the main context until @done; fails the test after a minute. */
typedef gboolean (*LiveCondition) (gpointer user_data);
void live_wait (LiveCondition done, gpointer user_data);

/* Whether a sentence of the problems holds @text. */
gboolean live_has_problem (AtlasSnapshot *snapshot, const char *text);
/* Whether it says that regions may be missing. */
gboolean live_may_lack_regions (AtlasSnapshot *snapshot);

/* How often to do what is done often: @few times, or @many where ATLAS_SOAK is set. */
guint live_get_rounds (guint few, guint many);

/* Whether the kernel has PAGEMAP_SCAN; and swap to put anything into. */
gboolean live_can_scan (void);
gboolean live_has_swap (void);

G_END_DECLS
