/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a process of the lab has, from what it says itself. Rows keep their objects, so that a view
 * keeps its selection. */

#include "atlas-lab-process.h"

#include <string.h>

#include "atlas-lab-allocation-private.h"
#include "atlas-lab-process-private.h"

/* How memory came about, and where it was then. */
typedef struct
{
  guint64 address;
  AtlasLabHow how;
} Origin;

struct _AtlasLabProcess
{
  GObject parent_instance;
  char *name, *prefix;
  gint pid;
  AtlasTarget *target;
  GListStore *allocations, *threads;
  GHashTable *origins; /* name of an allocation -> Origin */
  gboolean dirty;
};

struct _AtlasLabThread
{
  GObject parent_instance;
  char *name;
  gint tid;
  guint64 stack;
};

enum
{
  PROP_NAME = 1,
  PROP_NUMBER,
  N_PROPERTIES
};

static GParamSpec *process_properties[N_PROPERTIES];
static GParamSpec *thread_properties[N_PROPERTIES];

G_DEFINE_FINAL_TYPE (AtlasLabProcess, atlas_lab_process, G_TYPE_OBJECT)
G_DEFINE_FINAL_TYPE (AtlasLabThread, atlas_lab_thread, G_TYPE_OBJECT)

static void
install_properties (GObjectClass *object_class, GParamSpec **properties, const char *number)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  properties[PROP_NUMBER] = g_param_spec_int (number, NULL, NULL, 0, G_MAXINT, 0, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
get_property (GObject *object,
              guint property,
              GValue *value,
              GParamSpec *pspec,
              const char *name,
              gint number)
{
  switch (property)
    {
    case PROP_NAME:
      g_value_set_string (value, name);
      break;
    case PROP_NUMBER:
      g_value_set_int (value, number);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, pspec);
    }
}

/* --- threads --- */

static void
atlas_lab_thread_get_property (GObject *object, guint property, GValue *value, GParamSpec *pspec)
{
  AtlasLabThread *self = ATLAS_LAB_THREAD (object);

  get_property (object, property, value, pspec, self->name, self->tid);
}

static void
atlas_lab_thread_finalize (GObject *object)
{
  g_free (ATLAS_LAB_THREAD (object)->name);

  G_OBJECT_CLASS (atlas_lab_thread_parent_class)->finalize (object);
}

static void
atlas_lab_thread_class_init (AtlasLabThreadClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = atlas_lab_thread_get_property;
  object_class->finalize = atlas_lab_thread_finalize;
  install_properties (object_class, thread_properties, "tid");
}

static void
atlas_lab_thread_init (AtlasLabThread *self)
{
}

static AtlasLabThread *
thread_new (const char *name, gint tid, guint64 stack)
{
  AtlasLabThread *self = g_object_new (ATLAS_TYPE_LAB_THREAD, NULL);

  self->name = g_strdup (name);
  self->tid = tid;
  self->stack = stack;
  return self;
}

const char *
atlas_lab_thread_get_name (AtlasLabThread *self)
{
  g_return_val_if_fail (ATLAS_IS_LAB_THREAD (self), NULL);

  return self->name;
}

gint
atlas_lab_thread_get_tid (AtlasLabThread *self)
{
  g_return_val_if_fail (ATLAS_IS_LAB_THREAD (self), 0);

  return self->tid;
}

guint64
atlas_lab_thread_get_stack (AtlasLabThread *self)
{
  g_return_val_if_fail (ATLAS_IS_LAB_THREAD (self), 0);

  return self->stack;
}

/* --- the process --- */

static void
atlas_lab_process_get_property (GObject *object, guint property, GValue *value, GParamSpec *pspec)
{
  AtlasLabProcess *self = ATLAS_LAB_PROCESS (object);

  get_property (object, property, value, pspec, self->name, self->pid);
}

static void
atlas_lab_process_finalize (GObject *object)
{
  AtlasLabProcess *self = ATLAS_LAB_PROCESS (object);

  g_free (self->name);
  g_free (self->prefix);
  g_clear_pointer (&self->target, atlas_target_unref);
  g_object_unref (self->allocations);
  g_object_unref (self->threads);
  g_hash_table_unref (self->origins);

  G_OBJECT_CLASS (atlas_lab_process_parent_class)->finalize (object);
}

static void
atlas_lab_process_class_init (AtlasLabProcessClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = atlas_lab_process_get_property;
  object_class->finalize = atlas_lab_process_finalize;
  install_properties (object_class, process_properties, "pid");
}

static void
atlas_lab_process_init (AtlasLabProcess *self)
{
  self->allocations = g_list_store_new (ATLAS_TYPE_LAB_ALLOCATION);
  self->threads = g_list_store_new (ATLAS_TYPE_LAB_THREAD);
  self->origins = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

static void
inherit_origins (AtlasLabProcess *self, AtlasLabProcess *parent)
{
  GHashTableIter iter;
  gpointer id, origin;

  g_hash_table_iter_init (&iter, parent->origins);
  while (g_hash_table_iter_next (&iter, &id, &origin))
    g_hash_table_insert (self->origins, g_strdup (id), g_memdup2 (origin, sizeof (Origin)));
}

AtlasLabProcess *
atlas_lab_process_new (AtlasProcfs *procfs, gint pid, AtlasLabProcess *parent, const char *fork)
{
  AtlasLabProcess *self = g_object_new (ATLAS_TYPE_LAB_PROCESS, NULL);

  self->pid = pid;
  self->target = atlas_target_new (procfs, pid, NULL);
  self->dirty = TRUE;
  if (parent == NULL)
    {
      self->name = g_strdup ("");
      self->prefix = g_strdup ("");
      return self;
    }
  self->name = g_strjoin (*parent->name != '\0' ? "/" : "", parent->name, fork, NULL);
  self->prefix = g_strdup_printf ("%schild %s ", parent->prefix, fork);
  inherit_origins (self, parent);
  return self;
}

AtlasTarget *
atlas_lab_process_get_target (AtlasLabProcess *self)
{
  return self->target;
}

const char *
atlas_lab_process_get_prefix (AtlasLabProcess *self)
{
  return self->prefix;
}

char *
atlas_lab_process_dup_parent (AtlasLabProcess *self)
{
  const char *slash = strrchr (self->name, '/');

  if (*self->name == '\0')
    return NULL;
  return slash != NULL ? g_strndup (self->name, (gsize) (slash - self->name)) : g_strdup ("");
}

gboolean
atlas_lab_process_get_dirty (AtlasLabProcess *self)
{
  return self->dirty;
}

void
atlas_lab_process_set_dirty (AtlasLabProcess *self, gboolean dirty)
{
  self->dirty = dirty;
}

const char *
atlas_lab_process_get_name (AtlasLabProcess *self)
{
  g_return_val_if_fail (ATLAS_IS_LAB_PROCESS (self), NULL);

  return self->name;
}

gint
atlas_lab_process_get_pid (AtlasLabProcess *self)
{
  g_return_val_if_fail (ATLAS_IS_LAB_PROCESS (self), 0);

  return self->pid;
}

GListModel *
atlas_lab_process_get_allocations (AtlasLabProcess *self)
{
  g_return_val_if_fail (ATLAS_IS_LAB_PROCESS (self), NULL);

  return G_LIST_MODEL (self->allocations);
}

GListModel *
atlas_lab_process_get_threads (AtlasLabProcess *self)
{
  g_return_val_if_fail (ATLAS_IS_LAB_PROCESS (self), NULL);

  return G_LIST_MODEL (self->threads);
}

/* --- how memory came about --- */

void
atlas_lab_process_note_how (AtlasLabProcess *self, const char *id, guint64 address, AtlasLabHow how)
{
  Origin *origin = g_hash_table_lookup (self->origins, id);

  /* resized where it was, without a call: it is still from where it was from */
  if (origin != NULL && origin->address == address && how == ATLAS_LAB_HOW_NONE)
    return;
  origin = g_new (Origin, 1);
  *origin = (Origin){ address, how };
  g_hash_table_replace (self->origins, g_strdup (id), origin);
}

/* What is not from malloc came by the call it names. */
static AtlasLabHow
find_how (AtlasLabProcess *self, const char *id, const AtlasLabAllocationFacts *facts)
{
  const Origin *origin = g_hash_table_lookup (self->origins, id);

  if (strcmp (facts->call, "mmap") == 0 || strcmp (facts->call, "memfd") == 0)
    return ATLAS_LAB_HOW_MMAP;
  if (strcmp (facts->call, "sbrk") == 0)
    return ATLAS_LAB_HOW_BRK;
  return origin != NULL && origin->address == facts->address ? origin->how : ATLAS_LAB_HOW_UNKNOWN;
}

/* --- lists --- */

/* Looks from *@position on, which is where it stands as a rule. */
static AtlasLabAllocation *
find_allocation (AtlasLabProcess *self, const char *id, guint *position)
{
  GListModel *model = G_LIST_MODEL (self->allocations);

  for (guint i = *position; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (AtlasLabAllocation) allocation = g_list_model_get_item (model, i);

      if (strcmp (atlas_lab_allocation_get_id (allocation), id) != 0)
        continue;
      *position = i;
      return g_steal_pointer (&allocation);
    }
  return NULL;
}

static gboolean
read_facts (AtlasLabProcess *self, const AtlasLabAnswer *line, AtlasLabAllocationFacts *facts)
{
  const char *id = atlas_lab_answer_get (line, "name");

  *facts = (AtlasLabAllocationFacts){ .call = atlas_lab_answer_get (line, "call"),
                                      .arena = atlas_lab_answer_get (line, "arena") };
  if (id == NULL || facts->call == NULL
      || !atlas_lab_answer_get_number (line, "address", &facts->address)
      || !atlas_lab_answer_get_number (line, "size", &facts->requested))
    return FALSE;
  atlas_lab_answer_get_number (line, "length", &facts->mapped);
  facts->usable = facts->mapped > 0 ? facts->mapped : facts->requested;
  atlas_lab_answer_get_number (line, "usable", &facts->usable);
  facts->how = find_how (self, id, facts);
  return TRUE;
}

/* Puts the allocation of @line at @index: those before it are up to date. What stood between is
 * gone, for the process keeps their order. */
static gboolean
take_allocation (AtlasLabProcess *self, const AtlasLabAnswer *line, guint index)
{
  AtlasLabAllocationFacts facts;
  g_autoptr (AtlasLabAllocation) allocation = NULL;
  guint position = index;

  if (!read_facts (self, line, &facts))
    return FALSE;
  allocation = find_allocation (self, atlas_lab_answer_get (line, "name"), &position);
  if (allocation != NULL)
    {
      if (position > index)
        g_list_store_splice (self->allocations, index, position - index, NULL, 0);
      atlas_lab_allocation_update (allocation, &facts);
      return TRUE;
    }
  allocation = atlas_lab_allocation_new (atlas_lab_answer_get (line, "name"), self->name);
  atlas_lab_allocation_update (allocation, &facts);
  g_list_store_insert (self->allocations, index, allocation);
  return TRUE;
}

static gboolean
is_thread (AtlasLabProcess *self, guint index, const char *name, guint64 tid)
{
  g_autoptr (AtlasLabThread) thread = g_list_model_get_item (G_LIST_MODEL (self->threads), index);

  return thread != NULL && (guint64) thread->tid == tid && strcmp (thread->name, name) == 0;
}

static gboolean
take_thread (AtlasLabProcess *self, const AtlasLabAnswer *line, guint index)
{
  const char *name = atlas_lab_answer_get (line, "name");
  g_autoptr (AtlasLabThread) thread = NULL;
  guint64 tid = 0;
  guint64 stack = 0;

  if (name == NULL || !atlas_lab_answer_get_number (line, "tid", &tid) || tid > G_MAXINT)
    return FALSE;
  while (index < g_list_model_get_n_items (G_LIST_MODEL (self->threads)))
    {
      if (is_thread (self, index, name, tid))
        return TRUE;
      g_list_store_remove (self->threads, index);
    }
  atlas_lab_answer_get_number (line, "stack", &stack);
  thread = thread_new (name, (gint) tid, stack);
  g_list_store_append (self->threads, thread);
  return TRUE;
}

static void
cut (GListStore *store, guint length)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (store));

  if (n > length)
    g_list_store_splice (store, length, n - length, NULL, 0);
}

static gboolean
is_living_child (const AtlasLabAnswer *line)
{
  return atlas_lab_answer_get (line, "name") != NULL && atlas_lab_answer_get (line, "pid") != NULL
         && atlas_lab_answer_get (line, "killed") == NULL
         && atlas_lab_answer_get (line, "status") == NULL;
}

void
atlas_lab_process_take_list (AtlasLabProcess *self, GPtrArray *lines, GPtrArray **children)
{
  guint n_allocations = 0;
  guint n_threads = 0;

  *children = g_ptr_array_new_with_free_func ((GDestroyNotify) atlas_lab_answer_free);
  for (guint i = 0; i < lines->len; i++)
    {
      const char *text = g_ptr_array_index (lines, i);
      g_autofree char *word = NULL;
      g_autoptr (AtlasLabAnswer) line = atlas_lab_comment_parse (text, strlen (text), &word);

      if (strcmp (word, "allocation") == 0)
        n_allocations += take_allocation (self, line, n_allocations) ? 1 : 0;
      else if (strcmp (word, "thread") == 0)
        n_threads += take_thread (self, line, n_threads) ? 1 : 0;
      else if (strcmp (word, "child") == 0 && is_living_child (line))
        g_ptr_array_add (*children, g_steal_pointer (&line));
    }
  cut (self->allocations, n_allocations);
  cut (self->threads, n_threads);
  self->dirty = FALSE;
}
