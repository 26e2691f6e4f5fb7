/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A counter, explained. Where the pages on the map do not add up to the kernel's number, both are
 * shown. */

#include "atlas-config.h"

#include "atlas-counter-row.h"

#include <glib/gi18n-lib.h>

#include "atlas-format.h"
#include "atlas-optional-label.h"

struct _AtlasCounterRow
{
  GtkBox parent_instance;

  GtkLabel *name_label;
  GtkLabel *title_label;
  GtkLabel *value_label;
  GtkLabel *kb_label;
  GtkToggleButton *toggle;
  GtkLabel *explanation_label;
  GtkLabel *map_label;

  AtlasCounter counter;
  AtlasSession *session;
};

G_DEFINE_FINAL_TYPE (AtlasCounterRow, atlas_counter_row, GTK_TYPE_BOX)

static void
toggled_cb (AtlasCounterRow *self)
{
  AtlasCounter highlight = atlas_session_get_highlight (self->session);

  if (gtk_toggle_button_get_active (self->toggle))
    atlas_session_set_highlight (self->session, self->counter);
  else if (highlight == self->counter)
    atlas_session_set_highlight (self->session, ATLAS_COUNTER_NONE);
}

static void
highlight_changed_cb (AtlasCounterRow *self)
{
  gtk_toggle_button_set_active (self->toggle,
                                atlas_session_get_highlight (self->session) == self->counter);
}

/* The sum on the map, if it can be told and is another. */
static char *
describe_map (AtlasCounterRow *self, AtlasSnapshot *snapshot, guint64 kb)
{
  guint64 map_kb;
  g_autofree char *map = NULL;

  if (!atlas_counter_has_pages (self->counter)
      || atlas_snapshot_get_access (snapshot) != ATLAS_ACCESS_FULL)
    return NULL;
  map_kb = atlas_snapshot_count (snapshot, self->counter)
           * (atlas_snapshot_get_page_size (snapshot) / 1024);
  if (map_kb == kb)
    return NULL;
  map = atlas_format_kb (map_kb);
  return g_strdup_printf (_ ("The pages on the map add up to %s."), map);
}

void
atlas_counter_row_show (AtlasCounterRow *self, AtlasSnapshot *snapshot)
{
  const AtlasStatus *status;
  guint64 kb;
  g_autofree char *bytes = NULL;
  g_autofree char *exact = NULL;
  g_autofree char *map = NULL;

  g_return_if_fail (ATLAS_IS_COUNTER_ROW (self));
  g_return_if_fail (snapshot);

  status = atlas_snapshot_get_status (snapshot);
  gtk_widget_set_visible (GTK_WIDGET (self), atlas_status_has (status, self->counter));
  if (!atlas_status_has (status, self->counter))
    return;
  kb = status->kb[self->counter];
  bytes = atlas_format_bytes (kb * 1024);
  exact = atlas_format_kb (kb);
  map = describe_map (self, snapshot, kb);
  gtk_label_set_text (self->value_label, bytes);
  gtk_label_set_text (self->kb_label, exact);
  atlas_optional_label_set (self->map_label, map);
  gtk_widget_set_visible (GTK_WIDGET (self->toggle),
                          atlas_counter_has_pages (self->counter)
                              && atlas_snapshot_get_access (snapshot) == ATLAS_ACCESS_FULL);
}

static void
atlas_counter_row_dispose (GObject *object)
{
  AtlasCounterRow *self = ATLAS_COUNTER_ROW (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), ATLAS_TYPE_COUNTER_ROW);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (atlas_counter_row_parent_class)->dispose (object);
}

static void
atlas_counter_row_class_init (AtlasCounterRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = atlas_counter_row_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/memoryatlas/MemoryAtlas/atlas-counter-row.ui");
  gtk_widget_class_bind_template_child (widget_class, AtlasCounterRow, name_label);
  gtk_widget_class_bind_template_child (widget_class, AtlasCounterRow, title_label);
  gtk_widget_class_bind_template_child (widget_class, AtlasCounterRow, value_label);
  gtk_widget_class_bind_template_child (widget_class, AtlasCounterRow, kb_label);
  gtk_widget_class_bind_template_child (widget_class, AtlasCounterRow, toggle);
  gtk_widget_class_bind_template_child (widget_class, AtlasCounterRow, explanation_label);
  gtk_widget_class_bind_template_child (widget_class, AtlasCounterRow, map_label);
  gtk_widget_class_bind_template_callback (widget_class, toggled_cb);
}

static void
atlas_counter_row_init (AtlasCounterRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
atlas_counter_row_new (AtlasCounter counter, AtlasSession *session)
{
  AtlasCounterRow *self = g_object_new (ATLAS_TYPE_COUNTER_ROW, NULL);
  const char *name = atlas_counter_get_name (counter);
  g_autofree char *label = g_strdup_printf (_ ("Light the pages of %s"), name);

  self->counter = counter;
  self->session = g_object_ref (session);
  gtk_label_set_text (self->name_label, name);
  gtk_label_set_text (self->title_label, atlas_counter_get_title (counter));
  gtk_label_set_text (self->explanation_label, atlas_counter_get_explanation (counter));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->toggle), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label, -1);
  g_signal_connect_object (session, "notify::highlight", G_CALLBACK (highlight_changed_cb), self,
                           G_CONNECT_SWAPPED);
  highlight_changed_cb (self);
  return GTK_WIDGET (self);
}
