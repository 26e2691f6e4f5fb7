/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the random test believes the subject to have: kept from the answers, held against the
 * kernel. */

#pragma once

#include "memory-oracle.h"
#include "subject-client.h"

G_BEGIN_DECLS

typedef enum
{
  ITEM_MALLOC,
  ITEM_MMAP,
  ITEM_MEMFD,
  ITEM_SBRK,
} ItemOrigin;

typedef struct
{
  char *name;
  ItemOrigin origin;
  guint64 address, size, length; /* bytes; the length in whole pages for mappings */
  gboolean shared;
  gboolean hurt; /* a part may be protected, guarded, or of no file: an access may raise a signal */
  gboolean hole; /* a part is unmapped */
  GByteArray *permissions; /* AtlasPermissions of each page of a mapping, else NULL */
} Item;

typedef struct
{
  Subject *subject;
  GRand *random;
  GPtrArray *items;
  guint64 page;
  guint n_names; /* given so far */
  gboolean sanitized;
  gboolean threads[3], children[2];
  guint n_ok, n_errors;
} World;

World *world_new (Subject *subject, guint32 seed, gboolean sanitized);
void world_free (World *self);
/* From 0 to @end, which is not included. */
guint64 world_pick (World *self, guint64 end);
gboolean world_toss (World *self, guint percent);

Item *world_add (World *self, const char *name, ItemOrigin origin, const SubjectAnswer *answer);
void world_remove (World *self, Item *item);
/* One of them, or NULL when there is none. */
Item *world_pick_item (World *self);

guint64 item_count_pages (const Item *self, guint64 page);
void item_set_permissions (Item *self, guint64 first, guint64 end, AtlasPermissions permissions);
/* Whether all pages of [@first, @end) have them. */
gboolean
item_has_permissions (const Item *self, guint64 first, guint64 end, AtlasPermissions wanted);
/* Follows a munmap of pages [@first, @end); @rest: the name of what is behind a hole. */
void world_unmap (World *self, Item *item, guint64 first, guint64 end, const char *rest);
/* Follows an mremap. */
void item_resize (Item *self, guint64 page, const SubjectAnswer *answer);

/* All of them, against maps, smaps, and the subject's own list. */
void world_check (World *self);

G_END_DECLS
