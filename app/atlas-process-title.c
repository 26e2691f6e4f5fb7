/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Says which process is looked at, what it is doing, and how old the picture is. */

#include "atlas-config.h"

#include "atlas-process-title.h"

#include <glib/gi18n-lib.h>

#include "atlas-age.h"
#include "atlas-format.h"
#include "atlas-process-state.h"
#include "atlas-template.h"
#include "atlas-words.h"

/* How often "updated 3 s ago" is told anew. */
#define AGE_MS 1000
/* What is younger was updated just now. More than an interval, so that the title changes only while
 * samples come late or seldom: each change has the whole window laid out. */
#define NEW_US (G_USEC_PER_SEC * 3 / 2)

struct _AtlasProcessTitle
{
  GtkWidget parent_instance;

  AdwWindowTitle *title;

  AtlasSession *session;
  char *name; /* what to call the process, or NULL: its own */
  guint age_timeout;
};

G_DEFINE_FINAL_TYPE (AtlasProcessTitle, atlas_process_title, GTK_TYPE_WIDGET)

static char *
describe_age (AtlasSnapshot *snapshot)
{
  gint64 age = g_get_monotonic_time () - atlas_snapshot_get_monotonic (snapshot);
  g_autofree char *duration = NULL;

  if (age < NEW_US)
    return g_strdup (_ ("updated just now"));
  duration = atlas_format_duration (age);
  return g_strdup_printf (_ ("updated %s ago"), duration);
}

/* "1,486 regions · running · oldest pages over 10 s · updated 3 s ago". What goes without saying
 * comes last: a narrow window cuts it off. */
static char *
describe_live (AtlasSnapshot *snapshot)
{
  guint n_regions = atlas_snapshot_get_n_regions (snapshot);
  g_autofree char *state = atlas_process_state_describe (
      atlas_snapshot_get_status (snapshot)->state, atlas_snapshot_get_tracer (snapshot));
  g_autofree char *count = atlas_format_count (n_regions);
  g_autofree char *regions =
      g_strdup_printf (ngettext ("%s region", "%s regions", n_regions), count);
  g_autofree char *age = describe_age (snapshot);
  g_autofree char *oldest = atlas_age_describe_oldest_roughly (snapshot);
  const char *torn = atlas_snapshot_is_complete (snapshot) ? "" : _ (" · incomplete");

  if (n_regions == 0)
    return g_strdup_printf ("%s · %s", state, age);
  if (oldest != NULL)
    return g_strdup_printf ("%s · %s · %s · %s%s", regions, state, oldest, age, torn);
  return g_strdup_printf ("%s · %s · %s%s", regions, state, age, torn);
}

static char *
describe_state (AtlasProcessTitle *self, AtlasSnapshot *snapshot)
{
  g_autofree char *clock = NULL;

  switch (atlas_session_get_state (self->session))
    {
    case ATLAS_SESSION_LIVE:
      return snapshot ? describe_live (snapshot) : g_strdup ("");
    case ATLAS_SESSION_LOADING:
      return g_strdup (_ ("being read"));
    case ATLAS_SESSION_GONE:
      if (!snapshot)
        return g_strdup (_ ("not there"));
      clock = atlas_words_clock (atlas_snapshot_get_time (snapshot));
      return g_strdup_printf (_ ("ended · as it was at %s"), clock);
    case ATLAS_SESSION_FAILED:
      return g_strdup (_ ("could not be read"));
    case ATLAS_SESSION_EMPTY:
    default:
      return g_strdup ("");
    }
}

static char *
describe_process (AtlasProcessTitle *self, AtlasSnapshot *snapshot)
{
  gint pid = atlas_session_get_pid (self->session);

  if (pid == 0)
    return g_strdup (_ ("Memory Atlas"));
  if (!snapshot)
    return g_strdup_printf (_ ("Process %d"), pid);
  /* Translators: name of a process, and its PID */
  return g_strdup_printf (_ ("%s — %d"),
                          self->name ? self->name : atlas_snapshot_get_name (snapshot), pid);
}

static void
update (AtlasProcessTitle *self)
{
  AtlasSnapshot *snapshot = atlas_session_get_snapshot (self->session);
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  g_autofree char *title = describe_process (self, snapshot);
  g_autofree char *subtitle = describe_state (self, snapshot);

  if (g_strcmp0 (adw_window_title_get_title (self->title), title) != 0)
    {
      adw_window_title_set_title (self->title, title);
      if (GTK_IS_WINDOW (root))
        gtk_window_set_title (GTK_WINDOW (root), title);
    }
  adw_window_title_set_subtitle (self->title, subtitle);
}

static gboolean
age_timeout_cb (gpointer data)
{
  update (ATLAS_PROCESS_TITLE (data));
  return G_SOURCE_CONTINUE;
}

/* An age that nobody sees is not told. */
static void
active_changed_cb (AtlasProcessTitle *self)
{
  gboolean active;

  g_object_get (self->session, "active", &active, NULL);
  if (active && self->age_timeout == 0)
    self->age_timeout = g_timeout_add (AGE_MS, age_timeout_cb, self);
  else if (!active)
    g_clear_handle_id (&self->age_timeout, g_source_remove);
}

void
atlas_process_title_set_session (AtlasProcessTitle *self, AtlasSession *session)
{
  g_return_if_fail (ATLAS_IS_PROCESS_TITLE (self));
  g_return_if_fail (ATLAS_IS_SESSION (session));
  g_return_if_fail (!self->session);

  self->session = g_object_ref (session);
  g_signal_connect_object (session, "notify::state", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::snapshot", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::active", G_CALLBACK (active_changed_cb), self,
                           G_CONNECT_SWAPPED);
  active_changed_cb (self);
  update (self);
}

void
atlas_process_title_set_name (AtlasProcessTitle *self, const char *name)
{
  g_return_if_fail (ATLAS_IS_PROCESS_TITLE (self));

  if (g_strcmp0 (self->name, name) == 0)
    return;
  g_free (self->name);
  self->name = g_strdup (name);
  update (self);
}

static void
atlas_process_title_dispose (GObject *object)
{
  AtlasProcessTitle *self = ATLAS_PROCESS_TITLE (object);

  g_clear_handle_id (&self->age_timeout, g_source_remove);
  atlas_template_dispose (GTK_WIDGET (self), ATLAS_TYPE_PROCESS_TITLE);
  g_clear_object (&self->session);
  g_clear_pointer (&self->name, g_free);
  G_OBJECT_CLASS (atlas_process_title_parent_class)->dispose (object);
}

static void
atlas_process_title_class_init (AtlasProcessTitleClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = atlas_process_title_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/memoryatlas/MemoryAtlas/atlas-process-title.ui");
  gtk_widget_class_bind_template_child (widget_class, AtlasProcessTitle, title);
}

static void
atlas_process_title_init (AtlasProcessTitle *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
