/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "atlas-config.h"

#include "atlas-steady-number.h"

static void
set_room (GtkInscription *number, guint n_chars)
{
  gtk_inscription_set_min_chars (number, n_chars);
  gtk_inscription_set_nat_chars (number, n_chars);
}

GtkWidget *
atlas_steady_number_new (guint n_chars)
{
  GtkWidget *widget = gtk_inscription_new ("");
  GtkInscription *number = GTK_INSCRIPTION (widget);

  gtk_inscription_set_min_lines (number, 1);
  gtk_inscription_set_nat_lines (number, 1);
  gtk_inscription_set_text_overflow (number, GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END);
  set_room (number, n_chars);
  return widget;
}

/* Digits of one width, as they may be painted: they are the wider ones. */
static PangoLayout *
make_layout (GtkWidget *number, const char *text)
{
  PangoLayout *layout = gtk_widget_create_pango_layout (number, text);
  PangoAttrList *attributes = pango_attr_list_new ();

  pango_attr_list_insert (attributes, pango_attr_font_features_new ("tnum=1"));
  pango_layout_set_attributes (layout, attributes);
  pango_attr_list_unref (attributes);
  return layout;
}

/* Characters as GTK reckons their width. */
static guint
count_chars (PangoLayout *layout)
{
  PangoContext *context = pango_layout_get_context (layout);
  PangoFontMetrics *metrics = pango_context_get_metrics (context, NULL, NULL);
  int char_width = MAX (pango_font_metrics_get_approximate_char_width (metrics),
                        pango_font_metrics_get_approximate_digit_width (metrics));
  int width;

  pango_font_metrics_unref (metrics);
  pango_layout_get_size (layout, &width, NULL);
  return (guint) ((width + char_width - 1) / MAX (char_width, 1));
}

/* Pango changes the sides of a text that runs against the direction of its widget, which a label
 * makes up for. */
static gboolean
runs_against (PangoLayout *layout)
{
  PangoDirection base = pango_context_get_base_dir (pango_layout_get_context (layout));

  return pango_layout_get_line_readonly (layout, 0)->resolved_dir != base;
}

void
atlas_steady_number_set (GtkInscription *number, float xalign, const char *text)
{
  g_autoptr (PangoLayout) layout = NULL;
  guint n_chars;

  g_return_if_fail (GTK_IS_INSCRIPTION (number) && text != NULL);

  if (g_strcmp0 (gtk_inscription_get_text (number), text) == 0)
    return;
  layout = make_layout (GTK_WIDGET (number), text);
  gtk_inscription_set_text (number, text);
  gtk_inscription_set_xalign (number, runs_against (layout) ? 1 - xalign : xalign);
  n_chars = count_chars (layout);
  if (n_chars > gtk_inscription_get_min_chars (number))
    set_room (number, n_chars);
}
