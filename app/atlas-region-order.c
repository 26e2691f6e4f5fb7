/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Regions by the tens of thousands are gone through in one pass that allocates nothing for each:
 * what is compared is a number, and what names and kinds have to say is found once for all regions
 * that share them. */

#include "atlas-config.h"

#include "atlas-region-order.h"

#include <stdlib.h>
#include <string.h>

#include "atlas-format.h"

/* Bits of a signed mask; words beyond that are not looked for. */
#define MOST_WORDS 63
#define N_PERMISSIONS 16

struct _AtlasRegionOrder
{
  gatomicrefcount references;
  AtlasSnapshot *snapshot;
  AtlasRegionWish wish;
  char *search; /* that of the wish; as are its labels */
  guint n_rows;
  guint32 *rows;   /* index of the region in each row; NULL: all, by address */
  guint32 *places; /* 1 + the row of each region, 0: none; NULL as above */
};

/* What regions of one name and kind have in common; or what is called so alone, for what is in it.
 */
typedef struct
{
  const char *name; /* interned */
  AtlasKind kind;
  const AtlasRegion *region; /* NULL: all that hold nothing with a name of its own */
  char *collation;
  guint64 rank;  /* among all of them, by title */
  guint64 found; /* a bit for each word that is in it */
} Naming;

typedef struct
{
  guint64 key;
  guint32 index;
} Entry;

typedef struct
{
  const AtlasRegionWish *wish;
  guint64 page_size;
  GStrv words;
  guint64 all;                       /* a bit for each word */
  guint64 addresses;                 /* of those that may be in an address */
  gint64 permissions[N_PERMISSIONS]; /* bits found in them; -1: not looked for yet */
  GHashTable *namings;               /* a set of Naming */
  Naming *last;
  Entry *entries;
  guint n_entries;
} Making;

/* --- names ----------------------------------------------------------------------------------- */

static guint
hash_naming (gconstpointer data)
{
  const Naming *naming = data;

  return (g_direct_hash (naming->name) * 31 + (guint) naming->kind) * 31
         + g_direct_hash (naming->region);
}

static gboolean
equal_namings (gconstpointer a, gconstpointer b)
{
  const Naming *one = a, *other = b;

  return one->name == other->name && one->kind == other->kind && one->region == other->region;
}

static void
free_naming (gpointer data)
{
  Naming *naming = data;

  g_free (naming->collation);
  g_free (naming);
}

static guint64
find_words (const Making *making, const char *text)
{
  guint64 found = 0;

  for (guint i = 0; making->words[i] != NULL && i < MOST_WORDS; i++)
    if (strstr (text, making->words[i]) != NULL)
      found |= G_GUINT64_CONSTANT (1) << i;
  return found;
}

static gboolean
has_allocations (const Making *making, const AtlasRegion *region)
{
  guint n;

  atlas_labels_find (making->wish->labels, region->start, region->end, &n);
  return n > 0;
}

static Naming *
make_naming (const Making *making, const AtlasRegion *region)
{
  Naming *naming = g_new0 (Naming, 1);
  g_autofree char *title = atlas_labels_dup_title (making->wish->labels, region, making->page_size);
  g_autofree char *name = atlas_region_dup_full_name (region);
  g_autofree char *all = NULL;
  g_autofree char *folded = NULL;

  naming->name = region->name;
  naming->kind = region->kind;
  naming->region = has_allocations (making, region) ? region : NULL;
  if (making->wish->column == ATLAS_REGION_COLUMN_NAME)
    naming->collation = g_utf8_collate_key (title, -1);
  if (making->all == 0)
    return naming;
  all = g_strjoin ("\n", title, name, atlas_kind_get_title (region->kind),
                   atlas_kind_get_id (region->kind), NULL);
  folded = g_utf8_casefold (all, -1);
  naming->found = find_words (making, folded);
  return naming;
}

/* Neighbours mostly have the same. */
static Naming *
get_naming (Making *making, const AtlasRegion *region)
{
  const Naming wanted = { .name = region->name,
                          .kind = region->kind,
                          .region = has_allocations (making, region) ? region : NULL };

  if (making->last != NULL && equal_namings (making->last, &wanted))
    return making->last;
  making->last = g_hash_table_lookup (making->namings, &wanted);
  if (making->last == NULL)
    {
      making->last = make_naming (making, region);
      g_hash_table_add (making->namings, making->last);
    }
  return making->last;
}

static gint
compare_namings (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(Naming *const *) a)->collation, (*(Naming *const *) b)->collation);
}

/* Those of the same title, whatever their path, are of one rank. */
static void
rank_names (Making *making)
{
  guint n_namings;
  g_autofree gpointer *namings = g_hash_table_get_keys_as_array (making->namings, &n_namings);

  qsort (namings, n_namings, sizeof *namings, compare_namings);
  for (guint i = 1; i < n_namings; i++)
    {
      Naming *before = namings[i - 1], *naming = namings[i];

      naming->rank = before->rank + (strcmp (before->collation, naming->collation) != 0);
    }
}

/* --- what is shown --------------------------------------------------------------------------- */

/* Hexadecimal digits and the dash of a range. */
static gboolean
may_be_address (const char *word)
{
  return word[strspn (word, "0123456789abcdef–")] == '\0';
}

static void
read_search (Making *making)
{
  const char *search = making->wish->search != NULL ? making->wish->search : "";
  g_auto (GStrv) parts = g_strsplit_set (search, " \t", -1);
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();
  guint n_words = 0;

  for (guint i = 0; parts[i] != NULL && n_words < MOST_WORDS; i++)
    {
      const char *word = g_str_has_prefix (parts[i], "0x") ? parts[i] + 2 : parts[i];
      guint64 bit = G_GUINT64_CONSTANT (1) << n_words;

      if (*word == '\0')
        continue;
      g_strv_builder_add (words, word);
      making->all |= bit;
      making->addresses |= may_be_address (word) ? bit : 0;
      n_words++;
    }
  making->words = g_strv_builder_end (words);
}

static guint64
find_in_permissions (Making *making, AtlasPermissions permissions)
{
  gint64 *found = &making->permissions[permissions % N_PERMISSIONS];
  char text[5];

  if (*found < 0)
    {
      atlas_permissions_to_text (permissions, text);
      *found = (gint64) find_words (making, text);
    }
  return (guint64) *found;
}

/* The longest way comes last. */
static gboolean
is_shown (Making *making, const AtlasRegion *region)
{
  guint64 missing = making->all;
  g_autofree char *range = NULL;

  if (missing == 0)
    return TRUE;
  missing &= ~get_naming (making, region)->found;
  if (missing != 0)
    missing &= ~find_in_permissions (making, region->permissions);
  if (missing == 0 || (missing & ~making->addresses) != 0)
    return missing == 0;
  range = atlas_format_range (region->start, region->end);
  return (missing & ~find_words (making, range)) == 0;
}

/* --- the order ------------------------------------------------------------------------------- */

static guint64
count_pages (const AtlasRegion *region, AtlasRegionColumn column)
{
  AtlasPageCounts counts;

  atlas_pages_count_all (region->pages, &counts);
  return column == ATLAS_REGION_COLUMN_SWAPPED ? counts.swapped : counts.resident;
}

/* A region is locked as a whole; one that may be comes between those that are and are not. */
static guint64
get_locked (const AtlasRegion *region)
{
  return region->locked == ATLAS_LOCKED_YES ? 2 : region->locked != ATLAS_LOCKED_NO;
}

static guint64
get_key (Making *making, const AtlasRegion *region)
{
  switch (making->wish->column)
    {
    case ATLAS_REGION_COLUMN_NAME:
      return (guint64) (gsize) get_naming (making, region); /* until ranks are known */
    case ATLAS_REGION_COLUMN_RESIDENT:
    case ATLAS_REGION_COLUMN_SWAPPED:
      return count_pages (region, making->wish->column);
    case ATLAS_REGION_COLUMN_SIZE:
      return region->end - region->start;
    case ATLAS_REGION_COLUMN_KIND:
      return region->kind;
    case ATLAS_REGION_COLUMN_PERMISSIONS:
      return region->permissions;
    case ATLAS_REGION_COLUMN_LOCKED:
      return get_locked (region);
    case ATLAS_REGION_COLUMN_ADDRESS:
    case ATLAS_REGION_COLUMN_PAGES:
    case ATLAS_N_REGION_COLUMNS:
    default:
      return region->start;
    }
}

static gint
compare_entries (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const Entry *one = a, *other = b;
  const Making *making = user_data;

  if (one->key == other->key)
    return (one->index > other->index) - (one->index < other->index);
  return (one->key < other->key) == making->wish->descending ? 1 : -1;
}

static void
gather (Making *making, AtlasSnapshot *snapshot)
{
  guint n_regions = atlas_snapshot_get_n_regions (snapshot);

  making->entries = g_new (Entry, n_regions);
  for (guint i = 0; i < n_regions; i++)
    {
      AtlasRegion *region = atlas_snapshot_get_region (snapshot, i);

      if (is_shown (making, region))
        making->entries[making->n_entries++] = (Entry){ get_key (making, region), i };
    }
}

static void
sort (Making *making)
{
  if (making->wish->column == ATLAS_REGION_COLUMN_NAME)
    {
      rank_names (making);
      for (guint i = 0; i < making->n_entries; i++)
        making->entries[i].key = ((const Naming *) (gsize) making->entries[i].key)->rank;
    }
  g_qsort_with_data (making->entries, (gint) making->n_entries, sizeof (Entry), compare_entries,
                     making);
}

static void
take_entries (AtlasRegionOrder *self, const Making *making)
{
  self->n_rows = making->n_entries;
  self->rows = g_new (guint32, making->n_entries);
  self->places = g_new0 (guint32, atlas_snapshot_get_n_regions (self->snapshot));
  for (guint i = 0; i < making->n_entries; i++)
    {
      self->rows[i] = making->entries[i].index;
      self->places[self->rows[i]] = i + 1;
    }
}

static void
arrange (AtlasRegionOrder *self)
{
  Making making = { .wish = &self->wish,
                    .page_size = atlas_snapshot_get_page_size (self->snapshot) };

  for (guint i = 0; i < N_PERMISSIONS; i++)
    making.permissions[i] = -1;
  making.namings = g_hash_table_new_full (hash_naming, equal_namings, NULL, free_naming);
  read_search (&making);
  gather (&making, self->snapshot);
  sort (&making);
  take_entries (self, &making);
  g_free (making.entries);
  g_hash_table_unref (making.namings);
  g_strfreev (making.words);
}

/* --- the object ------------------------------------------------------------------------------ */

AtlasRegionOrder *
atlas_region_order_new (AtlasSnapshot *snapshot, const AtlasRegionWish *wish)
{
  AtlasRegionOrder *self;

  g_return_val_if_fail (wish != NULL, NULL);

  self = g_new0 (AtlasRegionOrder, 1);
  g_atomic_ref_count_init (&self->references);
  self->search = g_strdup (wish->search);
  self->wish = *wish;
  self->wish.descending = !!wish->descending;
  self->wish.search = self->search;
  if (wish->labels != NULL)
    atlas_labels_ref (wish->labels);
  if (snapshot == NULL)
    return self;
  self->snapshot = atlas_snapshot_ref (snapshot);
  if (atlas_region_wish_is_trivial (wish))
    self->n_rows = atlas_snapshot_get_n_regions (snapshot);
  else
    arrange (self);
  return self;
}

AtlasRegionOrder *
atlas_region_order_ref (AtlasRegionOrder *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
atlas_region_order_unref (AtlasRegionOrder *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->references))
    return;
  g_clear_pointer (&self->snapshot, atlas_snapshot_unref);
  g_clear_pointer (&self->wish.labels, atlas_labels_unref);
  g_free (self->search);
  g_free (self->rows);
  g_free (self->places);
  g_free (self);
}

AtlasSnapshot *
atlas_region_order_get_snapshot (AtlasRegionOrder *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->snapshot;
}

const AtlasRegionWish *
atlas_region_order_get_wish (AtlasRegionOrder *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return &self->wish;
}

guint
atlas_region_order_get_n_rows (AtlasRegionOrder *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->n_rows;
}

/* Where all are shown by address a row is as far from one end as its region. */
static guint
mirror (AtlasRegionOrder *self, guint number)
{
  return self->wish.descending ? self->n_rows - 1 - number : number;
}

AtlasRegion *
atlas_region_order_get_region (AtlasRegionOrder *self, guint row)
{
  guint index;

  g_return_val_if_fail (self != NULL && row < self->n_rows, NULL);

  index = self->rows != NULL ? self->rows[row] : mirror (self, row);
  return atlas_snapshot_get_region (self->snapshot, index);
}

gboolean
atlas_region_order_find (AtlasRegionOrder *self, guint64 address, guint *row)
{
  guint index;

  g_return_val_if_fail (self != NULL && row != NULL, FALSE);

  if (self->snapshot == NULL || !atlas_snapshot_find (self->snapshot, address, &index))
    return FALSE;
  if (self->places != NULL && self->places[index] == 0)
    return FALSE;
  *row = self->places != NULL ? self->places[index] - 1 : mirror (self, index);
  return TRUE;
}

gboolean
atlas_region_wish_equal (const AtlasRegionWish *a, const AtlasRegionWish *b)
{
  g_return_val_if_fail (a != NULL && b != NULL, FALSE);

  return a->column == b->column && !a->descending == !b->descending
         && g_strcmp0 (a->search, b->search) == 0;
}

gboolean
atlas_region_wish_is_trivial (const AtlasRegionWish *wish)
{
  g_return_val_if_fail (wish != NULL, FALSE);

  return wish->column == ATLAS_REGION_COLUMN_ADDRESS
         && (wish->search == NULL || *wish->search == '\0');
}
