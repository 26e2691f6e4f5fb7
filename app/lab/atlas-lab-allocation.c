/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A row of the list of allocations. */

#include "atlas-config.h"

#include "atlas-lab-allocation.h"

#include <glib/gi18n-lib.h>
#include <unistd.h>

#include "atlas-format.h"
#include "atlas-lab-allocation-private.h"

struct _AtlasLabAllocation
{
  GObject parent_instance;
  char *id, *process, *call, *arena;
  guint64 address, requested, usable, mapped;
  AtlasLabHow how;
  guint64 resident; /* pages */
  guint64 locked;   /* pages */
  guint round;
};

enum
{
  PROP_ID = 1,
  PROP_PROCESS,
  PROP_CALL,
  PROP_ARENA,
  PROP_ADDRESS,
  PROP_REQUESTED,
  PROP_USABLE,
  PROP_LENGTH,
  PROP_N_PAGES,
  PROP_HOW,
  PROP_RESIDENT,
  PROP_LOCKED_PAGES,
  PROP_LOCKED,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];
static guint changed_signal;

G_DEFINE_FINAL_TYPE (AtlasLabAllocation, atlas_lab_allocation, G_TYPE_OBJECT)

static guint64
get_page_size (void)
{
  return (guint64) sysconf (_SC_PAGESIZE);
}

static void
notify (AtlasLabAllocation *self, guint property)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static void
set_text (AtlasLabAllocation *self, char **text, const char *value, guint property)
{
  if (g_strcmp0 (*text, value) == 0)
    return;
  g_free (*text);
  *text = g_strdup (value);
  notify (self, property);
}

static gboolean
set_number (AtlasLabAllocation *self, guint64 *number, guint64 value, guint property)
{
  if (*number == value)
    return FALSE;
  *number = value;
  notify (self, property);
  return TRUE;
}

static void
atlas_lab_allocation_finalize (GObject *object)
{
  AtlasLabAllocation *self = ATLAS_LAB_ALLOCATION (object);

  g_free (self->id);
  g_free (self->process);
  g_free (self->call);
  g_free (self->arena);

  G_OBJECT_CLASS (atlas_lab_allocation_parent_class)->finalize (object);
}

/* Once for all that was held back by g_object_freeze_notify(). */
static void
atlas_lab_allocation_dispatch_properties_changed (GObject *object,
                                                  guint n_changed,
                                                  GParamSpec **changed)
{
  G_OBJECT_CLASS (atlas_lab_allocation_parent_class)
      ->dispatch_properties_changed (object, n_changed, changed);
  g_signal_emit (object, changed_signal, 0);
}

static guint64
get_number (AtlasLabAllocation *self, guint property)
{
  switch (property)
    {
    case PROP_ADDRESS:
      return self->address;
    case PROP_REQUESTED:
      return self->requested;
    case PROP_USABLE:
      return self->usable;
    case PROP_LENGTH:
      return atlas_lab_allocation_get_length (self);
    case PROP_N_PAGES:
      return atlas_lab_allocation_get_n_pages (self);
    case PROP_LOCKED_PAGES:
      return self->locked;
    default:
      return self->resident;
    }
}

static void
atlas_lab_allocation_get_property (GObject *object,
                                   guint property,
                                   GValue *value,
                                   GParamSpec *pspec)
{
  AtlasLabAllocation *self = ATLAS_LAB_ALLOCATION (object);

  switch (property)
    {
    case PROP_ID:
      g_value_set_string (value, self->id);
      break;
    case PROP_PROCESS:
      g_value_set_string (value, self->process);
      break;
    case PROP_CALL:
      g_value_set_string (value, self->call);
      break;
    case PROP_ARENA:
      g_value_set_string (value, self->arena);
      break;
    case PROP_HOW:
      g_value_set_enum (value, (gint) self->how);
      break;
    case PROP_LOCKED:
      g_value_set_boolean (value, atlas_lab_allocation_get_locked (self));
      break;
    case PROP_ADDRESS:
    case PROP_REQUESTED:
    case PROP_USABLE:
    case PROP_LENGTH:
    case PROP_N_PAGES:
    case PROP_RESIDENT:
    case PROP_LOCKED_PAGES:
      g_value_set_uint64 (value, get_number (self, property));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, pspec);
    }
}

static void
install_properties (GObjectClass *object_class)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  static const struct
  {
    guint property;
    const char *name;
  } texts[] = { { PROP_ID, "id" },
                { PROP_PROCESS, "process" },
                { PROP_CALL, "call" },
                { PROP_ARENA, "arena" } },
    numbers[] = { { PROP_ADDRESS, "address" },
                  { PROP_REQUESTED, "requested" },
                  { PROP_USABLE, "usable" },
                  { PROP_LENGTH, "length" },
                  { PROP_N_PAGES, "n-pages" },
                  { PROP_RESIDENT, "resident-mincore" },
                  { PROP_LOCKED_PAGES, "locked-pages" } };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    properties[texts[i].property] = g_param_spec_string (texts[i].name, NULL, NULL, NULL, flags);
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    properties[numbers[i].property] =
        g_param_spec_uint64 (numbers[i].name, NULL, NULL, 0, G_MAXUINT64, 0, flags);
  properties[PROP_HOW] =
      g_param_spec_enum ("how", NULL, NULL, ATLAS_TYPE_LAB_HOW, ATLAS_LAB_HOW_UNKNOWN, flags);
  properties[PROP_LOCKED] = g_param_spec_boolean ("locked", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
atlas_lab_allocation_class_init (AtlasLabAllocationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = atlas_lab_allocation_get_property;
  object_class->finalize = atlas_lab_allocation_finalize;
  object_class->dispatch_properties_changed = atlas_lab_allocation_dispatch_properties_changed;
  changed_signal = g_signal_new ("changed", ATLAS_TYPE_LAB_ALLOCATION, G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
  install_properties (object_class);
}

static void
atlas_lab_allocation_init (AtlasLabAllocation *self)
{
  self->resident = ATLAS_LAB_PAGES_UNKNOWN;
}

AtlasLabAllocation *
atlas_lab_allocation_new (const char *id, const char *process)
{
  AtlasLabAllocation *self = g_object_new (ATLAS_TYPE_LAB_ALLOCATION, NULL);

  self->id = g_strdup (id);
  self->process = g_strdup (process);
  return self;
}

/* How much of it there is decides how many pages it lies on. */
static void
set_place (AtlasLabAllocation *self, const AtlasLabAllocationFacts *facts)
{
  gboolean moved = set_number (self, &self->address, facts->address, PROP_ADDRESS);
  gboolean resized = set_number (self, &self->requested, facts->requested, PROP_REQUESTED);

  if (!moved && !resized && self->mapped == facts->mapped)
    return;
  self->mapped = facts->mapped;
  notify (self, PROP_N_PAGES);
  notify (self, PROP_LENGTH);
  notify (self, PROP_LOCKED);
}

void
atlas_lab_allocation_update (AtlasLabAllocation *self, const AtlasLabAllocationFacts *facts)
{
  g_object_freeze_notify (G_OBJECT (self));
  set_text (self, &self->call, facts->call, PROP_CALL);
  set_text (self, &self->arena, facts->arena, PROP_ARENA);
  set_place (self, facts);
  set_number (self, &self->usable, facts->usable, PROP_USABLE);
  if (self->how != facts->how)
    {
      self->how = facts->how;
      notify (self, PROP_HOW);
    }
  g_object_thaw_notify (G_OBJECT (self));
}

void
atlas_lab_allocation_set_resident (AtlasLabAllocation *self, guint64 pages)
{
  set_number (self, &self->resident, pages, PROP_RESIDENT);
}

void
atlas_lab_allocation_set_locked_pages (AtlasLabAllocation *self, guint64 pages)
{
  gboolean before = atlas_lab_allocation_get_locked (self);

  g_object_freeze_notify (G_OBJECT (self));
  set_number (self, &self->locked, pages, PROP_LOCKED_PAGES);
  if (before != atlas_lab_allocation_get_locked (self))
    notify (self, PROP_LOCKED);
  g_object_thaw_notify (G_OBJECT (self));
}

guint
atlas_lab_allocation_get_round (AtlasLabAllocation *self)
{
  return self->round;
}

void
atlas_lab_allocation_set_round (AtlasLabAllocation *self, guint round)
{
  self->round = round;
}

const char *
atlas_lab_allocation_get_id (AtlasLabAllocation *self)
{
  g_return_val_if_fail (ATLAS_IS_LAB_ALLOCATION (self), NULL);

  return self->id;
}

const char *
atlas_lab_allocation_get_process (AtlasLabAllocation *self)
{
  g_return_val_if_fail (ATLAS_IS_LAB_ALLOCATION (self), NULL);

  return self->process;
}

const char *
atlas_lab_allocation_get_call (AtlasLabAllocation *self)
{
  g_return_val_if_fail (ATLAS_IS_LAB_ALLOCATION (self), NULL);

  return self->call;
}

guint64
atlas_lab_allocation_get_requested (AtlasLabAllocation *self)
{
  g_return_val_if_fail (ATLAS_IS_LAB_ALLOCATION (self), 0);

  return self->requested;
}

guint64
atlas_lab_allocation_get_usable (AtlasLabAllocation *self)
{
  g_return_val_if_fail (ATLAS_IS_LAB_ALLOCATION (self), 0);

  return self->usable;
}

guint64
atlas_lab_allocation_get_address (AtlasLabAllocation *self)
{
  g_return_val_if_fail (ATLAS_IS_LAB_ALLOCATION (self), 0);

  return self->address;
}

guint64
atlas_lab_allocation_get_start (AtlasLabAllocation *self)
{
  g_return_val_if_fail (ATLAS_IS_LAB_ALLOCATION (self), 0);

  return self->address - self->address % get_page_size ();
}

/* As the process itself counts them: of memory from malloc, those of the bytes asked for. */
guint64
atlas_lab_allocation_get_n_pages (AtlasLabAllocation *self)
{
  g_return_val_if_fail (ATLAS_IS_LAB_ALLOCATION (self), 0);

  guint64 page_size = get_page_size ();
  guint64 bytes = self->mapped > 0 ? self->mapped : self->requested;
  guint64 offset = self->address % page_size;

  if (bytes == 0 || bytes > G_MAXUINT64 - 2 * page_size)
    return bytes / page_size;
  return (offset + bytes + page_size - 1) / page_size;
}

guint64
atlas_lab_allocation_get_length (AtlasLabAllocation *self)
{
  return atlas_lab_allocation_get_n_pages (self) * get_page_size ();
}

AtlasLabHow
atlas_lab_allocation_get_how (AtlasLabAllocation *self)
{
  g_return_val_if_fail (ATLAS_IS_LAB_ALLOCATION (self), ATLAS_LAB_HOW_UNKNOWN);

  return self->how;
}

const char *
atlas_lab_allocation_get_arena (AtlasLabAllocation *self)
{
  g_return_val_if_fail (ATLAS_IS_LAB_ALLOCATION (self), NULL);

  return self->arena;
}

guint64
atlas_lab_allocation_get_resident (AtlasLabAllocation *self)
{
  g_return_val_if_fail (ATLAS_IS_LAB_ALLOCATION (self), ATLAS_LAB_PAGES_UNKNOWN);

  return self->resident;
}

guint64
atlas_lab_allocation_get_locked_pages (AtlasLabAllocation *self)
{
  g_return_val_if_fail (ATLAS_IS_LAB_ALLOCATION (self), 0);

  return self->locked;
}

gboolean
atlas_lab_allocation_get_locked (AtlasLabAllocation *self)
{
  g_return_val_if_fail (ATLAS_IS_LAB_ALLOCATION (self), FALSE);

  return self->locked > 0 && self->locked >= atlas_lab_allocation_get_n_pages (self);
}

char *
atlas_lab_allocation_dup_title (AtlasLabAllocation *self)
{
  g_return_val_if_fail (ATLAS_IS_LAB_ALLOCATION (self), NULL);

  g_autofree char *size = atlas_format_bytes (self->requested);

  /* Translators: an allocation's name, the call it came from, its size: "a · malloc 256 KiB" */
  return g_strdup_printf (_ ("%s · %s %s"), self->id, self->call, size);
}
