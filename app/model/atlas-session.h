/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What every view binds to: the process, the newest snapshot, the selection, the highlighted
 * counter, the pace. Views never talk to one another; they set and watch properties here. */

#pragma once

#include "atlas-history.h"
#include "atlas-page-changes.h"
#include "atlas-sampler.h"

G_BEGIN_DECLS

typedef enum
{
  ATLAS_SESSION_EMPTY,   /* no process chosen */
  ATLAS_SESSION_LOADING, /* chosen, nothing read yet */
  ATLAS_SESSION_LIVE,    /* the snapshot's access tells denied, kernel thread, zombie */
  ATLAS_SESSION_GONE,    /* it ended, reaped or not; the last snapshot (may be NULL) stays */
  ATLAS_SESSION_FAILED,  /* could not be read at all; see error */
} AtlasSessionState;

GType atlas_session_state_get_type (void);
#define ATLAS_TYPE_SESSION_STATE (atlas_session_state_get_type ())

#define ATLAS_TYPE_SESSION (atlas_session_get_type ())
G_DECLARE_FINAL_TYPE (AtlasSession, atlas_session, ATLAS, SESSION, GObject)

/* Properties, all with notify: state, snapshot (boxed), pid, procfs, selected-address (uint64, 0
 * none), has-selection (bool, read-only), highlight (uint AtlasCounter), paused, active, interval
 * (uint ms), cursor (int64). Signal `sampled`: the history grew. */
AtlasSession *atlas_session_new (AtlasProcfs *procfs);

/* Looks at another process (0: none). The highlight stays; selection, focus and history go, and the
 * snapshot is dropped. */
void atlas_session_set_pid (AtlasSession *self, gint pid);
gint atlas_session_get_pid (AtlasSession *self);
AtlasSessionState atlas_session_get_state (AtlasSession *self);
const GError *atlas_session_get_error (AtlasSession *self);
/* The one that is shown: the newest, or the one at the cursor; or NULL. (transfer none) */
AtlasSnapshot *atlas_session_get_snapshot (AtlasSession *self);
/* The one from which its counters' changes are told: the one before what was done last (see
 * atlas_session_flash()), else the sample before it; or NULL. (transfer none) */
AtlasSnapshot *atlas_session_get_previous (AtlasSession *self);

/* The selected page's address (its region is selected with it); 0 for none. */
void atlas_session_select (AtlasSession *self, guint64 address);
guint64 atlas_session_get_selected (AtlasSession *self);
/* Region that holds the selection in the newest snapshot, or NULL. (transfer none) */
AtlasRegion *atlas_session_get_selected_region (AtlasSession *self);

void atlas_session_set_highlight (AtlasSession *self, AtlasCounter counter);
AtlasCounter atlas_session_get_highlight (AtlasSession *self);

/* A GLib timeout asks for samples every @interval_ms while active and not paused. */
void atlas_session_set_interval (AtlasSession *self, guint interval_ms);
guint atlas_session_get_interval (AtlasSession *self);
void atlas_session_set_paused (AtlasSession *self, gboolean paused);
gboolean atlas_session_get_paused (AtlasSession *self);
/* FALSE while the window is hidden: nothing is read then. */
void atlas_session_set_active (AtlasSession *self, gboolean active);
/* What the cards show, to be read first and framed in the spine: signal `focus-changed`.
 * 0, 0: nothing. */
void atlas_session_set_focus (AtlasSession *self, guint64 start, guint64 end);
void atlas_session_get_focus (AtlasSession *self, guint64 *start, guint64 *end);
/* Asks the views to show @address: signal `reveal` (uint64 address). Does not select it. */
void atlas_session_reveal (AtlasSession *self, guint64 address);
/* Asks the views to keep @address in their middle, seen already or not: signal `scrub` (uint64
 * address). For a hand that drags along the address space. */
void atlas_session_scrub (AtlasSession *self, guint64 address);
/* Asks for a sample now (also while paused). */
void atlas_session_refresh (AtlasSession *self);

/* What the process's allocations are called; NULL: they have no names. Set by whoever knows, and
 * dropped with the process. While the past is looked at it gives the names that held then.
 * (transfer none) */
void atlas_session_set_labels (AtlasSession *self, AtlasLabels *labels);
AtlasLabels *atlas_session_get_labels (AtlasSession *self);

/* To be called when something was done to the process, with the snapshot @before that: asks the
 * views to point out the pages that differ from it (property `changes`). They become known with the
 * samples that begin after the call; those of a process that is read a part at a time grow until
 * all was read. They stay until the next call, until the process is another or until the past is
 * looked at; views decide how long they point. NULL: nothing to point out. */
void atlas_session_flash (AtlasSession *self, AtlasSnapshot *before);
/* The last snapshot of which nothing was read after @monotonic (microseconds), or NULL where none
 * is kept: how the process was before something that began then, whatever is looked at now.
 * (transfer none) */
AtlasSnapshot *atlas_session_find_whole_before (AtlasSession *self, gint64 monotonic);
/* NULL while there are none. (transfer none) */
AtlasPageChanges *atlas_session_get_changes (AtlasSession *self);

/* A point for each sample, oldest first; see AtlasHistory. */
const AtlasHistoryPoint *atlas_session_get_history (AtlasSession *self, guint *n_points);
/* Writes @text ("malloc 256 KiB → mmap") into the history at @monotonic (microseconds). */
void atlas_session_add_mark (AtlasSession *self, gint64 monotonic, const char *text);
/* Oldest first; see AtlasHistory. */
const AtlasHistoryMark *atlas_session_get_marks (AtlasSession *self, guint *n_marks);
/* Shows the process as it was at the kept sample nearest to @monotonic (microseconds); 0: as it is
 * now. Sampling goes on meanwhile. Property `cursor` (int64, the sample's time). */
void atlas_session_set_cursor (AtlasSession *self, gint64 monotonic);
gint64 atlas_session_get_cursor (AtlasSession *self);

G_END_DECLS
