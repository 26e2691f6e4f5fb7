/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A text's box is what its letters cover, not its line: from the top of a capital to below the
 * line of writing. */

#include "text-list.h"

#include <math.h>
#include <string.h>

#define ABOVE 0.74 /* of the font's size */
#define BELOW 0.16
#define LEGIBLE 4.5
#define SLACK 0.5 /* pixels, for rounding */

static void
free_text (gpointer data)
{
  Text *text = data;

  g_free (text->text);
  g_free (text);
}

static void
catch_text (const char *text,
            AtlasTextStyle style,
            double size,
            const AtlasColor *color,
            double x,
            double baseline,
            double width,
            gpointer user_data)
{
  TextList *self = user_data;
  Text caught = { g_strdup (text), style, size, *color, x, baseline, width };

  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_ptr_array_add (self->texts, g_memdup2 (&caught, sizeof caught));
}

TextList *
text_list_new (double width, double height, const AtlasPalette *palette)
{
  TextList *self = g_new0 (TextList, 1);

  self->width = width;
  self->height = height;
  self->surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int) width, (int) height);
  self->cr = cairo_create (self->surface);
  self->texts = g_ptr_array_new_with_free_func (free_text);
  atlas_canvas_init (&self->canvas, self->cr, NULL, palette);
  atlas_canvas_set_sink (&self->canvas, catch_text, self);
  atlas_canvas_set_color (&self->canvas, &palette->background);
  cairo_paint (self->cr);
  return self;
}

void
text_list_free (TextList *self)
{
  atlas_canvas_clear (&self->canvas);
  cairo_destroy (self->cr);
  cairo_surface_destroy (self->surface);
  g_ptr_array_unref (self->texts);
  g_free (self);
}

guint
text_list_count (TextList *self, const char *part)
{
  guint n = 0;

  for (guint i = 0; i < self->texts->len; i++)
    n += strstr (((Text *) g_ptr_array_index (self->texts, i))->text, part) != NULL;
  return n;
}

gboolean
text_list_has (TextList *self, const char *part)
{
  return text_list_count (self, part) > 0;
}

void
text_list_assert_inside (TextList *self)
{
  for (guint i = 0; i < self->texts->len; i++)
    {
      const Text *text = g_ptr_array_index (self->texts, i);

      if (text->x < -SLACK || text->x + text->width > self->width + SLACK
          || text->baseline - ABOVE * text->size < -SLACK
          || text->baseline + BELOW * text->size > self->height + SLACK)
        g_error ("“%s” at %.0f, %.0f leaves the drawing of %.0f × %.0f", text->text, text->x,
                 text->baseline, self->width, self->height);
    }
}

static gboolean
overlap (const Text *a, const Text *b)
{
  return a->x + SLACK < b->x + b->width && b->x + SLACK < a->x + a->width
         && a->baseline - ABOVE * a->size + SLACK < b->baseline + BELOW * b->size
         && b->baseline - ABOVE * b->size + SLACK < a->baseline + BELOW * a->size;
}

void
text_list_assert_apart (TextList *self)
{
  for (guint i = 0; i < self->texts->len; i++)
    for (guint j = 0; j < i; j++)
      {
        const Text *a = g_ptr_array_index (self->texts, i);
        const Text *b = g_ptr_array_index (self->texts, j);

        if (overlap (a, b))
          g_error ("“%s” at %.0f, %.0f and “%s” at %.0f, %.0f overlap in %.0f × %.0f", a->text,
                   a->x, a->baseline, b->text, b->x, b->baseline, self->width, self->height);
      }
}

static AtlasColor
get_pixel (TextList *self, int x, int y)
{
  const unsigned char *row = cairo_image_surface_get_data (self->surface)
                             + y * cairo_image_surface_get_stride (self->surface);
  guint32 pixel;

  memcpy (&pixel, row + (gsize) x * sizeof pixel, sizeof pixel);
  return (AtlasColor){ (pixel >> 16 & 0xff) / 255.0, (pixel >> 8 & 0xff) / 255.0,
                       (pixel & 0xff) / 255.0, 1 };
}

static double
get_least_contrast (TextList *self, const Text *text)
{
  int left = (int) MAX (ceil (text->x), 0);
  int right = (int) MIN (floor (text->x + text->width), self->width);
  int top = (int) MAX (ceil (text->baseline - ABOVE * text->size), 0);
  int bottom = (int) MIN (floor (text->baseline), self->height);
  double least = 21;

  for (int y = top; y < bottom; y++)
    for (int x = left; x < right; x++)
      {
        AtlasColor ground = get_pixel (self, x, y);
        least = MIN (least, atlas_color_contrast (&text->color, &ground));
      }
  return least;
}

void
text_list_assert_legible (TextList *self)
{
  cairo_surface_flush (self->surface);
  for (guint i = 0; i < self->texts->len; i++)
    {
      const Text *text = g_ptr_array_index (self->texts, i);
      double contrast = get_least_contrast (self, text);

      if (contrast < LEGIBLE)
        g_error ("“%s” at %.0f, %.0f has a contrast of %.2f", text->text, text->x, text->baseline,
                 contrast);
    }
}
