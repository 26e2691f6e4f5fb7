/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a row of the table says and how rows compare. What it is sorted by is noted
 * apart from what it shows: a list that is sorted must not find its items changed. */

#include "atlas-config.h"

#include "atlas-region-item.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "atlas-format.h"

/* What a list can be sorted by. */
typedef struct
{
  guint64 number[ATLAS_N_REGION_KEYS];
  char *title; /* collation key */
} Note;

struct _AtlasRegionItem
{
  GObject parent_instance;

  AtlasRegion *region;
  AtlasLabels *labels; /* or NULL */
  guint64 page_size;
  AtlasPageCounts counts;
  char *title;

  Note note;
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AtlasRegionItem, atlas_region_item, G_TYPE_OBJECT)

static void
take_region (AtlasRegionItem *self, AtlasRegion *region)
{
  AtlasRegion *old = self->region;

  self->region = atlas_region_ref (region);
  atlas_pages_count_all (region->pages, &self->counts);
  g_free (self->title);
  self->title = atlas_labels_dup_title (self->labels, region, self->page_size);
  g_clear_pointer (&old, atlas_region_unref);
}

void
atlas_region_item_note (AtlasRegionItem *self)
{
  const AtlasRegion *region;
  guint64 *number;

  g_return_if_fail (ATLAS_IS_REGION_ITEM (self));

  region = self->region;
  number = self->note.number;
  number[ATLAS_REGION_KEY_ADDRESS] = region->start;
  number[ATLAS_REGION_KEY_KIND] = region->kind;
  number[ATLAS_REGION_KEY_PERMISSIONS] = region->permissions;
  number[ATLAS_REGION_KEY_SIZE] = region->end - region->start;
  number[ATLAS_REGION_KEY_RESIDENT] = self->counts.resident;
  number[ATLAS_REGION_KEY_SWAPPED] = self->counts.swapped;
  /* A region is locked as a whole; one that may be comes between those that are and are not. */
  number[ATLAS_REGION_KEY_LOCKED] =
      region->locked == ATLAS_LOCKED_YES ? 2 : region->locked != ATLAS_LOCKED_NO;
  g_free (self->note.title);
  self->note.title = g_utf8_collate_key (self->title, -1);
}

AtlasRegionItem *
atlas_region_item_new (AtlasRegion *region, guint64 page_size)
{
  AtlasRegionItem *self;

  g_return_val_if_fail (region, NULL);

  self = g_object_new (ATLAS_TYPE_REGION_ITEM, NULL);
  self->page_size = page_size;
  take_region (self, region);
  atlas_region_item_note (self);
  return self;
}

gboolean
atlas_region_item_set_labels (AtlasRegionItem *self, AtlasLabels *labels)
{
  g_autofree char *title = NULL;

  g_return_val_if_fail (ATLAS_IS_REGION_ITEM (self), FALSE);

  if (labels != NULL)
    atlas_labels_ref (labels);
  g_clear_pointer (&self->labels, atlas_labels_unref);
  self->labels = labels;
  title = atlas_labels_dup_title (labels, self->region, self->page_size);
  if (strcmp (title, self->title) == 0)
    return FALSE;
  g_free (self->title);
  self->title = g_steal_pointer (&title);
  g_signal_emit (self, signals[CHANGED], 0);
  return TRUE;
}

AtlasRegion *
atlas_region_item_get_region (AtlasRegionItem *self)
{
  g_return_val_if_fail (ATLAS_IS_REGION_ITEM (self), NULL);

  return self->region;
}

gboolean
atlas_region_item_is (AtlasRegionItem *self, const AtlasRegion *region)
{
  g_return_val_if_fail (ATLAS_IS_REGION_ITEM (self), FALSE);

  return self->region == region
         || (self->region->start == region->start && self->region->inode == region->inode
             && strcmp (self->region->name, region->name) == 0);
}

gboolean
atlas_region_item_update (AtlasRegionItem *self, AtlasRegion *region)
{
  g_return_val_if_fail (ATLAS_IS_REGION_ITEM (self), FALSE);

  if (self->region == region)
    return FALSE;
  take_region (self, region);
  g_signal_emit (self, signals[CHANGED], 0);
  return TRUE;
}

static char *
format_permissions (const AtlasRegion *region)
{
  char text[5];

  atlas_permissions_to_text (region->permissions, text);
  return g_strdup (text);
}

static char *
format_locked (const AtlasRegion *region)
{
  switch (region->locked)
    {
    case ATLAS_LOCKED_YES:
      return g_strdup (_ ("yes"));
    case ATLAS_LOCKED_UNKNOWN:
      return g_strdup (_ ("unknown"));
    case ATLAS_LOCKED_NO:
    default:
      return g_strdup (_ ("no"));
    }
}

/* A number of pages as bytes; unknown is shown as unknown. */
static char *
format_pages (AtlasRegionItem *self, guint64 pages)
{
  if (self->counts.pages > 0 && self->counts.unknown == self->counts.pages)
    return g_strdup (_ ("unknown"));
  return pages == 0 ? g_strdup ("0") : atlas_format_bytes (pages * self->page_size);
}

char *
atlas_region_item_format (AtlasRegionItem *self, AtlasRegionKey key)
{
  g_return_val_if_fail (ATLAS_IS_REGION_ITEM (self), NULL);

  switch (key)
    {
    case ATLAS_REGION_KEY_ADDRESS:
      return atlas_format_range (self->region->start, self->region->end);
    case ATLAS_REGION_KEY_KIND:
      return g_strdup (atlas_kind_get_title (self->region->kind));
    case ATLAS_REGION_KEY_NAME:
      return g_strdup (self->title);
    case ATLAS_REGION_KEY_PERMISSIONS:
      return format_permissions (self->region);
    case ATLAS_REGION_KEY_SIZE:
      return atlas_format_bytes (self->region->end - self->region->start);
    case ATLAS_REGION_KEY_RESIDENT:
      return format_pages (self, self->counts.resident);
    case ATLAS_REGION_KEY_SWAPPED:
      return format_pages (self, self->counts.swapped);
    case ATLAS_REGION_KEY_LOCKED:
      return format_locked (self->region);
    case ATLAS_N_REGION_KEYS:
    default:
      g_return_val_if_reached (NULL);
    }
}

static int
compare_numbers (guint64 a, guint64 b)
{
  return (a > b) - (a < b);
}

int
atlas_region_item_compare (AtlasRegionItem *a, AtlasRegionItem *b, AtlasRegionKey key)
{
  int order;

  if (key == ATLAS_REGION_KEY_NAME)
    order = strcmp (a->note.title, b->note.title);
  else
    order = compare_numbers (a->note.number[key], b->note.number[key]);
  return order != 0 ? order : compare_numbers (a->region->start, b->region->start);
}

/* All that can be searched in one text, casefolded. */
static char *
make_haystack (AtlasRegionItem *self)
{
  g_autofree char *range = atlas_format_range (self->region->start, self->region->end);
  g_autofree char *name = atlas_region_dup_full_name (self->region);
  g_autofree char *permissions = format_permissions (self->region);
  g_autofree char *all =
      g_strjoin ("\n", self->title, name, atlas_kind_get_title (self->region->kind),
                 atlas_kind_get_id (self->region->kind), permissions, range, NULL);

  return g_utf8_casefold (all, -1);
}

gboolean
atlas_region_item_matches (AtlasRegionItem *self, const char *search)
{
  g_autofree char *haystack = NULL;
  g_auto (GStrv) words = NULL;

  g_return_val_if_fail (ATLAS_IS_REGION_ITEM (self), FALSE);
  g_return_val_if_fail (search, FALSE);

  haystack = make_haystack (self);
  words = g_strsplit_set (search, " \t", -1);
  for (guint i = 0; words[i]; i++)
    {
      const char *word = g_str_has_prefix (words[i], "0x") ? words[i] + 2 : words[i];

      if (!strstr (haystack, word))
        return FALSE;
    }
  return TRUE;
}

static void
atlas_region_item_finalize (GObject *object)
{
  AtlasRegionItem *self = ATLAS_REGION_ITEM (object);

  g_clear_pointer (&self->region, atlas_region_unref);
  g_clear_pointer (&self->labels, atlas_labels_unref);
  g_free (self->title);
  g_free (self->note.title);
  G_OBJECT_CLASS (atlas_region_item_parent_class)->finalize (object);
}

static void
atlas_region_item_class_init (AtlasRegionItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = atlas_region_item_finalize;
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
atlas_region_item_init (AtlasRegionItem *self)
{
}
