/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A limit that was hit, in words and as a bar whose lengths are in proportion. */

#include <adwaita.h>

#include "atlas-limit-wall.h"
#include "widget-fixture.h"

#define KIB G_GUINT64_CONSTANT (1024)
#define WIDTH 520

static void
test_words (void)
{
  const struct
  {
    guint64 used, asked, soft;
    const char *text;
  } cases[] = {
    { 64 * KIB, 256 * KIB, 128 * KIB,
      "RLIMIT_MEMLOCK is 128 KiB. VmLck is 64 KiB, so 64 KiB are left; 256 KiB more were asked "
      "for." },
    { 0, 4 * KIB, 0,
      "RLIMIT_MEMLOCK is 0 B. VmLck is 0 B, so 0 B are left; 4 KiB more were asked "
      "for." },
    /* set below what is used */
    { 64 * KIB, 4 * KIB, 32 * KIB,
      "RLIMIT_MEMLOCK is 32 KiB. VmLck is 64 KiB, so 0 B are left; 4 KiB more were asked for." },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      GtkWidget *box = atlas_limit_wall_new ("RLIMIT_MEMLOCK", "VmLck", cases[i].used,
                                             cases[i].asked, cases[i].soft);
      GtkWidget *label;

      g_object_ref_sink (box);
      label = fixture_find (box, GTK_TYPE_LABEL);
      g_assert_cmpstr (gtk_label_get_text (GTK_LABEL (label)), ==, cases[i].text);
      fixture_assert_text (fixture_find (box, ATLAS_TYPE_LIMIT_WALL), GTK_ACCESSIBLE_PROPERTY_LABEL,
                           cases[i].text);
      g_assert_finalize_object (box);
    }
}

typedef struct
{
  GBytes *pixels;
  int width;
  int row; /* the one that is looked at */
} Picture;

/* 0 to 255 each: red, green, blue. */
static void
get_pixel (const Picture *picture, int x, int *red, int *green, int *blue)
{
  const guchar *pixel = (const guchar *) g_bytes_get_data (picture->pixels, NULL)
                        + ((gsize) picture->row * (gsize) picture->width + (gsize) x) * 4;

  *blue = pixel[0];
  *green = pixel[1];
  *red = pixel[2];
}

static gboolean
is_white (const Picture *picture, int x)
{
  int red, green, blue;

  get_pixel (picture, x, &red, &green, &blue);
  return red > 250 && green > 250 && blue > 250;
}

static gboolean
is_blue (const Picture *picture, int x)
{
  int red, green, blue;

  get_pixel (picture, x, &red, &green, &blue);
  return blue > red + 80 && blue > green;
}

static gboolean
is_red (const Picture *picture, int x)
{
  int red, green, blue;

  get_pixel (picture, x, &red, &green, &blue);
  return red > blue + 30 && red > green;
}

/* The wall stands at half of what was needed; a quarter was used. */
static void
assert_quarter_and_half (guint64 unit)
{
  Fixture fixture;
  Picture picture;
  GtkWidget *wall;

  fixture_init (&fixture, FALSE);
  fixture_present (&fixture, atlas_limit_wall_new ("RLIMIT_AS", "VmSize", unit, 3 * unit, 2 * unit),
                   WIDTH, 100);
  wall = fixture_find (fixture.window, ATLAS_TYPE_LIMIT_WALL);
  picture.width = gtk_widget_get_width (wall);
  picture.row = gtk_widget_get_height (wall) / 2;
  picture.pixels = fixture_render (&fixture, wall);

  int needed = (int) (picture.width / 1.04);
  g_assert_true (is_blue (&picture, 2));
  g_assert_true (is_blue (&picture, needed / 4 - 3));
  g_assert_true (is_red (&picture, needed / 4 + 3));
  g_assert_true (is_white (&picture, needed / 2));
  g_assert_true (is_red (&picture, needed / 2 + 6));
  g_assert_true (is_red (&picture, needed - 3));
  g_assert_false (is_red (&picture, needed + 3));
  /* only the wall rises above the bar */
  picture.row = 1;
  g_assert_true (is_white (&picture, needed / 2));
  g_assert_false (is_blue (&picture, needed / 8));

  g_bytes_unref (picture.pixels);
  fixture_clear (&fixture);
}

static void
test_bar (void)
{
  assert_quarter_and_half (64 * KIB);
}

/* What was asked for can be more than there are numbers for. */
static void
test_huge (void)
{
  assert_quarter_and_half (G_MAXUINT64 / 3);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add_func ("/app/limit-wall/words", test_words);
  g_test_add_func ("/app/limit-wall/bar", test_bar);
  g_test_add_func ("/app/limit-wall/huge", test_huge);
  return g_test_run ();
}
