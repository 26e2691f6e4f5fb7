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
atlas_steady_number_new (guint n_chars, float xalign)
{
  GtkWidget *widget = gtk_inscription_new ("");
  GtkInscription *number = GTK_INSCRIPTION (widget);

  gtk_inscription_set_xalign (number, xalign);
  gtk_inscription_set_min_lines (number, 1);
  gtk_inscription_set_nat_lines (number, 1);
  gtk_inscription_set_text_overflow (number, GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END);
  set_room (number, n_chars);
  return widget;
}

/* Characters as GTK reckons their width, which is that of the widest digit or more. */
static guint
count_chars (GtkWidget *number, const char *text)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (number, text);
  PangoContext *context = pango_layout_get_context (layout);
  PangoFontMetrics *metrics = pango_context_get_metrics (context, NULL, NULL);
  int char_width = MAX (pango_font_metrics_get_approximate_char_width (metrics),
                        pango_font_metrics_get_approximate_digit_width (metrics));
  int width;

  pango_font_metrics_unref (metrics);
  pango_layout_get_size (layout, &width, NULL);
  return (guint) ((width + char_width - 1) / MAX (char_width, 1));
}

void
atlas_steady_number_set (GtkInscription *number, const char *text)
{
  guint n_chars;

  g_return_if_fail (GTK_IS_INSCRIPTION (number) && text != NULL);

  if (g_strcmp0 (gtk_inscription_get_text (number), text) == 0)
    return;
  gtk_inscription_set_text (number, text);
  n_chars = gtk_inscription_get_min_chars (number);
  if ((guint) g_utf8_strlen (text, -1) > n_chars)
    set_room (number, MAX (n_chars, count_chars (GTK_WIDGET (number), text)));
}
