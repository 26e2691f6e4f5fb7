/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Limits tab. Four limits bound a counter that is known, and get a bar; the rest is listed.
 * Source: getrlimit(2), Documentation/filesystems/proc.rst. */

#include "atlas-config.h"

#include "atlas-limits-page.h"

#include <glib/gi18n-lib.h>

#include "atlas-fact-list.h"
#include "atlas-limit-row.h"
#include "atlas-text.h"
#include "atlas-template.h"

static const struct
{
  const char *name;
  AtlasCounter counter;
  const char *explanation;
} BOUNDS[] = {
  { "memlock", ATLAS_COUNTER_VM_LCK,
    N_ ("Bounds VmLck. Above it mlock() fails with ENOMEM; a privileged process is not bound.") },
  { "as", ATLAS_COUNTER_VM_SIZE,
    N_ ("Bounds VmSize, the address space, used or not. Above it mmap() and brk() fail with "
        "ENOMEM.") },
  { "data", ATLAS_COUNTER_VM_DATA,
    N_ ("Bounds VmData: heap and private writable memory. Above it brk() and mmap() fail with "
        "ENOMEM.") },
  { "stack", ATLAS_COUNTER_VM_STK,
    N_ ("Bounds VmStk, the first thread’s stack. Where it cannot grow further the process gets "
        "SIGSEGV.") },
};

struct _AtlasLimitsPage
{
  GtkWidget parent_instance;

  GtkBox *rows_box;
  GtkWidget *others_box;
  AtlasFactList *others;

  AtlasSession *session;
  AtlasLimitRow *rows[G_N_ELEMENTS (BOUNDS)]; /* unowned, in rows_box */
};

G_DEFINE_FINAL_TYPE (AtlasLimitsPage, atlas_limits_page, GTK_TYPE_WIDGET)

static gboolean
has_row (const AtlasLimit *limit)
{
  for (gsize i = 0; i < G_N_ELEMENTS (BOUNDS); i++)
    if (g_str_equal (limit->name, BOUNDS[i].name))
      return TRUE;
  return FALSE;
}

static void
add_other (AtlasLimitsPage *self, const AtlasLimit *limit)
{
  g_autofree char *title = atlas_text_clean_short (limit->title, -1, 40);
  g_autofree char *soft = atlas_limit_format (limit, limit->soft);
  g_autofree char *hard = atlas_limit_format (limit, limit->hard);
  /* Translators: soft limit, and hard limit */
  g_autofree char *both = g_strdup_printf (_ ("%s (hard %s)"), soft, hard);

  atlas_fact_list_add (self->others, title, limit->soft == limit->hard ? soft : both, NULL);
}

static void
update (AtlasLimitsPage *self)
{
  AtlasSnapshot *snapshot = self->session ? atlas_session_get_snapshot (self->session) : NULL;
  const AtlasLimits *limits;

  if (!snapshot || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  limits = atlas_snapshot_get_limits (snapshot);
  for (gsize i = 0; i < G_N_ELEMENTS (BOUNDS); i++)
    atlas_limit_row_show (self->rows[i], snapshot);
  atlas_fact_list_begin (self->others);
  for (guint i = 0; i < limits->n_limits; i++)
    if (!has_row (&limits->limits[i]))
      add_other (self, &limits->limits[i]);
  atlas_fact_list_end (self->others);
  gtk_widget_set_visible (self->others_box, limits->n_limits > 0);
}

void
atlas_limits_page_set_session (AtlasLimitsPage *self, AtlasSession *session)
{
  g_return_if_fail (ATLAS_IS_LIMITS_PAGE (self));
  g_return_if_fail (ATLAS_IS_SESSION (session));
  g_return_if_fail (!self->session);

  self->session = g_object_ref (session);
  g_signal_connect_object (session, "notify::snapshot", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  update (self);
}

static void
atlas_limits_page_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (atlas_limits_page_parent_class)->map (widget);
  update (ATLAS_LIMITS_PAGE (widget));
}

static void
atlas_limits_page_dispose (GObject *object)
{
  AtlasLimitsPage *self = ATLAS_LIMITS_PAGE (object);

  atlas_template_dispose (GTK_WIDGET (self), ATLAS_TYPE_LIMITS_PAGE);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (atlas_limits_page_parent_class)->dispose (object);
}

static void
atlas_limits_page_class_init (AtlasLimitsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = atlas_limits_page_dispose;
  widget_class->map = atlas_limits_page_map;

  g_type_ensure (ATLAS_TYPE_FACT_LIST);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/memoryatlas/MemoryAtlas/atlas-limits-page.ui");
  gtk_widget_class_bind_template_child (widget_class, AtlasLimitsPage, rows_box);
  gtk_widget_class_bind_template_child (widget_class, AtlasLimitsPage, others_box);
  gtk_widget_class_bind_template_child (widget_class, AtlasLimitsPage, others);
}

static void
atlas_limits_page_init (AtlasLimitsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  for (gsize i = 0; i < G_N_ELEMENTS (BOUNDS); i++)
    {
      GtkWidget *row =
          atlas_limit_row_new (BOUNDS[i].name, BOUNDS[i].counter, _ (BOUNDS[i].explanation));

      self->rows[i] = ATLAS_LIMIT_ROW (row);
      gtk_box_append (self->rows_box, row);
    }
}
