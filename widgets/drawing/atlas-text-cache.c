/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Two generations: what is asked for is in the young one, or comes back to it from the old one.
 * When the young one is full it becomes the old one, and what nobody asked for meanwhile goes. So
 * the cost of forgetting is spread and there is no list to keep in order. */

#include "atlas-text-cache.h"

#include <string.h>

#define ELLIPSIS "…"
/* To a generation; a frame says some hundreds of different things. */
#define MOST_TEXTS 600

typedef struct
{
  guint style;
  double max_width;
  const char *text;
} Key;

typedef struct
{
  Key key; /* points to text */
  AtlasShapedText shaped;
  char text[];
} Entry;

struct _AtlasTextCache
{
  PangoContext *context;
  GHashTable *young, *old; /* Entry, by itself as key */
};

static guint
hash_key (gconstpointer data)
{
  const Key *key = data;
  return g_str_hash (key->text) * 31 + key->style * 7 + (guint) key->max_width;
}

static gboolean
equal_keys (gconstpointer a, gconstpointer b)
{
  const Key *first = a, *second = b;
  return first->style == second->style && !(first->max_width < second->max_width)
         && !(first->max_width > second->max_width) && strcmp (first->text, second->text) == 0;
}

static void
free_entry (Entry *entry)
{
  g_object_unref (entry->shaped.layout);
  g_free (entry);
}

static GHashTable *
new_generation (void)
{
  return g_hash_table_new_full (hash_key, equal_keys, NULL, (GDestroyNotify) free_entry);
}

AtlasTextCache *
atlas_text_cache_new (PangoContext *context)
{
  AtlasTextCache *self = g_new0 (AtlasTextCache, 1);

  self->context = g_object_ref (context);
  self->young = new_generation ();
  self->old = new_generation ();
  return self;
}

void
atlas_text_cache_free (AtlasTextCache *self)
{
  g_hash_table_unref (self->young);
  g_hash_table_unref (self->old);
  g_object_unref (self->context);
  g_free (self);
}

static void
keep (AtlasTextCache *self, Entry *entry)
{
  if (g_hash_table_size (self->young) >= MOST_TEXTS)
    {
      g_hash_table_unref (self->old);
      self->old = self->young;
      self->young = new_generation ();
    }
  g_hash_table_insert (self->young, &entry->key, entry);
}

static Entry *
find (AtlasTextCache *self, const Key *key)
{
  gpointer entry = g_hash_table_lookup (self->young, key);

  if (entry != NULL)
    return entry;
  if (!g_hash_table_steal_extended (self->old, key, NULL, &entry))
    return NULL;
  keep (self, entry);
  return entry;
}

static double
set_text (PangoLayout *layout, const char *text, gsize length)
{
  int width;

  pango_layout_set_text (layout, text, (int) length);
  pango_layout_get_size (layout, &width, NULL);
  return (double) width / PANGO_SCALE;
}

/* Where to cut so that no more than @room is taken, bytes; never inside of what is one character to
 * the reader. */
static gsize
find_cut (PangoLayout *layout, double width, double room)
{
  gboolean from_right = pango_layout_get_direction (layout, 0) == PANGO_DIRECTION_RTL;
  double x = from_right ? width - room : room;
  int index, trailing;

  pango_layout_xy_to_index (layout, (int) (x * PANGO_SCALE), 0, &index, &trailing);
  return (gsize) MAX (index, 0);
}

/* Puts as much of @text as fits into @max_width into @layout and gives its width. */
static double
set_fitting_text (PangoLayout *layout, const char *text, double max_width)
{
  double ellipsis = set_text (layout, ELLIPSIS, strlen (ELLIPSIS));
  double width = set_text (layout, text, strlen (text));

  if (max_width <= 0 || width <= max_width)
    return width;
  gsize cut = find_cut (layout, width, MAX (max_width - ellipsis, 0));
  for (;;)
    {
      g_autofree char *head = g_strndup (text, cut);
      g_autofree char *shown = g_strconcat (g_strchomp (head), ELLIPSIS, NULL);
      width = set_text (layout, shown, strlen (shown));
      if (width <= max_width || cut == 0)
        break;
      cut = (gsize) (g_utf8_prev_char (text + cut) - text);
    }
  return width <= max_width ? width : set_text (layout, "", 0);
}

static Entry *
new_entry (AtlasTextCache *self, const Key *key, const PangoFontDescription *font)
{
  gsize size = strlen (key->text) + 1;
  Entry *entry = g_malloc (sizeof (Entry) + size);
  PangoLayout *layout = pango_layout_new (self->context);

  memcpy (entry->text, key->text, size);
  entry->key = (Key){ key->style, key->max_width, entry->text };
  pango_layout_set_single_paragraph_mode (layout, TRUE);
  pango_layout_set_font_description (layout, font);
  entry->shaped.layout = layout;
  entry->shaped.width = key->max_width > 0 ? set_fitting_text (layout, entry->text, key->max_width)
                                           : set_text (layout, entry->text, size - 1);
  return entry;
}

static const AtlasShapedText *
shape (AtlasTextCache *self, const Key *key, const PangoFontDescription *font)
{
  Entry *entry = find (self, key);

  if (entry == NULL)
    {
      entry = new_entry (self, key, font);
      keep (self, entry);
    }
  return &entry->shaped;
}

const AtlasShapedText *
atlas_text_cache_shape (AtlasTextCache *self,
                        guint style,
                        const PangoFontDescription *font,
                        double max_width,
                        const char *text)
{
  g_return_val_if_fail (self != NULL && font != NULL && text != NULL, NULL);

  /* Most texts fit, whatever the room: that is one entry for all widths. */
  const AtlasShapedText *whole = shape (self, &(Key){ style, 0, text }, font);
  if (max_width <= 0 || whole->width <= max_width)
    return whole;
  return shape (self, &(Key){ style, max_width, text }, font);
}
