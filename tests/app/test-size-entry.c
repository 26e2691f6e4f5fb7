/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The size as text and as a place on a slider of powers of two: each sets the other, and none
 * changes what was meant. */

#include <adwaita.h>
#include <math.h>
#include <unistd.h>

#include "atlas-application.h"
#include "atlas-size-entry.h"
#include "widget-fixture.h"

#define KIB G_GUINT64_CONSTANT (1024)
#define MIB (KIB * KIB)

typedef struct
{
  GtkWidget *widget; /* sunk */
  AtlasSizeEntry *entry;
  GtkEditable *text;
  GtkRange *scale;
} Entry;

static void
set_up (Entry *self, gconstpointer data)
{
  self->widget = g_object_ref_sink (g_object_new (ATLAS_TYPE_SIZE_ENTRY, NULL));
  self->entry = ATLAS_SIZE_ENTRY (self->widget);
  self->text = GTK_EDITABLE (fixture_find (self->widget, GTK_TYPE_ENTRY));
  self->scale = GTK_RANGE (fixture_find (self->widget, GTK_TYPE_SCALE));
}

static void
tear_down (Entry *self, gconstpointer data)
{
  g_assert_finalize_object (self->widget);
}

static void
test_text (Entry *self, gconstpointer data)
{
  const struct
  {
    const char *text;
    guint64 size;
    const char *word;
  } cases[] = {
    { "100000", 100000, "100000" },
    { "100K", 100 * KIB, "100K" },
    { "256KiB", 256 * KIB, "256K" },
    { "1.5M", 1536 * KIB, "1536K" },
    { "1M", MIB, "1M" },
    { "3G", 3 * 1024 * MIB, "3G" },
    { "2p", 2 * (guint64) sysconf (_SC_PAGESIZE), NULL },
    { "1", 1, "1" },
    { "1025", 1025, "1025" },
    { "1.5 MiB", 1536 * KIB, "1536K" },
    { "1,024", 1024, "1K" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *word = NULL;

      g_test_message ("“%s”", cases[i].text);
      gtk_editable_set_text (self->text, cases[i].text);
      g_assert_cmpuint (atlas_size_entry_get_size (self->entry), ==, cases[i].size);
      g_assert_false (gtk_widget_has_css_class (GTK_WIDGET (self->text), "error"));
      /* the slider went there, and the text stayed */
      g_assert_cmpstr (gtk_editable_get_text (self->text), ==, cases[i].text);
      g_assert_cmpfloat_with_epsilon (gtk_range_get_value (self->scale),
                                      CLAMP (log2 ((double) cases[i].size), 4, 30), 1e-9);
      word = atlas_size_entry_dup_word (self->entry);
      if (cases[i].word)
        g_assert_cmpstr (word, ==, cases[i].word);
    }
}

static void
test_no_size (Entry *self, gconstpointer data)
{
  static const char *const WRONG[] = { "", "0", "0K", "-1", "many", "1.5", "12Q", "17E" };

  for (guint i = 0; i < G_N_ELEMENTS (WRONG); i++)
    {
      gtk_editable_set_text (self->text, "100K");
      gtk_editable_set_text (self->text, WRONG[i]);
      g_test_message ("“%s”", WRONG[i]);
      g_assert_cmpuint (atlas_size_entry_get_size (self->entry), ==, 0);
      g_assert_true (gtk_widget_has_css_class (GTK_WIDGET (self->text), "error"));
      /* the slider stays where it was */
      g_assert_cmpfloat_with_epsilon (gtk_range_get_value (self->scale), log2 (100.0 * 1024), 1e-9);
    }
  gtk_editable_set_text (self->text, "100K");
  g_assert_false (gtk_widget_has_css_class (GTK_WIDGET (self->text), "error"));
}

/* Halves of a power of two: 1, 1.5, 2, 3, 4 … */
static void
test_slider (Entry *self, gconstpointer data)
{
  for (guint power = 4; power <= 30; power++)
    {
      guint64 size = G_GUINT64_CONSTANT (1) << power;

      gtk_range_set_value (self->scale, power);
      g_assert_cmpuint (atlas_size_entry_get_size (self->entry), ==, size);
      if (power == 30)
        break;
      gtk_range_set_value (self->scale, power + 0.5);
      g_assert_cmpuint (atlas_size_entry_get_size (self->entry), ==, size + size / 2);
    }
  gtk_range_set_value (self->scale, 20);
  g_assert_cmpstr (gtk_editable_get_text (self->text), ==, "1M");
  gtk_range_set_value (self->scale, 20.5);
  g_assert_cmpstr (gtk_editable_get_text (self->text), ==, "1536K");
}

/* Each step of the slider is larger than the one before, wherever it begins. */
static void
test_slider_steps (Entry *self, gconstpointer data)
{
  guint64 before = 0;

  gtk_editable_set_text (self->text, "100K");
  for (double value = 4; value <= 30; value += 0.5)
    {
      guint64 size;

      gtk_range_set_value (self->scale, value);
      size = atlas_size_entry_get_size (self->entry);
      g_assert_cmpuint (size, >, before);
      before = size;
    }
}

static void
count_cb (guint *n)
{
  (*n)++;
}

static void
test_signals (Entry *self, gconstpointer data)
{
  guint n_sizes = 0;
  guint n_activations = 0;

  g_signal_connect_swapped (self->entry, "notify::size", G_CALLBACK (count_cb), &n_sizes);
  g_signal_connect_swapped (self->entry, "activate", G_CALLBACK (count_cb), &n_activations);
  gtk_range_set_value (self->scale, 12);
  g_assert_cmpuint (n_sizes, >=, 1);
  g_signal_emit_by_name (self->text, "activate");
  g_assert_cmpuint (n_activations, ==, 1);
}

/* NULL where it is hidden. */
static GtkLabel *
get_threshold_label (Entry *self)
{
  GtkWidget *label = GTK_WIDGET (
      gtk_widget_get_template_child (self->widget, ATLAS_TYPE_SIZE_ENTRY, "threshold_label"));

  return gtk_widget_get_visible (label) ? GTK_LABEL (label) : NULL;
}

static void
assert_threshold (Entry *self, const char *text)
{
  g_assert_true (g_str_has_prefix (gtk_label_get_text (get_threshold_label (self)), text));
}

static void
test_threshold (Entry *self, gconstpointer data)
{
  g_assert_null (get_threshold_label (self));
  atlas_size_entry_set_threshold (self->entry, 128 * KIB);
  assert_threshold (self, "M_MMAP_THRESHOLD 128 KiB");
  atlas_size_entry_set_threshold (self->entry, 4 * MIB + 4096);
  assert_threshold (self, "M_MMAP_THRESHOLD 4");
  /* what is chosen is left alone */
  g_assert_cmpuint (atlas_size_entry_get_size (self->entry), ==, 256 * KIB);
  atlas_size_entry_set_threshold (self->entry, 0);
  g_assert_null (get_threshold_label (self));
}

/* Where the middle of its words is, in pixels of the label, which is as wide as the entry. */
static double
get_middle (Entry *self)
{
  GtkLabel *label = get_threshold_label (self);
  PangoRectangle words;
  int x;

  gtk_label_get_layout_offsets (label, &x, NULL);
  pango_layout_get_pixel_extents (gtk_label_get_layout (label), NULL, &words);
  return x + words.x + words.width / 2.0;
}

#define WIDTH 260

static GtkWidget *
find_mark (GtkWidget *widget)
{
  GtkWidget *mark = NULL;

  if (g_str_equal (gtk_widget_get_css_name (widget), "indicator"))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child && !mark;
       child = gtk_widget_get_next_sibling (child))
    mark = find_mark (child);
  return mark;
}

/* Where GTK puts the mark, in pixels of the entry. */
static double
get_mark (Entry *self)
{
  graphene_rect_t bounds;

  g_assert_true (
      gtk_widget_compute_bounds (find_mark (GTK_WIDGET (self->scale)), self->widget, &bounds));
  return bounds.origin.x + bounds.size.width / 2;
}

/* Below the mark, and whole at the ends. */
static void
test_threshold_place (Entry *self, gconstpointer data)
{
  int height;

  for (guint power = 4; power <= 30; power++)
    {
      double mark, words;

      atlas_size_entry_set_threshold (self->entry, G_GUINT64_CONSTANT (1) << power);
      gtk_widget_measure (self->widget, GTK_ORIENTATION_VERTICAL, WIDTH, &height, NULL, NULL, NULL);
      gtk_widget_allocate (self->widget, WIDTH, height, -1, NULL);
      mark = get_mark (self);
      words = get_middle (self);
      if (power >= 14 && power <= 20)
        g_assert_cmpfloat_with_epsilon (words, mark, 2);
      else if (power < 14)
        g_assert_cmpfloat (words, >=, mark - 2);
      else
        g_assert_cmpfloat (words, <=, mark + 2);
    }
}

#define ADD(name, function) g_test_add (name, Entry, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  /* Its class registers the templates. */
  g_type_class_unref (g_type_class_ref (ATLAS_TYPE_APPLICATION));
  ADD ("/app/size-entry/text", test_text);
  ADD ("/app/size-entry/no-size", test_no_size);
  ADD ("/app/size-entry/slider", test_slider);
  ADD ("/app/size-entry/slider-steps", test_slider_steps);
  ADD ("/app/size-entry/signals", test_signals);
  ADD ("/app/size-entry/threshold", test_threshold);
  ADD ("/app/size-entry/threshold-place", test_threshold_place);
  return g_test_run ();
}
