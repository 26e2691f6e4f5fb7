/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Named ranges, sorted and apart, so that those which touch anything are one slice of the array and
 * are found by halving. Names lie in one block of memory. */

#include "atlas-config.h"

#include "atlas-labels.h"

#include <glib/gi18n-lib.h>

#include "atlas-format.h"
#include "atlas-text.h"

/* Of a region's pages, what may be beyond an allocation that it is named after. */
#define BEYOND_SHARE 16
/* Names in a title. */
#define MOST_IN_TITLE 3

struct _AtlasLabels
{
  gatomicrefcount references;
  GArray *labels; /* AtlasLabel */
  GStringChunk *names;
};

/* What was added, in the order of it. */
typedef struct
{
  AtlasLabel label;
  guint order;
} Draft;

struct _AtlasLabelsBuilder
{
  GArray *drafts; /* Draft */
  GStringChunk *names;
};

/* Written out, since G_DEFINE_BOXED_TYPE is not ISO C. */
GType
atlas_labels_get_type (void)
{
  static gsize type = 0;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_boxed_type_register_static (g_intern_static_string ("AtlasLabels"),
                                                            (GBoxedCopyFunc) atlas_labels_ref,
                                                            (GBoxedFreeFunc) atlas_labels_unref));
  return type;
}

AtlasLabels *
atlas_labels_ref (AtlasLabels *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
atlas_labels_unref (AtlasLabels *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->references))
    return;
  g_array_unref (self->labels);
  g_string_chunk_free (self->names);
  g_free (self);
}

static gboolean
is_same (const AtlasLabel *a, const AtlasLabel *b)
{
  return a->start == b->start && a->end == b->end && g_str_equal (a->name, b->name)
         && g_str_equal (a->short_name, b->short_name);
}

gboolean
atlas_labels_equal (AtlasLabels *self, AtlasLabels *other)
{
  guint n, n_other;
  const AtlasLabel *labels = atlas_labels_get (self, &n);
  const AtlasLabel *others = atlas_labels_get (other, &n_other);

  if (labels == others)
    return TRUE;
  if (n != n_other)
    return FALSE;
  for (guint i = 0; i < n; i++)
    if (!is_same (&labels[i], &others[i]))
      return FALSE;
  return TRUE;
}

const AtlasLabel *
atlas_labels_get (AtlasLabels *self, guint *n_labels)
{
  g_return_val_if_fail (n_labels != NULL, NULL);

  *n_labels = self != NULL ? self->labels->len : 0;
  return *n_labels > 0 ? &g_array_index (self->labels, AtlasLabel, 0) : NULL;
}

/* Of sorted @labels, how many end at or before @address; or begin before it. */
static guint
count_before (const AtlasLabel *labels, guint n, guint64 address, gboolean by_start)
{
  guint low = 0, high = n;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (by_start ? labels[middle].start < address : labels[middle].end <= address)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

const AtlasLabel *
atlas_labels_find (AtlasLabels *self, guint64 start, guint64 end, guint *n_found)
{
  guint n, first;
  const AtlasLabel *labels = atlas_labels_get (self, &n);

  g_return_val_if_fail (n_found != NULL, NULL);

  *n_found = 0;
  if (end <= start)
    return NULL;
  first = count_before (labels, n, start, FALSE);
  *n_found = count_before (labels + first, n - first, end, TRUE);
  return *n_found > 0 ? &labels[first] : NULL;
}

const AtlasLabel *
atlas_labels_find_at (AtlasLabels *self, guint64 address)
{
  guint n;
  const AtlasLabel *labels = atlas_labels_get (self, &n);
  guint index = count_before (labels, n, address, FALSE);

  return index < n && labels[index].start <= address ? &labels[index] : NULL;
}

const AtlasLabel *
atlas_labels_find_whole (AtlasLabels *self, const AtlasRegion *region, guint64 page_size)
{
  guint n;
  const AtlasLabel *label;
  guint64 below, above;

  g_return_val_if_fail (region != NULL && page_size > 0, NULL);

  label = atlas_labels_find (self, region->start, region->end, &n);
  if (n != 1)
    return NULL;
  below = label->start > region->start ? (label->start - region->start) / page_size : 0;
  above = region->end > label->end ? (region->end - label->end) / page_size : 0;
  return below + above <= atlas_region_get_n_pages (region, page_size) / BEYOND_SHARE ? label
                                                                                      : NULL;
}

/* --- words ----------------------------------------------------------------------------------- */

char *
atlas_labels_dup_names (AtlasLabels *self, guint64 start, guint64 end, guint most)
{
  guint n;
  const AtlasLabel *labels = atlas_labels_find (self, start, end, &n);
  GString *names;

  if (n == 0)
    return NULL;
  names = g_string_new (NULL);
  for (guint i = 0; i < MIN (n, most); i++)
    {
      if (names->len > 0)
        /* Translators: between the parts of an enumeration. */
        g_string_append (names, _ (", "));
      g_string_append (names, labels[i].short_name);
    }
  if (n > most)
    {
      g_autofree char *count = atlas_format_count (n - most);

      g_string_append_printf (names, "%s+%s", names->len > 0 ? _ (", ") : "", count);
    }
  return g_string_free (names, FALSE);
}

char *
atlas_labels_dup_title (AtlasLabels *self, const AtlasRegion *region, guint64 page_size)
{
  g_autofree char *title = NULL;
  g_autofree char *names = NULL;
  const AtlasLabel *whole;

  g_return_val_if_fail (region != NULL && page_size > 0, NULL);

  title = atlas_region_dup_title (region);
  whole = atlas_labels_find_whole (self, region, page_size);
  if (whole != NULL)
    return g_strdup_printf ("%s · %s", whole->name, title);
  names = atlas_labels_dup_names (self, region->start, region->end, MOST_IN_TITLE);
  if (names != NULL)
    return g_strdup_printf ("%s · %s", title, names);
  return g_steal_pointer (&title);
}

/* --- building -------------------------------------------------------------------------------- */

AtlasLabelsBuilder *
atlas_labels_builder_new (void)
{
  AtlasLabelsBuilder *builder = g_new0 (AtlasLabelsBuilder, 1);

  builder->drafts = g_array_new (FALSE, FALSE, sizeof (Draft));
  builder->names = g_string_chunk_new (1024);
  return builder;
}

void
atlas_labels_builder_free (AtlasLabelsBuilder *builder)
{
  if (builder == NULL)
    return;
  g_array_unref (builder->drafts);
  g_clear_pointer (&builder->names, g_string_chunk_free);
  g_free (builder);
}

static const char *
keep_name (AtlasLabelsBuilder *builder, const char *name)
{
  g_autofree char *clean = atlas_text_clean (name, -1);

  return g_string_chunk_insert_const (builder->names, clean);
}

void
atlas_labels_builder_add (AtlasLabelsBuilder *builder,
                          guint64 start,
                          guint64 end,
                          const char *name,
                          const char *short_name)
{
  Draft draft;

  g_return_if_fail (builder != NULL && name != NULL && short_name != NULL);

  if (end <= start || *short_name == '\0')
    return;
  draft.label =
      (AtlasLabel){ start, end, keep_name (builder, name), keep_name (builder, short_name) };
  draft.order = builder->drafts->len;
  g_array_append_val (builder->drafts, draft);
}

static int
compare_drafts (gconstpointer a, gconstpointer b)
{
  const Draft *first = a, *second = b;

  if (first->label.start != second->label.start)
    return first->label.start < second->label.start ? -1 : 1;
  return first->order < second->order ? -1 : 1;
}

/* A walk over the addresses, with the ranges that are open at each. */
typedef struct
{
  GArray *labels;  /* AtlasLabel, the result */
  GPtrArray *open; /* Draft, not owned */
  const Draft *last;
  guint64 address;
} Sweep;

/* The one added last of those that are open, and up to where it has the bytes. */
static const Draft *
find_topmost (const Sweep *sweep, guint64 *end)
{
  const Draft *topmost = g_ptr_array_index (sweep->open, 0);

  for (guint i = 0; i < sweep->open->len; i++)
    {
      const Draft *draft = g_ptr_array_index (sweep->open, i);

      *end = MIN (*end, draft->label.end);
      if (draft->order > topmost->order)
        topmost = draft;
    }
  return topmost;
}

static void
append (Sweep *sweep, const Draft *draft, guint64 end)
{
  AtlasLabel label = draft->label;

  label.start = sweep->address;
  label.end = end;
  if (draft == sweep->last
      && g_array_index (sweep->labels, AtlasLabel, sweep->labels->len - 1).end == label.start)
    g_array_index (sweep->labels, AtlasLabel, sweep->labels->len - 1).end = end;
  else
    g_array_append_val (sweep->labels, label);
  sweep->last = draft;
}

static void
close_ended (Sweep *sweep)
{
  for (guint i = sweep->open->len; i-- > 0;)
    {
      const Draft *draft = g_ptr_array_index (sweep->open, i);

      if (draft->label.end <= sweep->address)
        g_ptr_array_remove_index_fast (sweep->open, i);
    }
}

/* Gives out what lies before @to. */
static void
sweep_to (Sweep *sweep, guint64 to)
{
  while (sweep->open->len > 0 && sweep->address < to)
    {
      guint64 end = to;
      const Draft *topmost = find_topmost (sweep, &end);

      append (sweep, topmost, end);
      sweep->address = end;
      close_ended (sweep);
    }
  sweep->address = to;
}

static GArray *
take_apart (GArray *drafts)
{
  g_autoptr (GPtrArray) open = g_ptr_array_new ();
  Sweep sweep = { .labels = g_array_new (FALSE, FALSE, sizeof (AtlasLabel)), .open = open };

  g_array_sort (drafts, compare_drafts);
  for (guint i = 0; i < drafts->len; i++)
    {
      Draft *draft = &g_array_index (drafts, Draft, i);

      sweep_to (&sweep, draft->label.start);
      g_ptr_array_add (open, draft);
    }
  sweep_to (&sweep, G_MAXUINT64);
  return sweep.labels;
}

AtlasLabels *
atlas_labels_builder_end (AtlasLabelsBuilder *builder)
{
  AtlasLabels *self;

  g_return_val_if_fail (builder != NULL, NULL);

  self = g_new0 (AtlasLabels, 1);
  g_atomic_ref_count_init (&self->references);
  self->labels = take_apart (builder->drafts);
  self->names = g_steal_pointer (&builder->names);
  atlas_labels_builder_free (builder);
  return self;
}
