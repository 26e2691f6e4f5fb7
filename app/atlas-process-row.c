/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A row of the list of processes. The list recycles rows, so all of it is set anew each time.
 *
 * It paints itself: the list keeps two hundred rows, and makes many anew whenever processes come
 * and go. Made of labels, bars and boxes, each was seven widgets to build, style and measure, and
 * every new number had the whole window laid out. */

#include "atlas-config.h"

#include "atlas-process-row.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <unistd.h>

#include "atlas-appearance.h"
#include "atlas-format.h"
#include "atlas-share-bar.h"

#define LEAST_WIDTH 200
#define BAR_WIDTH 96
#define COLUMN_SPACING 12
#define LINE_SPACING 2
/* As captions and dim labels are in the rest of the window. */
#define SMALL 0.82
#define DIM_ALPHA 0.55

typedef enum
{
  TEXT_NAME,
  TEXT_VALUE,
  TEXT_PID,
  N_TEXTS
} Text;

struct _AtlasProcessRow
{
  GtkWidget parent_instance;

  AtlasProcess *process;
  char *texts[N_TEXTS];
  double share;

  PangoLayout *layouts[N_TEXTS]; /* NULL: to be made when it is painted */
  int line_height, small_height; /* 0: not yet known */
};

G_DEFINE_FINAL_TYPE (AtlasProcessRow, atlas_process_row, GTK_TYPE_WIDGET)

/* The amount, or why there is none. */
static char *
format_value (const AtlasProcessInfo *info, guint64 kb)
{
  if (info->unreadable)
    return g_strdup (_ ("unknown"));
  if (info->kernel_thread)
    return g_strdup (_ ("kernel"));
  if (info->state == 'Z')
    return g_strdup (_ ("zombie"));
  return atlas_format_bytes (kb * 1024);
}

static char *
format_pid (AtlasProcess *process, const AtlasProcessInfo *info)
{
  static guint own = (guint) -1;

  if (own == (guint) -1)
    own = getuid ();
  if (info->uid == own)
    return g_strdup_printf (_ ("PID %d"), info->pid);
  /* Translators: PID and account name */
  return g_strdup_printf (_ ("PID %d · %s"), info->pid, atlas_process_get_user (process));
}

/* The list's own row widget is what assistive tools meet. */
static void
label_list_item (AtlasProcessRow *self)
{
  GtkWidget *item = gtk_widget_get_parent (GTK_WIDGET (self));
  g_autofree char *label = NULL;

  if (!item)
    return;
  label = g_strdup_printf ("%s, %s, %s", self->texts[TEXT_NAME], self->texts[TEXT_PID],
                           self->texts[TEXT_VALUE]);
  gtk_accessible_update_property (GTK_ACCESSIBLE (item), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

/* --- painting --- */

static void
forget_layouts (AtlasProcessRow *self)
{
  for (guint i = 0; i < N_TEXTS; i++)
    g_clear_object (&self->layouts[i]);
}

static PangoAttribute *
new_attribute (Text text)
{
  return text == TEXT_VALUE ? pango_attr_font_features_new ("tnum=1")
                            : pango_attr_scale_new (SMALL);
}

static PangoLayout *
ensure_layout (AtlasProcessRow *self, Text text)
{
  PangoLayout *layout = self->layouts[text];

  if (layout)
    return layout;
  layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), self->texts[text]);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  if (text != TEXT_NAME)
    {
      g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();

      pango_attr_list_insert (attributes, new_attribute (text));
      pango_layout_set_attributes (layout, attributes);
    }
  return self->layouts[text] = layout;
}

/* A text as wide as it needs to be. */
static int
get_text_width (AtlasProcessRow *self, Text text)
{
  PangoLayout *layout = ensure_layout (self, text);
  int width;

  pango_layout_set_width (layout, -1);
  pango_layout_get_pixel_size (layout, &width, NULL);
  return width;
}

/* At @x as one reads: mirrored where that is from right to left. */
static void
paint_text (AtlasProcessRow *self,
            GtkSnapshot *snapshot,
            Text text,
            double x,
            double y,
            int width,
            double alpha)
{
  const AtlasColor *color = &atlas_appearance_get_palette (atlas_appearance_get_default ())->text;
  const GdkRGBA rgba = { (float) color->red, (float) color->green, (float) color->blue,
                         (float) (color->alpha * alpha) };
  PangoLayout *layout = ensure_layout (self, text);

  if (gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL)
    x = gtk_widget_get_width (GTK_WIDGET (self)) - x - width;
  pango_layout_set_width (layout, width * PANGO_SCALE);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) x, (float) y));
  gtk_snapshot_append_layout (snapshot, layout, &rgba);
  gtk_snapshot_restore (snapshot);
}

static void
paint_bar (AtlasProcessRow *self, GtkSnapshot *snapshot, double x, double y)
{
  double width = gtk_widget_get_width (GTK_WIDGET (self));
  double middle = y + floor ((self->small_height - ATLAS_SHARE_BAR_HEIGHT) / 2.0);

  if (gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL)
    x = width - x - BAR_WIDTH;
  atlas_share_bar_paint (snapshot, x, middle, BAR_WIDTH, self->share);
}

static void
ensure_heights (AtlasProcessRow *self)
{
  PangoContext *context = gtk_widget_get_pango_context (GTK_WIDGET (self));
  PangoFontMetrics *metrics;
  double height;

  if (self->line_height > 0)
    return;
  metrics = pango_context_get_metrics (context, NULL, NULL);
  height =
      (double) (pango_font_metrics_get_ascent (metrics) + pango_font_metrics_get_descent (metrics))
      / PANGO_SCALE;
  self->line_height = (int) ceil (height);
  self->small_height = (int) ceil (height * SMALL);
  pango_font_metrics_unref (metrics);
}

static void
atlas_process_row_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  AtlasProcessRow *self = ATLAS_PROCESS_ROW (widget);
  int width = gtk_widget_get_width (widget);
  int value_width, left, second;

  if (!self->process)
    return;
  ensure_heights (self);
  second = self->line_height + LINE_SPACING;
  value_width = get_text_width (self, TEXT_VALUE);
  left = width - BAR_WIDTH - COLUMN_SPACING;
  paint_text (self, snapshot, TEXT_NAME, 0, 0, MAX (width - value_width - COLUMN_SPACING, 0), 1.0);
  paint_text (self, snapshot, TEXT_VALUE, width - value_width, 0, value_width, 1.0);
  paint_text (self, snapshot, TEXT_PID, 0, second, MAX (left, 0), DIM_ALPHA);
  paint_bar (self, snapshot, width - BAR_WIDTH, second);
}

/* No text changes it. */
static void
atlas_process_row_measure (GtkWidget *widget,
                           GtkOrientation orientation,
                           int for_size,
                           int *minimum,
                           int *natural,
                           int *minimum_baseline,
                           int *natural_baseline)
{
  AtlasProcessRow *self = ATLAS_PROCESS_ROW (widget);

  ensure_heights (self);
  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL
                            ? LEAST_WIDTH
                            : self->line_height + LINE_SPACING + self->small_height;
}

/* Font, direction or scale may be others from now on. GTK may hold on to the size that it knows,
 * and not ask again before it paints. */
static void
forget_font (AtlasProcessRow *self)
{
  self->line_height = 0;
  forget_layouts (self);
}

static void
atlas_process_row_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (atlas_process_row_parent_class)->css_changed (widget, change);
  forget_font (ATLAS_PROCESS_ROW (widget));
}

static void
atlas_process_row_system_setting_changed (GtkWidget *widget, GtkSystemSetting setting)
{
  GTK_WIDGET_CLASS (atlas_process_row_parent_class)->system_setting_changed (widget, setting);
  forget_font (ATLAS_PROCESS_ROW (widget));
}

static void
atlas_process_row_direction_changed (GtkWidget *widget, GtkTextDirection before)
{
  GTK_WIDGET_CLASS (atlas_process_row_parent_class)->direction_changed (widget, before);
  forget_layouts (ATLAS_PROCESS_ROW (widget));
}

/* --- what it shows --- */

/* TRUE if it was another. Takes @value. */
static gboolean
set_text (AtlasProcessRow *self, Text text, char *value)
{
  if (g_strcmp0 (self->texts[text], value) == 0)
    {
      g_free (value);
      return FALSE;
    }
  g_free (self->texts[text]);
  self->texts[text] = value;
  g_clear_object (&self->layouts[text]);
  return TRUE;
}

static gboolean
set_share (AtlasProcessRow *self, double share)
{
  gboolean changed = share < self->share || share > self->share;

  self->share = share;
  return changed;
}

static void
fill (AtlasProcessRow *self, AtlasProcessKey key, guint64 most)
{
  const AtlasProcessInfo *info = atlas_process_get_info (self->process);
  guint64 kb = atlas_process_key_get_kb (key, info);
  gboolean has_memory = !info->unreadable && !info->kernel_thread && info->state != 'Z';
  gboolean renamed = set_text (self, TEXT_NAME, g_strdup (info->name));
  gboolean changed;

  renamed = set_text (self, TEXT_PID, format_pid (self->process, info)) || renamed;
  renamed = set_text (self, TEXT_VALUE, format_value (info, kb)) || renamed;
  changed = set_share (self, most > 0 ? MIN ((double) kb / (double) most, 1.0) : 0);
  if (has_memory)
    gtk_widget_remove_css_class (GTK_WIDGET (self), "dim-label");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self), "dim-label");
  if (renamed)
    label_list_item (self);
  if (renamed || changed)
    gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* Asked for only when it is to be seen: setting a tooltip on a row makes GTK look at once for what
 * is under the pointer, in the middle of laying out the list. */
static gboolean
atlas_process_row_query_tooltip (GtkWidget *widget,
                                 int x,
                                 int y,
                                 gboolean keyboard,
                                 GtkTooltip *tooltip)
{
  AtlasProcessRow *self = ATLAS_PROCESS_ROW (widget);
  const char *command = self->process ? atlas_process_get_command (self->process) : "";

  gtk_tooltip_set_text (tooltip, command);
  return *command != '\0';
}

void
atlas_process_row_show (AtlasProcessRow *self,
                        AtlasProcess *process,
                        AtlasProcessKey key,
                        guint64 most)
{
  g_return_if_fail (ATLAS_IS_PROCESS_ROW (self));
  g_return_if_fail (!process || ATLAS_IS_PROCESS (process));

  g_set_object (&self->process, process);
  if (process)
    fill (self, key, most);
}

AtlasProcess *
atlas_process_row_get_process (AtlasProcessRow *self)
{
  g_return_val_if_fail (ATLAS_IS_PROCESS_ROW (self), NULL);

  return self->process;
}

static void
atlas_process_row_dispose (GObject *object)
{
  AtlasProcessRow *self = ATLAS_PROCESS_ROW (object);

  g_clear_object (&self->process);
  forget_layouts (self);
  G_OBJECT_CLASS (atlas_process_row_parent_class)->dispose (object);
}

static void
atlas_process_row_finalize (GObject *object)
{
  AtlasProcessRow *self = ATLAS_PROCESS_ROW (object);

  for (guint i = 0; i < N_TEXTS; i++)
    g_free (self->texts[i]);
  G_OBJECT_CLASS (atlas_process_row_parent_class)->finalize (object);
}

static void
atlas_process_row_class_init (AtlasProcessRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = atlas_process_row_dispose;
  G_OBJECT_CLASS (klass)->finalize = atlas_process_row_finalize;
  widget_class->measure = atlas_process_row_measure;
  widget_class->snapshot = atlas_process_row_snapshot;
  widget_class->css_changed = atlas_process_row_css_changed;
  widget_class->system_setting_changed = atlas_process_row_system_setting_changed;
  widget_class->direction_changed = atlas_process_row_direction_changed;
  widget_class->query_tooltip = atlas_process_row_query_tooltip;

  gtk_widget_class_set_css_name (widget_class, "processrow");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
atlas_process_row_init (AtlasProcessRow *self)
{
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  g_signal_connect_object (atlas_appearance_get_default (), "changed",
                           G_CALLBACK (gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);
}

GtkWidget *
atlas_process_row_new (void)
{
  return g_object_new (ATLAS_TYPE_PROCESS_ROW, NULL);
}
