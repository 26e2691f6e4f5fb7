/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Numbers that change and leave what is around them where it is: told by how often their parent
 * was laid out. */

#include "atlas-steady-number.h"
#include "widget-fixture.h"

static guint n_layouts;

static void
measure_child (GtkWidget *parent,
               GtkOrientation orientation,
               int for_size,
               int *minimum,
               int *natural,
               int *minimum_baseline,
               int *natural_baseline)
{
  gtk_widget_measure (gtk_widget_get_first_child (parent), orientation, for_size, minimum, natural,
                      NULL, NULL);
}

static void
allocate_child (GtkWidget *parent, int width, int height, int baseline)
{
  n_layouts++;
  gtk_widget_allocate (gtk_widget_get_first_child (parent), width, height, baseline, NULL);
}

static void
present (Fixture *fixture, GtkWidget *number)
{
  GtkWidget *parent = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  gtk_box_append (GTK_BOX (parent), number);
  gtk_widget_set_layout_manager (parent,
                                 gtk_custom_layout_new (NULL, measure_child, allocate_child));
  fixture_present (fixture, parent, 300, 60);
  n_layouts = 0;
}

static int
get_width (GtkWidget *widget)
{
  int width;

  gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, &width, NULL, NULL, NULL);
  return width;
}

static int
get_text_width (GtkWidget *widget, const char *text)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (widget, text);
  int width;

  pango_layout_get_pixel_size (layout, &width, NULL);
  return width;
}

static void
test_short (void)
{
  static const char *const texts[] = { "612 MiB", "1,023 B", "", "0 B" };
  Fixture fixture;
  GtkWidget *number = atlas_steady_number_new (8, 1);
  int width;

  fixture_init (&fixture, TRUE);
  present (&fixture, number);
  width = get_width (number);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      atlas_steady_number_set (GTK_INSCRIPTION (number), texts[i]);
      fixture_settle (&fixture);
      g_assert_cmpstr (gtk_inscription_get_text (GTK_INSCRIPTION (number)), ==, texts[i]);
      fixture_assert_text (number, GTK_ACCESSIBLE_PROPERTY_LABEL, texts[i]);
      g_assert_cmpint (get_width (number), ==, width);
    }
  g_assert_cmpuint (n_layouts, ==, 0);
  fixture_clear (&fixture);
}

static void
test_long (void)
{
  const char *text = "MMMM MMMM MMMM";
  Fixture fixture;
  GtkWidget *number = atlas_steady_number_new (8, 1);
  int width;

  fixture_init (&fixture, TRUE);
  present (&fixture, number);
  atlas_steady_number_set (GTK_INSCRIPTION (number), text);
  fixture_settle (&fixture);
  width = get_width (number);
  g_assert_cmpint (width, >=, get_text_width (number, text));
  g_assert_cmpuint (n_layouts, ==, 1);
  /* the room stays */
  atlas_steady_number_set (GTK_INSCRIPTION (number), "0 B");
  fixture_settle (&fixture);
  g_assert_cmpint (get_width (number), ==, width);
  g_assert_cmpuint (n_layouts, ==, 1);
  fixture_clear (&fixture);
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);

  g_test_add_func ("/widgets/steady-number/short", test_short);
  g_test_add_func ("/widgets/steady-number/long", test_long);

  return g_test_run ();
}
