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

/* What is painted between @from and @to of the width. */
static guint
count_ink (Fixture *fixture, GtkWidget *widget, float from, float to)
{
  g_autoptr (GBytes) pixels = fixture_render (fixture, widget);
  float width = (float) gtk_widget_get_width (widget);

  return fixture_count_ink (widget, pixels,
                            &GRAPHENE_RECT_INIT (from * width, 0, (to - from) * width,
                                                 (float) gtk_widget_get_height (widget)),
                            1);
}

static void
test_short (void)
{
  static const char *const texts[] = { "612 MiB", "1,023 B", "", "0 B" };
  Fixture fixture;
  GtkWidget *number = atlas_steady_number_new (9);
  int width;

  fixture_init (&fixture, TRUE);
  present (&fixture, number);
  width = get_width (number);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      atlas_steady_number_set (GTK_INSCRIPTION (number), 0, texts[i]);
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
  Fixture fixture;
  GtkWidget *number = atlas_steady_number_new (8);
  int width, before;

  fixture_init (&fixture, TRUE);
  present (&fixture, number);
  before = get_width (number);
  atlas_steady_number_set (GTK_INSCRIPTION (number), 1, "MMMM MMMM MMMM");
  fixture_settle (&fixture);
  width = get_width (number);
  g_assert_cmpint (width, >, before);
  g_assert_cmpuint (n_layouts, ==, 1);
  /* the room stays */
  atlas_steady_number_set (GTK_INSCRIPTION (number), 1, "0 B");
  fixture_settle (&fixture);
  g_assert_cmpint (get_width (number), ==, width);
  g_assert_cmpuint (n_layouts, ==, 1);
  fixture_clear (&fixture);
}

/* In digits of one width, as numbers have them; the fonts of GNOME have narrower ones as well. */
static void
test_uncut (void)
{
  static const char *const texts[] = { "97 MiB",    "111 MiB",    "977 MiB",   "1,000 KiB",
                                       "1,023 MiB", "+1,000 KiB", "−58.4 MiB", "MMMM MMMM" };
  Fixture fixture;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 40);
      GtkWidget *number = atlas_steady_number_new (6);
      GtkWidget *label = gtk_label_new (texts[i]);
      guint n_wanted, n_painted;

      fixture_init (&fixture, TRUE);
      gtk_widget_add_css_class (number, "numeric");
      gtk_widget_add_css_class (label, "numeric");
      gtk_widget_set_valign (number, GTK_ALIGN_CENTER); /* a line high, or it goes on below */
      gtk_box_append (GTK_BOX (box), number);
      gtk_box_append (GTK_BOX (box), label);
      fixture_present (&fixture, box, 500, 60);
      atlas_steady_number_set (GTK_INSCRIPTION (number), 1, texts[i]);
      fixture_settle (&fixture);
      n_wanted = count_ink (&fixture, label, 0, 1);
      n_painted = count_ink (&fixture, number, 0, 1);
      if (n_painted < n_wanted * 9 / 10)
        g_error ("%s: cut at %d pixels of %d", texts[i], get_width (number), get_width (label));
      fixture_clear (&fixture);
    }
}

static void
check_side (GtkTextDirection direction, float xalign, const char *text)
{
  gboolean left = (direction == GTK_TEXT_DIR_LTR) == (xalign < 0.5f);
  GtkWidget *number = atlas_steady_number_new (6);
  Fixture fixture;

  fixture_init (&fixture, TRUE);
  gtk_widget_set_direction (number, direction);
  present (&fixture, number);
  atlas_steady_number_set (GTK_INSCRIPTION (number), xalign, text);
  if ((count_ink (&fixture, number, 0, 0.5f) > 0) != left
      || (count_ink (&fixture, number, 0.5f, 1) > 0) == left)
    g_error ("“%s” is not on the %s", text, left ? "left" : "right");
  fixture_clear (&fixture);
}

static void
test_sides (void)
{
  static const char *const texts[] = { "977 MiB", "−3 B", "–", "شيء" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    for (guint j = 0; j < 4; j++)
      check_side (j < 2 ? GTK_TEXT_DIR_LTR : GTK_TEXT_DIR_RTL, (float) (j % 2), texts[i]);
}

/* As libadwaita has it, which these tests do without. */
static void
load_style (void)
{
  GtkCssProvider *provider = gtk_css_provider_new ();

  gtk_css_provider_load_from_data (provider, ".numeric { font-feature-settings: \"tnum\"; }", -1);
  gtk_style_context_add_provider_for_display (gdk_display_get_default (),
                                              GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  g_object_unref (provider);
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  g_object_set (gtk_settings_get_default (), "gtk-font-name", "Cantarell 11", NULL);
  load_style ();

  g_test_add_func ("/widgets/steady-number/short", test_short);
  g_test_add_func ("/widgets/steady-number/long", test_long);
  g_test_add_func ("/widgets/steady-number/uncut", test_uncut);
  g_test_add_func ("/widgets/steady-number/sides", test_sides);

  return g_test_run ();
}
