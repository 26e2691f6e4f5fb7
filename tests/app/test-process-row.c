/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A row says what it shows to those who do not see it, and has one size whatever it shows, so that
 * new numbers do not have the list laid out anew. */

#include <gtk/gtk.h>
#include <unistd.h>

#include "atlas-process-row.h"
#include "widget-fixture.h"

static AtlasProcess *
new_process (gint pid, const char *name, guint64 rss, gboolean kernel_thread)
{
  AtlasProcessInfo *info = g_new0 (AtlasProcessInfo, 1);

  info->pid = pid;
  info->uid = getuid ();
  info->state = 'S';
  info->kernel_thread = kernel_thread;
  info->name = g_ref_string_new (name);
  info->command = g_ref_string_new ("");
  info->vm_rss = rss;
  return atlas_process_new (info);
}

static GtkWidget *
new_row (GtkWidget *item)
{
  GtkWidget *row = atlas_process_row_new ();

  gtk_box_append (GTK_BOX (item), row);
  return row;
}

static void
show (GtkWidget *row, AtlasProcess *process)
{
  atlas_process_row_show (ATLAS_PROCESS_ROW (row), process, ATLAS_PROCESS_KEY_RESIDENT, 2048);
}

static void
test_says_what_it_shows (void)
{
  GtkWidget *item = g_object_ref_sink (gtk_box_new (GTK_ORIENTATION_VERTICAL, 0));
  GtkWidget *row = new_row (item);
  g_autoptr (AtlasProcess) shell = new_process (42, "shell", 1024, FALSE);
  g_autoptr (AtlasProcess) thread = new_process (2, "kthreadd", 0, TRUE);

  show (row, shell);
  gtk_test_accessible_assert_property (item, GTK_ACCESSIBLE_PROPERTY_LABEL, "shell, PID 42, 1 MiB");
  g_assert_true (atlas_process_row_get_process (ATLAS_PROCESS_ROW (row)) == shell);
  g_assert_false (gtk_widget_has_css_class (row, "dim-label"));
  show (row, thread);
  gtk_test_accessible_assert_property (item, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "kthreadd, PID 2, kernel");
  g_assert_true (gtk_widget_has_css_class (row, "dim-label"));
  show (row, NULL);
  g_assert_null (atlas_process_row_get_process (ATLAS_PROCESS_ROW (row)));
  g_object_unref (item);
}

static void
assert_same_size (GtkWidget *row, GtkOrientation orientation, AtlasProcess *a, AtlasProcess *b)
{
  int first, second;

  show (row, a);
  gtk_widget_measure (row, orientation, -1, &first, NULL, NULL, NULL);
  show (row, b);
  gtk_widget_measure (row, orientation, -1, &second, NULL, NULL, NULL);
  g_assert_cmpint (first, >, 0);
  g_assert_cmpint (first, ==, second);
}

static void
test_has_one_size (void)
{
  GtkWidget *item = g_object_ref_sink (gtk_box_new (GTK_ORIENTATION_VERTICAL, 0));
  GtkWidget *row = new_row (item);
  g_autoptr (AtlasProcess) brief = new_process (1, "a", 1, FALSE);
  g_autoptr (AtlasProcess) lengthy =
      new_process (4194303, "a name that goes on and on and on and on", G_MAXUINT32, FALSE);

  assert_same_size (row, GTK_ORIENTATION_HORIZONTAL, brief, lengthy);
  assert_same_size (row, GTK_ORIENTATION_VERTICAL, brief, lengthy);
  g_object_unref (item);
}

/* In each half of the row something is written. */
static void
assert_two_lines (Fixture *fixture, GtkWidget *row)
{
  g_autoptr (GBytes) pixels = fixture_render (fixture, row);
  float width = (float) (gtk_widget_get_width (row) / 3);
  float middle = (float) (gtk_widget_get_height (row) / 2);

  g_assert_cmpuint (fixture_count_ink (row, pixels, &GRAPHENE_RECT_INIT (0, 0, width, middle), 1),
                    >, 0);
  g_assert_cmpuint (
      fixture_count_ink (row, pixels, &GRAPHENE_RECT_INIT (0, middle, width, middle), 1), >, 0);
}

static void
test_keeps_its_lines_apart (void)
{
  g_autoptr (AtlasProcess) shell = new_process (42, "shell", 1024, FALSE);
  g_autoptr (AtlasProcess) thread = new_process (2, "kthreadd", 0, TRUE);
  GtkWidget *row = atlas_process_row_new ();
  Fixture fixture;

  g_test_summary ("Another style, though no other size, leaves the second line where it was");

  fixture_init (&fixture, FALSE);
  gtk_widget_set_valign (row, GTK_ALIGN_START);
  show (row, shell);
  fixture_present (&fixture, row, 300, 200);
  assert_two_lines (&fixture, row);
  show (row, thread);
  assert_two_lines (&fixture, row);
  fixture_close (&fixture);
  fixture_clear (&fixture);
}

int
main (int argc, char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/process-row/says-what-it-shows", test_says_what_it_shows);
  g_test_add_func ("/app/process-row/has-one-size", test_has_one_size);
  g_test_add_func ("/app/process-row/keeps-its-lines-apart", test_keeps_its_lines_apart);
  return g_test_run ();
}
