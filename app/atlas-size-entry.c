/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The slider moves in halves of a power of two: 1, 1.5, 2, 3, 4 … The text is what counts. */

#include "atlas-config.h"

#include "atlas-size-entry.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <unistd.h>

#include "atlas-format.h"
#include "atlas-guess.h"
#include "atlas-lab-words.h"
#include "atlas-template.h"

#define FIRST_SIZE "256K"
#define LEAST_POWER 4
#define MOST_POWER 30

struct _AtlasSizeEntry
{
  GtkWidget parent_instance;

  GtkLabel *exact_label;
  GtkEditable *entry;
  GtkScale *scale;
  GtkLabel *threshold_label;

  guint64 size;
  guint64 threshold;
  gboolean following; /* one of slider and text sets the other */
};

enum
{
  PROP_SIZE = 1,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];
static guint activate_signal;

G_DEFINE_FINAL_TYPE (AtlasSizeEntry, atlas_size_entry, GTK_TYPE_WIDGET)

static guint64
size_of_power (double power)
{
  double whole = floor (power);
  guint64 size = G_GUINT64_CONSTANT (1) << (guint) whole;

  return power - whole >= 0.25 ? size + size / 2 : size;
}

static double
power_of_size (guint64 size)
{
  return CLAMP (log2 ((double) MAX (size, 1)), LEAST_POWER, MOST_POWER);
}

/* "256K" where it comes out even, else every digit. */
static char *
write_size (guint64 size)
{
  static const char UNITS[] = "GMK";

  for (guint i = 0; i < 3; i++)
    {
      guint64 unit = G_GUINT64_CONSTANT (1) << (30 - 10 * i);

      if (size >= unit && size % unit == 0)
        return g_strdup_printf ("%" G_GUINT64_FORMAT "%c", size / unit, UNITS[i]);
    }
  return g_strdup_printf ("%" G_GUINT64_FORMAT, size);
}

static void
show_exact (AtlasSizeEntry *self)
{
  g_autofree char *count = atlas_format_count (self->size);
  g_autofree char *text = g_strdup_printf (_ ("%s bytes"), count);

  gtk_label_set_text (self->exact_label, self->size > 0 ? text : _ ("not a size"));
}

static void
text_changed_cb (AtlasSizeEntry *self)
{
  guint64 size = 0;
  g_autofree char *bare = atlas_guess_strip_size (gtk_editable_get_text (self->entry));
  gboolean valid = atlas_lab_size_parse (bare, (size_t) sysconf (_SC_PAGESIZE), &size);

  self->size = valid ? size : 0;
  if (self->size > 0)
    gtk_widget_remove_css_class (GTK_WIDGET (self->entry), "error");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self->entry), "error");
  show_exact (self);
  if (!self->following && self->size > 0)
    {
      self->following = TRUE;
      gtk_range_set_value (GTK_RANGE (self->scale), power_of_size (size));
      self->following = FALSE;
    }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SIZE]);
}

static void
scale_changed_cb (AtlasSizeEntry *self)
{
  g_autofree char *text = NULL;

  if (self->following)
    return;
  text = write_size (size_of_power (gtk_range_get_value (GTK_RANGE (self->scale))));
  self->following = TRUE;
  gtk_editable_set_text (self->entry, text);
  self->following = FALSE;
}

static void
activated_cb (AtlasSizeEntry *self)
{
  g_signal_emit (self, activate_signal, 0);
}

/* Below its mark, as far as there is room. */
static void
place_threshold (AtlasSizeEntry *self, int width)
{
  double share = (power_of_size (self->threshold) - LEAST_POWER) / (MOST_POWER - LEAST_POWER);
  GdkRectangle trough;
  double middle;
  int needed;

  gtk_range_get_range_rect (GTK_RANGE (self->scale), &trough);
  gtk_widget_translate_coordinates (GTK_WIDGET (self->scale), GTK_WIDGET (self),
                                    trough.x + share * trough.width, 0, &middle, NULL);
  gtk_widget_measure (GTK_WIDGET (self->threshold_label), GTK_ORIENTATION_HORIZONTAL, -1, NULL,
                      &needed, NULL, NULL);
  if (width > needed)
    gtk_label_set_xalign (self->threshold_label,
                          (float) CLAMP ((middle - needed / 2.0) / (width - needed), 0, 1));
}

static void
atlas_size_entry_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  AtlasSizeEntry *self = ATLAS_SIZE_ENTRY (widget);

  gtk_widget_allocate (gtk_widget_get_first_child (widget), width, height, baseline, NULL);
  if (self->threshold > 0)
    place_threshold (self, width);
}

static void
atlas_size_entry_measure (GtkWidget *widget,
                          GtkOrientation orientation,
                          int for_size,
                          int *minimum,
                          int *natural,
                          int *minimum_baseline,
                          int *natural_baseline)
{
  gtk_widget_measure (gtk_widget_get_first_child (widget), orientation, for_size, minimum, natural,
                      minimum_baseline, natural_baseline);
}

static void
atlas_size_entry_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SIZE)
    g_value_set_uint64 (value, ATLAS_SIZE_ENTRY (object)->size);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
atlas_size_entry_dispose (GObject *object)
{
  atlas_template_dispose (GTK_WIDGET (object), ATLAS_TYPE_SIZE_ENTRY);
  G_OBJECT_CLASS (atlas_size_entry_parent_class)->dispose (object);
}

static void
atlas_size_entry_class_init (AtlasSizeEntryClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->get_property = atlas_size_entry_get_property;
  G_OBJECT_CLASS (klass)->dispose = atlas_size_entry_dispose;
  properties[PROP_SIZE] = g_param_spec_uint64 ("size", NULL, NULL, 0, G_MAXUINT64, 0,
                                               G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPERTIES, properties);
  activate_signal = g_signal_new ("activate", ATLAS_TYPE_SIZE_ENTRY, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 0);

  widget_class->size_allocate = atlas_size_entry_size_allocate;
  widget_class->measure = atlas_size_entry_measure;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/memoryatlas/MemoryAtlas/atlas-size-entry.ui");
  gtk_widget_class_bind_template_child (widget_class, AtlasSizeEntry, exact_label);
  gtk_widget_class_bind_template_child (widget_class, AtlasSizeEntry, entry);
  gtk_widget_class_bind_template_child (widget_class, AtlasSizeEntry, scale);
  gtk_widget_class_bind_template_child (widget_class, AtlasSizeEntry, threshold_label);
  gtk_widget_class_bind_template_callback (widget_class, text_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, scale_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
}

static void
atlas_size_entry_init (AtlasSizeEntry *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_visible (GTK_WIDGET (self->threshold_label), FALSE);
  gtk_editable_set_text (self->entry, FIRST_SIZE);
}

guint64
atlas_size_entry_get_size (AtlasSizeEntry *self)
{
  g_return_val_if_fail (ATLAS_IS_SIZE_ENTRY (self), 0);

  return self->size;
}

void
atlas_size_entry_set_threshold (AtlasSizeEntry *self, guint64 threshold)
{
  g_autofree char *amount = NULL;
  g_autofree char *text = NULL;

  g_return_if_fail (ATLAS_IS_SIZE_ENTRY (self));

  if (self->threshold == threshold)
    return;
  self->threshold = threshold;
  gtk_scale_clear_marks (self->scale);
  gtk_widget_set_visible (GTK_WIDGET (self->threshold_label), threshold > 0);
  if (threshold == 0)
    return;
  gtk_scale_add_mark (self->scale, power_of_size (threshold), GTK_POS_TOP, NULL);
  gtk_scale_add_mark (self->scale, power_of_size (threshold), GTK_POS_BOTTOM, NULL);
  amount = atlas_format_bytes (threshold);
  /* Translators: under the slider of sizes, where malloc's threshold lies */
  text = g_strdup_printf (_ ("M_MMAP_THRESHOLD %s"), amount);
  gtk_label_set_text (self->threshold_label, text);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
}

char *
atlas_size_entry_dup_word (AtlasSizeEntry *self)
{
  g_return_val_if_fail (ATLAS_IS_SIZE_ENTRY (self), NULL);

  return write_size (self->size);
}
