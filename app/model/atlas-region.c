/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A region, its identity and what to call it. */

#include "atlas-config.h"

#include "atlas-region.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "atlas-text.h"

/* Written out, since G_DEFINE_BOXED_TYPE is not ISO C. */
GType
atlas_region_get_type (void)
{
  static gsize type = 0;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_boxed_type_register_static (g_intern_static_string ("AtlasRegion"),
                                                            (GBoxedCopyFunc) atlas_region_ref,
                                                            (GBoxedFreeFunc) atlas_region_unref));
  return type;
}

/* GLib, at least 2.74, may find an interned string that another thread is just letting go of, and
 * give it out again though it is freed: one snapshot's last region against another's first. Nobody
 * else interns what is let go of. */
static GMutex names_lock;

/* Of regions without a name, which mostly are most of them: nobody counts who has it. */
static char *
get_no_name (void)
{
  static char *no_name = NULL;

  if (g_once_init_enter (&no_name))
    g_once_init_leave (&no_name, g_ref_string_new (""));
  return no_name;
}

/* Names are interned: thousands of regions share a few hundred. */
static char *
intern_name (const char *name, gsize length)
{
  g_autofree char *terminated = NULL;
  char *interned;

  if (length == 0 || name[0] == '\0')
    return get_no_name ();
  terminated = g_strndup (name, length);
  g_mutex_lock (&names_lock);
  interned = g_ref_string_new_intern (terminated);
  g_mutex_unlock (&names_lock);
  return interned;
}

static char *
acquire_name (char *name)
{
  return name[0] != '\0' ? g_ref_string_acquire (name) : name;
}

static void
release_name (char *name)
{
  if (name[0] == '\0')
    return;
  g_mutex_lock (&names_lock);
  g_ref_string_release (name);
  g_mutex_unlock (&names_lock);
}

static gboolean
has_name (const AtlasRegion *self, const AtlasMapsRecord *record)
{
  return g_ref_string_length (self->name) == record->name_length
         && memcmp (self->name, record->name, record->name_length) == 0;
}

/* Regions that were allocated in one go: to allocate each costs more than to fill it in. */
struct _AtlasRegionBlock
{
  gint n_kept; /* of the regions, those still to be let go of; atomic */
  AtlasRegion regions[];
};

/* A block stays as long as one of its regions, so blocks are not large, and a reading that has
 * little new begins with small ones. */
#define MOST_IN_BLOCK 32u

static void
let_go_of (AtlasRegionBlock *block, guint n_regions)
{
  if (g_atomic_int_add (&block->n_kept, -(gint) n_regions) == (gint) n_regions)
    g_free (block);
}

/* @neighbour: (nullable): lends its name if that is the same. */
static void
fill_in (AtlasRegion *self,
         AtlasRegionBlock *block,
         const AtlasMapsRecord *record,
         const AtlasRegion *neighbour)
{
  g_atomic_ref_count_init (&self->references);
  self->block = block;
  self->start = record->start;
  self->end = record->end;
  self->offset = record->offset;
  self->inode = record->inode;
  self->device_major = record->device_major;
  self->device_minor = record->device_minor;
  self->permissions = record->permissions;
  self->kind = ATLAS_KIND_ANONYMOUS;
  self->locked = ATLAS_LOCKED_NO;
  self->hugetlb = FALSE;
  self->pages = NULL;
  self->pages_time = 0;
  if (neighbour != NULL && has_name (neighbour, record))
    self->name = acquire_name (neighbour->name);
  else
    self->name = intern_name (record->name, record->name_length);
}

AtlasRegion *
atlas_region_new (const AtlasMapsRecord *record)
{
  AtlasRegion *self;

  g_return_val_if_fail (record != NULL, NULL);

  self = g_new (AtlasRegion, 1);
  fill_in (self, NULL, record, NULL);
  return self;
}

AtlasRegion *
atlas_region_maker_make (AtlasRegionMaker *self,
                         const AtlasMapsRecord *record,
                         const AtlasRegion *neighbour)
{
  AtlasRegion *region;

  g_return_val_if_fail (self != NULL && record != NULL, NULL);

  if (self->block == NULL)
    {
      self->n_room = CLAMP (2 * self->n_room, 1, MOST_IN_BLOCK);
      self->block = g_malloc (sizeof (AtlasRegionBlock) + self->n_room * sizeof (AtlasRegion));
      self->block->n_kept = (gint) self->n_room;
      self->n_made = 0;
    }
  region = &self->block->regions[self->n_made++];
  fill_in (region, self->block, record, neighbour);
  if (self->n_made == self->n_room)
    self->block = NULL;
  return region;
}

void
atlas_region_maker_clear (AtlasRegionMaker *self)
{
  g_return_if_fail (self != NULL);

  if (self->block != NULL)
    let_go_of (self->block, self->n_room - self->n_made);
  self->block = NULL;
}

AtlasRegion *
atlas_region_copy (const AtlasRegion *self)
{
  AtlasRegion *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_new (AtlasRegion, 1);
  *copy = *self;
  g_atomic_ref_count_init (&copy->references);
  copy->block = NULL;
  copy->name = acquire_name (self->name);
  copy->pages = self->pages != NULL ? atlas_pages_ref (self->pages) : NULL;
  return copy;
}

AtlasRegion *
atlas_region_ref (AtlasRegion *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
atlas_region_unref (AtlasRegion *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->references))
    return;
  g_clear_pointer (&self->pages, atlas_pages_unref);
  g_clear_pointer (&self->name, release_name);
  if (self->block != NULL)
    let_go_of (self->block, 1);
  else
    g_free (self);
}

gboolean
atlas_region_is_record (const AtlasRegion *self, const AtlasMapsRecord *record)
{
  g_return_val_if_fail (self != NULL && record != NULL, FALSE);

  return self->start == record->start && self->end == record->end
         && self->permissions == record->permissions && self->offset == record->offset
         && self->inode == record->inode && self->device_major == record->device_major
         && self->device_minor == record->device_minor && has_name (self, record);
}

gboolean
atlas_region_same_mapping (const AtlasRegion *a, const AtlasRegion *b)
{
  g_return_val_if_fail (a != NULL && b != NULL, FALSE);

  return a->start == b->start && a->end == b->end && a->permissions == b->permissions
         && a->offset == b->offset && a->inode == b->inode && a->device_major == b->device_major
         && a->device_minor == b->device_minor
         && (a->name == b->name || g_str_equal (a->name, b->name));
}

guint64
atlas_region_get_n_pages (const AtlasRegion *self, guint64 page_size)
{
  g_return_val_if_fail (self != NULL && page_size > 0, 0);

  return (self->end - self->start) / page_size;
}

/* The last part of a path, as clean text. A slash behind the brackets or in " (deleted)" is not
 * one of the path. */
static char *
dup_base_name (const char *name)
{
  const char *slash = strrchr (name, '/');

  if (name[0] != '/' || slash[1] == '\0')
    return atlas_text_clean (name, -1);
  return atlas_text_clean (slash + 1, -1);
}

/* The kernel gives shared memory names that look like files of people. */
static char *
dup_shared_title (const AtlasRegion *self)
{
  if (self->name[0] == '\0' || g_str_has_prefix (self->name, "/dev/zero"))
    return g_strdup (_ ("shared memory"));
  if (g_str_has_prefix (self->name, "/SYSV"))
    return g_strdup (_ ("System V shared memory"));
  return dup_base_name (self->name);
}

/* What a region without a name is called. */
static const char *
get_nameless_title (AtlasKind kind)
{
  switch (kind)
    {
    case ATLAS_KIND_HEAP:
      return _ ("heap");
    case ATLAS_KIND_DATA:
      return _ (".bss");
    case ATLAS_KIND_STACK:
      return _ ("stack");
    case ATLAS_KIND_THREAD_STACK:
      return _ ("thread stack");
    case ATLAS_KIND_GUARD:
      return _ ("no access");
    case ATLAS_KIND_KERNEL:
      return _ ("kernel");
    case ATLAS_KIND_SHARED:
      return _ ("shared memory");
    case ATLAS_KIND_ANONYMOUS:
    case ATLAS_KIND_PROGRAM:
    case ATLAS_KIND_LIBRARY:
    case ATLAS_KIND_FILE:
    case ATLAS_N_KINDS:
    default:
      return _ ("anonymous mmap");
    }
}

char *
atlas_region_dup_title (const AtlasRegion *self)
{
  g_autofree char *base = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  if (self->kind == ATLAS_KIND_SHARED && self->name[0] != '[')
    return dup_shared_title (self);
  if (self->name[0] == '\0')
    return g_strdup (get_nameless_title (self->kind));
  base = dup_base_name (self->name);
  /* Translators: the writable part of a program or library, as in "libc.so.6 data" */
  if (self->kind == ATLAS_KIND_DATA && self->name[0] == '/')
    return g_strdup_printf (_ ("%s data"), base);
  return g_steal_pointer (&base);
}

char *
atlas_region_dup_full_name (const AtlasRegion *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return atlas_text_clean (self->name, -1);
}
