/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The items and their check. */

#include "random-items.h"

#include <string.h>
#include <unistd.h>

static void
free_item (gpointer data)
{
  Item *item = data;

  g_free (item->name);
  g_clear_pointer (&item->permissions, g_byte_array_unref);
  g_free (item);
}

World *
world_new (Subject *subject, guint32 seed, gboolean sanitized)
{
  World *self = g_new0 (World, 1);

  self->subject = subject;
  self->random = g_rand_new_with_seed (seed);
  self->items = g_ptr_array_new_with_free_func (free_item);
  self->page = (guint64) sysconf (_SC_PAGESIZE);
  self->sanitized = sanitized;
  return self;
}

void
world_free (World *self)
{
  g_rand_free (self->random);
  g_ptr_array_unref (self->items);
  g_free (self);
}

guint64
world_pick (World *self, guint64 end)
{
  return (guint64) g_rand_double_range (self->random, 0, (double) end);
}

gboolean
world_toss (World *self, guint percent)
{
  return world_pick (self, 100) < percent;
}

Item *
world_pick_item (World *self)
{
  if (self->items->len == 0)
    return NULL;
  return g_ptr_array_index (self->items, world_pick (self, self->items->len));
}

guint64
item_count_pages (const Item *self, guint64 page)
{
  if (self->length == 0)
    return 0;
  return (self->address + self->length - 1) / page - self->address / page + 1;
}

void
item_set_permissions (Item *self, guint64 first, guint64 end, AtlasPermissions permissions)
{
  if (self->permissions != NULL)
    memset (self->permissions->data + first, (int) permissions, end - first);
}

gboolean
item_has_permissions (const Item *self, guint64 first, guint64 end, AtlasPermissions wanted)
{
  for (guint64 i = first; self->permissions != NULL && i < end; i++)
    if ((self->permissions->data[i] & wanted) != wanted)
      return FALSE;
  return TRUE;
}

Item *
world_add (World *self, const char *name, ItemOrigin origin, const SubjectAnswer *answer)
{
  Item *item = g_new0 (Item, 1);

  item->name = g_strdup (name);
  item->origin = origin;
  item->address = subject_answer_get_number (answer, "address");
  if (origin == ITEM_SBRK)
    item->size = subject_answer_get_number (answer, "break") - item->address;
  else
    item->size = subject_answer_get_number (answer, "size");
  item->length = item->size;
  if (origin == ITEM_MMAP || origin == ITEM_MEMFD)
    {
      item->length = subject_answer_get_number (answer, "length");
      item->permissions = g_byte_array_new ();
      g_byte_array_set_size (item->permissions, (guint) (item->length / self->page));
      item_set_permissions (item, 0, item->permissions->len, ATLAS_PERM_READ | ATLAS_PERM_WRITE);
    }
  item->shared = origin == ITEM_MEMFD;
  g_ptr_array_add (self->items, item);
  return item;
}

void
world_remove (World *self, Item *item)
{
  g_assert_true (g_ptr_array_remove (self->items, item));
}

static void
cut_item (Item *item, guint64 page, guint64 first, guint64 end)
{
  guint64 lost = first * page;

  item->address += lost;
  item->size = item->size > lost ? item->size - lost : 0;
  item->length = (end - first) * page;
  item->size = MIN (item->size, item->length);
  memmove (item->permissions->data, item->permissions->data + first, end - first);
  g_byte_array_set_size (item->permissions, (guint) (end - first));
}

void
world_unmap (World *self, Item *item, guint64 first, guint64 end, const char *rest)
{
  guint64 n_pages = item->length / self->page;

  g_assert_true ((rest != NULL) == (first > 0 && end < n_pages));
  if (rest != NULL)
    {
      Item *behind = g_memdup2 (item, sizeof *item);

      behind->name = g_strdup (rest);
      behind->permissions = g_byte_array_new ();
      g_byte_array_append (behind->permissions, item->permissions->data, item->permissions->len);
      cut_item (behind, self->page, end, n_pages);
      g_ptr_array_add (self->items, behind);
    }
  if (first > 0)
    cut_item (item, self->page, 0, first);
  else if (end < n_pages)
    cut_item (item, self->page, end, n_pages);
  else
    world_remove (self, item);
}

void
item_resize (Item *self, guint64 page, const SubjectAnswer *answer)
{
  guint64 before = self->length / page;

  self->address = subject_answer_get_number (answer, "address");
  self->size = subject_answer_get_number (answer, "size");
  self->length = subject_answer_get_number (answer, "length");
  g_assert_cmpuint (self->length % page, ==, 0);
  g_assert_cmpuint (self->length - self->size, <, page);
  g_byte_array_set_size (self->permissions, (guint) (self->length / page));
  /* it could grow only if it was all of one kind */
  for (guint64 i = before; i < self->length / page; i++)
    self->permissions->data[i] = self->permissions->data[0];
}

static void
check_mapping (World *self, const Item *item, GArray *regions)
{
  for (guint i = 0; i < item->permissions->len; i++)
    {
      const OracleRegion *region = oracle_find (regions, item->address + i * self->page);
      AtlasPermissions expected =
          item->permissions->data[i] | (item->shared ? ATLAS_PERM_SHARED : 0);

      if (region == NULL || region->permissions != expected)
        g_error ("page %u of %s: %s", i, item->name, region == NULL ? "not mapped" : "permissions");
      if (item->origin == ITEM_MEMFD)
        g_assert_true (g_str_has_prefix (region->name, "/memfd:a"));
    }
}

/* The pages that hold it are there, and may be read and written unless something was done to them.
 */
static void
check_other (World *self, const Item *item, GArray *regions)
{
  guint64 start = item->address / self->page * self->page;
  guint64 end = start + item_count_pages (item, self->page) * self->page;

  if (item->hole)
    return;
  if (!oracle_is_mapped (regions, start, end, item->hurt ? NULL : "rw-p"))
    g_error ("%s: not mapped as it should be", item->name);
  if (item->origin == ITEM_SBRK)
    g_assert_cmpstr (oracle_find (regions, item->address)->name, ==, "[heap]");
}

static gint
compare_addresses (gconstpointer a, gconstpointer b)
{
  const Item *first = *(Item *const *) a;
  const Item *second = *(Item *const *) b;

  return first->address < second->address ? -1 : first->address > second->address;
}

/* No two have a byte in common, unless a part of one is unmapped. */
static void
check_overlaps (World *self)
{
  const Item *before = NULL;

  g_ptr_array_sort (self->items, compare_addresses);
  for (guint i = 0; i < self->items->len; i++)
    {
      const Item *item = g_ptr_array_index (self->items, i);

      if (item->hole)
        continue;
      if (before != NULL && before->address + before->length > item->address)
        g_error ("%s and %s overlap", before->name, item->name);
      before = item;
    }
}

static Item *
find_item (World *self, const char *name)
{
  for (guint i = 0; i < self->items->len; i++)
    {
      Item *item = g_ptr_array_index (self->items, i);

      if (g_str_equal (item->name, name))
        return item;
    }
  return NULL;
}

static void
check_list (World *self)
{
  g_autoptr (SubjectAnswer) list = subject_ask (self->subject, "list");

  g_assert_cmpuint (subject_answer_get_number (list, "allocations"), ==, self->items->len);
  for (char **comment = list->comments; *comment != NULL; comment++)
    {
      SubjectAnswer line = { .line = g_strconcat (*comment, "\t", NULL) };
      g_autofree char *name = subject_answer_get_word (&line, "name");
      const Item *item = find_item (self, name);

      if (g_str_has_prefix (*comment, "allocation "))
        {
          if (item == NULL)
            g_error ("unknown: %s", *comment);
          g_assert_cmpuint (subject_answer_get_number (&line, "address"), ==, item->address);
          g_assert_cmpuint (subject_answer_get_number (&line, "size"), ==, item->size);
          g_assert_true ((strstr (*comment, " unmapped=yes") != NULL) == item->hole);
        }
      g_free (line.line);
    }
}

void
world_check (World *self)
{
  g_autoptr (GArray) regions = oracle_get_regions (subject_get_pid (self->subject));

  for (guint i = 0; i < self->items->len; i++)
    {
      const Item *item = g_ptr_array_index (self->items, i);

      if (item->permissions != NULL)
        check_mapping (self, item, regions);
      else
        check_other (self, item, regions);
    }
  check_overlaps (self);
  check_list (self);
}
