/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Tooltips of several lines, as labels that hold plain text. */

#include "atlas-tip.h"

#define MOST_CHARS 64
#define SHOWN_KEY "atlas-tip-shown"

/* Only what is too long wraps, and that at a given width: a tooltip of labels that all may wrap is
 * at times laid out as narrow as they can be. */
static GtkWidget *
new_line (const char *text, gboolean is_title, int max_chars)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0.0f);
  if (g_utf8_strlen (text, -1) > max_chars)
    {
      gtk_label_set_wrap (GTK_LABEL (label), TRUE);
      gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
      gtk_label_set_width_chars (GTK_LABEL (label), max_chars);
      gtk_label_set_max_width_chars (GTK_LABEL (label), max_chars);
    }
  gtk_widget_add_css_class (label, is_title ? "atlas-tip-title" : "atlas-tip-line");
  return label;
}

GtkWidget *
atlas_tip_new_box (const char *const *lines, int max_chars)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);

  for (guint i = 0; lines[i] != NULL; i++)
    gtk_box_append (GTK_BOX (box), new_line (lines[i], i == 0, max_chars));
  return box;
}

void
atlas_tip_show (AtlasTip *self, GtkTooltip *tooltip, const char *const *lines)
{
  if (self->lines == NULL || !g_strv_equal ((const char *const *) self->lines, lines))
    {
      atlas_tip_clear (self);
      self->box = g_object_ref_sink (atlas_tip_new_box (lines, MOST_CHARS));
      self->lines = g_strdupv ((char **) lines);
    }
  gtk_tooltip_set_custom (tooltip, self->box);
  g_object_set_data_full (G_OBJECT (tooltip), SHOWN_KEY, g_object_ref (self->box), g_object_unref);
}

GtkWidget *
atlas_tip_get_shown (GtkTooltip *tooltip)
{
  return g_object_get_data (G_OBJECT (tooltip), SHOWN_KEY);
}

void
atlas_tip_clear (AtlasTip *self)
{
  g_clear_pointer (&self->lines, g_strfreev);
  g_clear_object (&self->box);
}
