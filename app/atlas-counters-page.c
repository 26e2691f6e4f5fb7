/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Counters tab: what status says, in the kernel's order, those this program does not know
 * included; and the page faults of stat. */

#include "atlas-config.h"

#include "atlas-counters-page.h"

#include <glib/gi18n-lib.h>

#include "atlas-counter-row.h"
#include "atlas-fact-list.h"
#include "atlas-format.h"
#include "atlas-text.h"
#include "atlas-template.h"

struct _AtlasCountersPage
{
  GtkWidget parent_instance;

  GtkLabel *none_label;
  GtkBox *rows_box;
  AtlasFactList *faults;
  GtkWidget *unknown_box;
  AtlasFactList *unknown;

  AtlasSession *session;
  AtlasCounterRow *rows[ATLAS_N_COUNTERS]; /* unowned, in rows_box */
};

G_DEFINE_FINAL_TYPE (AtlasCountersPage, atlas_counters_page, GTK_TYPE_WIDGET)

static void
show_faults (AtlasCountersPage *self, const AtlasStat *stat)
{
  g_autofree char *minor = atlas_format_count (stat->minor_faults);
  g_autofree char *major = atlas_format_count (stat->major_faults);

  atlas_fact_list_begin (self->faults);
  atlas_fact_list_add (self->faults, _ ("Minor"), minor,
                       _ ("A page was missing and could be had without reading from a disk."));
  atlas_fact_list_add (self->faults, _ ("Major"), major,
                       _ ("A page had to be read from a disk: from its file, or from swap."));
  atlas_fact_list_end (self->faults);
}

static void
show_unknown (AtlasCountersPage *self, const AtlasStatus *status)
{
  gtk_widget_set_visible (self->unknown_box, status->n_unknown > 0);
  atlas_fact_list_begin (self->unknown);
  for (guint i = 0; i < status->n_unknown; i++)
    {
      g_autofree char *name = atlas_text_clean_short (status->unknown[i].name, -1, 40);
      g_autofree char *value = atlas_format_kb (status->unknown[i].kb);

      atlas_fact_list_add (self->unknown, name, value, NULL);
    }
  atlas_fact_list_end (self->unknown);
}

static void
update (AtlasCountersPage *self)
{
  AtlasSnapshot *snapshot = self->session ? atlas_session_get_snapshot (self->session) : NULL;

  if (!snapshot || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  for (guint i = 0; i < ATLAS_N_COUNTERS; i++)
    atlas_counter_row_show (self->rows[i], snapshot);
  gtk_widget_set_visible (GTK_WIDGET (self->none_label),
                          atlas_snapshot_get_status (snapshot)->present == 0);
  show_faults (self, atlas_snapshot_get_stat (snapshot));
  show_unknown (self, atlas_snapshot_get_status (snapshot));
}

static void
build_rows (AtlasCountersPage *self)
{
  for (guint i = 0; i < ATLAS_N_COUNTERS; i++)
    {
      GtkWidget *row = atlas_counter_row_new ((AtlasCounter) i, self->session);

      self->rows[i] = ATLAS_COUNTER_ROW (row);
      gtk_box_append (self->rows_box, row);
    }
}

void
atlas_counters_page_set_session (AtlasCountersPage *self, AtlasSession *session)
{
  g_return_if_fail (ATLAS_IS_COUNTERS_PAGE (self));
  g_return_if_fail (ATLAS_IS_SESSION (session));
  g_return_if_fail (!self->session);

  self->session = g_object_ref (session);
  build_rows (self);
  g_signal_connect_object (session, "notify::snapshot", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  update (self);
}

static void
atlas_counters_page_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (atlas_counters_page_parent_class)->map (widget);
  update (ATLAS_COUNTERS_PAGE (widget));
}

static void
atlas_counters_page_dispose (GObject *object)
{
  AtlasCountersPage *self = ATLAS_COUNTERS_PAGE (object);

  atlas_template_dispose (GTK_WIDGET (self), ATLAS_TYPE_COUNTERS_PAGE);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (atlas_counters_page_parent_class)->dispose (object);
}

static void
atlas_counters_page_class_init (AtlasCountersPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = atlas_counters_page_dispose;
  widget_class->map = atlas_counters_page_map;

  g_type_ensure (ATLAS_TYPE_FACT_LIST);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/memoryatlas/MemoryAtlas/atlas-counters-page.ui");
  gtk_widget_class_bind_template_child (widget_class, AtlasCountersPage, none_label);
  gtk_widget_class_bind_template_child (widget_class, AtlasCountersPage, rows_box);
  gtk_widget_class_bind_template_child (widget_class, AtlasCountersPage, faults);
  gtk_widget_class_bind_template_child (widget_class, AtlasCountersPage, unknown_box);
  gtk_widget_class_bind_template_child (widget_class, AtlasCountersPage, unknown);
}

static void
atlas_counters_page_init (AtlasCountersPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
