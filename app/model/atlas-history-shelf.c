/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A short queue, the last put first. */

#include "atlas-history-shelf.h"

#define MOST_HISTORIES 6
#define MOST_BYTES (16u << 20) /* of snapshots, of each */

typedef struct
{
  gint pid;
  guint64 start_time;
  AtlasHistory *history;
} Item;

struct _AtlasHistoryShelf
{
  GQueue items; /* of Item */
};

static void
item_free (gpointer data)
{
  Item *item = data;

  g_clear_pointer (&item->history, atlas_history_free);
  g_free (item);
}

AtlasHistoryShelf *
atlas_history_shelf_new (void)
{
  AtlasHistoryShelf *self = g_new (AtlasHistoryShelf, 1);

  g_queue_init (&self->items);
  return self;
}

void
atlas_history_shelf_free (AtlasHistoryShelf *self)
{
  g_queue_clear_full (&self->items, item_free);
  g_free (self);
}

static GList *
find (AtlasHistoryShelf *self, gint pid, guint64 start_time)
{
  for (GList *link = self->items.head; link != NULL; link = link->next)
    {
      const Item *item = link->data;

      if (item->pid == pid && item->start_time == start_time)
        return link;
    }
  return NULL;
}

void
atlas_history_shelf_put (AtlasHistoryShelf *self,
                         gint pid,
                         guint64 start_time,
                         AtlasHistory *history)
{
  Item *item;

  g_return_if_fail (self != NULL && history != NULL);
  g_return_if_fail (find (self, pid, start_time) == NULL);

  atlas_history_trim (history, MOST_BYTES);
  item = g_new (Item, 1);
  *item = (Item){ pid, start_time, history };
  g_queue_push_head (&self->items, item);
  if (self->items.length > MOST_HISTORIES)
    item_free (g_queue_pop_tail (&self->items));
}

AtlasHistory *
atlas_history_shelf_take (AtlasHistoryShelf *self, gint pid, guint64 start_time)
{
  GList *link;
  Item *item;
  AtlasHistory *history;

  g_return_val_if_fail (self != NULL, NULL);

  link = find (self, pid, start_time);
  if (link == NULL)
    return NULL;
  item = link->data;
  history = g_steal_pointer (&item->history);
  atlas_history_begin_gap (history);
  item_free (item);
  g_queue_delete_link (&self->items, link);
  return history;
}
