/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A column of rows, each with a dim label and a value in figures of equal width. Rows are kept and
 * reused from one filling to the next. */

#include "atlas-config.h"

#include "atlas-fact-list.h"

#define MOST_LINES 5
#define SHORT_VALUE 16 /* characters that always fit a line */

typedef struct
{
  GtkWidget *row, *label, *value;
} Row;

struct _AtlasFactList
{
  GtkWidget parent_instance;

  GArray *rows; /* of Row */
  guint n_used;
};

G_DEFINE_FINAL_TYPE (AtlasFactList, atlas_fact_list, GTK_TYPE_WIDGET)

static Row *
append_row (AtlasFactList *self)
{
  Row row = {
    .row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12),
    .label = gtk_label_new (NULL),
    .value = gtk_label_new (NULL),
  };

  gtk_label_set_xalign (GTK_LABEL (row.label), 0);
  gtk_widget_set_valign (row.label, GTK_ALIGN_START);
  gtk_widget_add_css_class (row.label, "dim-label");
  gtk_label_set_xalign (GTK_LABEL (row.value), 1);
  gtk_label_set_wrap_mode (GTK_LABEL (row.value), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable (GTK_LABEL (row.value), TRUE);
  gtk_widget_set_hexpand (row.value, TRUE);
  gtk_widget_add_css_class (row.value, "numeric");
  gtk_widget_add_css_class (row.row, "fact");
  gtk_box_append (GTK_BOX (row.row), row.label);
  gtk_box_append (GTK_BOX (row.row), row.value);
  gtk_widget_set_parent (row.row, GTK_WIDGET (self));
  g_array_append_val (self->rows, row);
  return &g_array_index (self->rows, Row, self->rows->len - 1);
}

/* Setting the same text again would drop a selection in it. */
static void
set_text (GtkWidget *label, const char *text)
{
  if (g_strcmp0 (gtk_label_get_text (GTK_LABEL (label)), text) != 0)
    gtk_label_set_text (GTK_LABEL (label), text);
}

void
atlas_fact_list_begin (AtlasFactList *self)
{
  g_return_if_fail (ATLAS_IS_FACT_LIST (self));
  self->n_used = 0;
}

/* GTK 4.8 now and then measures short labels that may wrap as less than nothing wide. What is very
 * long (a program given on its command line) ends after some lines. */
static void
set_wrap (GtkLabel *label, gboolean is_long)
{
  gtk_label_set_wrap (label, is_long);
  gtk_label_set_ellipsize (label, is_long ? PANGO_ELLIPSIZE_END : PANGO_ELLIPSIZE_NONE);
  gtk_label_set_lines (label, is_long ? MOST_LINES : -1);
}

void
atlas_fact_list_add (AtlasFactList *self, const char *label, const char *value, const char *tooltip)
{
  Row *row;

  g_return_if_fail (ATLAS_IS_FACT_LIST (self));
  g_return_if_fail (label);

  if (!value)
    return;
  row = self->n_used < self->rows->len ? &g_array_index (self->rows, Row, self->n_used)
                                       : append_row (self);
  self->n_used++;
  set_text (row->label, label);
  set_text (row->value, value);
  set_wrap (GTK_LABEL (row->value), g_utf8_strlen (value, -1) > SHORT_VALUE);
  if (g_strcmp0 (gtk_widget_get_tooltip_text (row->row), tooltip) != 0)
    gtk_widget_set_tooltip_text (row->row, tooltip);
  gtk_widget_set_visible (row->row, TRUE);
}

void
atlas_fact_list_end (AtlasFactList *self)
{
  g_return_if_fail (ATLAS_IS_FACT_LIST (self));

  for (guint i = self->n_used; i < self->rows->len; i++)
    gtk_widget_set_visible (g_array_index (self->rows, Row, i).row, FALSE);
}

static void
atlas_fact_list_dispose (GObject *object)
{
  AtlasFactList *self = ATLAS_FACT_LIST (object);

  for (guint i = 0; i < self->rows->len; i++)
    gtk_widget_unparent (g_array_index (self->rows, Row, i).row);
  g_array_set_size (self->rows, 0);
  G_OBJECT_CLASS (atlas_fact_list_parent_class)->dispose (object);
}

static void
atlas_fact_list_finalize (GObject *object)
{
  g_array_unref (ATLAS_FACT_LIST (object)->rows);
  G_OBJECT_CLASS (atlas_fact_list_parent_class)->finalize (object);
}

static void
atlas_fact_list_class_init (AtlasFactListClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = atlas_fact_list_dispose;
  G_OBJECT_CLASS (klass)->finalize = atlas_fact_list_finalize;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "factlist");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
atlas_fact_list_init (AtlasFactList *self)
{
  self->rows = g_array_new (FALSE, FALSE, sizeof (Row));
  gtk_orientable_set_orientation (
      GTK_ORIENTABLE (gtk_widget_get_layout_manager (GTK_WIDGET (self))), GTK_ORIENTATION_VERTICAL);
}

GtkWidget *
atlas_fact_list_new (void)
{
  return g_object_new (ATLAS_TYPE_FACT_LIST, NULL);
}
