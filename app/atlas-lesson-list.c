/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A file that is no lesson is named: who wrote it wants to know why it is not in the list. */

#include "atlas-config.h"

#include "atlas-lesson-list.h"

#include <glib/gi18n-lib.h>

#include "atlas-lesson.h"

static GtkWidget *
make_label (const char *text, const char *class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_add_css_class (label, class);
  return label;
}

static GtkWidget *
make_button (AtlasLesson *lesson, guint number)
{
  GtkWidget *button = gtk_button_new ();
  g_autofree char *title = g_strdup_printf ("%u. %s", number, atlas_lesson_get_title (lesson));

  gtk_button_set_child (GTK_BUTTON (button), make_label (title, "lesson-title"));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "lab.lesson");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", atlas_lesson_get_name (lesson));
  gtk_widget_set_tooltip_text (button, atlas_lesson_get_summary (lesson));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, title,
                                  -1);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "lesson");
  return button;
}

void
atlas_lesson_list_fill (GtkBox *box)
{
  g_auto (GStrv) problems = NULL;
  g_autoptr (GPtrArray) lessons = NULL;

  g_return_if_fail (GTK_IS_BOX (box));

  lessons = atlas_lesson_list (&problems);
  if (lessons->len > 0)
    gtk_box_append (box, make_label (_ ("Lessons"), "heading"));
  for (guint i = 0; i < lessons->len; i++)
    gtk_box_append (box, make_button (lessons->pdata[i], i + 1));
  for (guint i = 0; problems && problems[i]; i++)
    gtk_box_append (box, make_label (problems[i], "caption"));
}
