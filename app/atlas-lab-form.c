/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The form writes commands of the lab; whoever wants more types them. */

#include "atlas-config.h"

#include "atlas-lab-form.h"

#include <glib/gi18n-lib.h>

#include "atlas-fold.h"
#include "atlas-lab-deeds.h"
#include "atlas-mmap-flags.h"
#include "atlas-size-entry.h"
#include "atlas-template.h"

typedef struct
{
  const char *title;
  const char *command; /* without the size at its end; %s is the allocation's name */
  gboolean has_threshold, has_flags;
} Call;

static const Call CALLS[] = {
  { N_ ("malloc ()"), "malloc %s ", TRUE, FALSE },
  { N_ ("calloc ()"), "calloc %s 1 ", TRUE, FALSE },
  { N_ ("aligned_alloc (), by 64"), "aligned_alloc %s 64 ", TRUE, FALSE },
  { N_ ("mmap ()"), "mmap %s ", FALSE, TRUE },
  { N_ ("memfd_create () and mmap ()"), "memfd %s ", FALSE, FALSE },
  { N_ ("sbrk ()"), "sbrk %s ", FALSE, FALSE },
};

struct _AtlasLabForm
{
  GtkWidget parent_instance;

  GtkDropDown *call_drop_down;
  AtlasMmapFlags *flags;
  AtlasSizeEntry *size_entry;
  GtkDropDown *touch_drop_down;
  GtkDropDown *lock_drop_down;
  GtkToggleButton *guess_button;
  GtkCheckButton *brk_check;
  GtkCheckButton *mmap_check;
  GtkCheckButton *neither_check;
  GtkEditable *size_guess;
  GtkEditable *rss_guess;
  GtkWidget *allocate_button;

  AtlasExperiment *experiment;
};

G_DEFINE_FINAL_TYPE (AtlasLabForm, atlas_lab_form, GTK_TYPE_WIDGET)

/* --- what was put together --- */

/* The first item of @drop_down is to do nothing. */
static void
add_deed (GPtrArray *commands, GtkDropDown *drop_down, const AtlasLabDeed *deeds, const char *id)
{
  guint selected = gtk_drop_down_get_selected (drop_down);

  if (selected > 0)
    g_ptr_array_add (commands, atlas_lab_deed_write (deeds[selected - 1].command, id));
}

static const Call *
get_call (AtlasLabForm *self)
{
  guint index = gtk_drop_down_get_selected (self->call_drop_down);

  return &CALLS[index < G_N_ELEMENTS (CALLS) ? index : 0];
}

static void
add_call (AtlasLabForm *self, GPtrArray *commands, const char *id)
{
  const Call *call = get_call (self);
  g_autofree char *command = atlas_lab_deed_write (call->command, id);
  g_autofree char *size = atlas_size_entry_dup_word (self->size_entry);
  g_autofree char *flags = call->has_flags ? atlas_mmap_flags_dup_words (self->flags) : NULL;

  g_ptr_array_add (commands, g_strconcat (command, size, flags, NULL));
}

static AtlasGuessHow
get_guessed_how (AtlasLabForm *self)
{
  if (gtk_check_button_get_active (self->brk_check))
    return ATLAS_GUESS_BRK;
  if (gtk_check_button_get_active (self->mmap_check))
    return ATLAS_GUESS_MMAP;
  if (gtk_check_button_get_active (self->neither_check))
    return ATLAS_GUESS_NEITHER;
  return ATLAS_GUESS_OPEN;
}

/* FALSE where nothing is predicted. */
static gboolean
get_guess (AtlasLabForm *self, AtlasGuess *guess)
{
  *guess = (AtlasGuess){ 0 };
  if (!gtk_toggle_button_get_active (self->guess_button))
    return FALSE;
  guess->how = get_guessed_how (self);
  guess->has_size =
      atlas_guess_parse_kb (gtk_editable_get_text (self->size_guess), &guess->size_kb);
  guess->has_rss = atlas_guess_parse_kb (gtk_editable_get_text (self->rss_guess), &guess->rss_kb);
  return guess->how != ATLAS_GUESS_OPEN || guess->has_size || guess->has_rss;
}

static void
clear_guess (AtlasLabForm *self)
{
  gtk_check_button_set_active (self->brk_check, FALSE);
  gtk_check_button_set_active (self->mmap_check, FALSE);
  gtk_check_button_set_active (self->neither_check, FALSE);
  gtk_editable_set_text (self->size_guess, "");
  gtk_editable_set_text (self->rss_guess, "");
}

static void
allocate_cb (AtlasLabForm *self)
{
  g_autoptr (GPtrArray) commands = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *id = NULL;
  AtlasGuess guess;
  gboolean guessed;

  if (!gtk_widget_is_sensitive (self->allocate_button))
    return;
  id = atlas_experiment_dup_free_id (self->experiment);
  add_call (self, commands, id);
  add_deed (commands, self->touch_drop_down, ATLAS_LAB_TOUCHES, id);
  add_deed (commands, self->lock_drop_down, ATLAS_LAB_LOCKS, id);
  g_ptr_array_add (commands, NULL);
  guessed = get_guess (self, &guess);
  atlas_experiment_run (self->experiment, (const char *const *) commands->pdata,
                        guessed ? &guess : NULL);
  clear_guess (self);
}

/* --- what is shown --- */

static void
update_sensitive (AtlasLabForm *self)
{
  AtlasLabState state = self->experiment
                            ? atlas_lab_get_state (atlas_experiment_get_lab (self->experiment))
                            : ATLAS_LAB_STOPPED;

  gtk_widget_set_sensitive (self->allocate_button,
                            (state == ATLAS_LAB_READY || state == ATLAS_LAB_BUSY)
                                && atlas_size_entry_get_size (self->size_entry) > 0);
}

static void
call_changed_cb (AtlasLabForm *self)
{
  const Call *call = get_call (self);
  guint64 threshold = 0;

  if (self->experiment && call->has_threshold)
    threshold = atlas_lab_get_mmap_threshold (atlas_experiment_get_lab (self->experiment));
  atlas_size_entry_set_threshold (self->size_entry, threshold);
  gtk_widget_set_visible (GTK_WIDGET (self->flags), call->has_flags);
}

static void
guess_changed_cb (GtkEditable *entry)
{
  const char *text = gtk_editable_get_text (entry);
  gint64 kb;

  if (text[0] == '\0' || atlas_guess_parse_kb (text, &kb))
    gtk_widget_remove_css_class (GTK_WIDGET (entry), "error");
  else
    gtk_widget_add_css_class (GTK_WIDGET (entry), "error");
}

void
atlas_lab_form_set_experiment (AtlasLabForm *self, AtlasExperiment *experiment)
{
  AtlasLab *lab;

  g_return_if_fail (ATLAS_IS_LAB_FORM (self) && ATLAS_IS_EXPERIMENT (experiment));
  g_return_if_fail (!self->experiment);

  self->experiment = g_object_ref (experiment);
  lab = atlas_experiment_get_lab (experiment);
  g_signal_connect_object (lab, "notify::mmap-threshold", G_CALLBACK (call_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (lab, "notify::state", G_CALLBACK (update_sensitive), self,
                           G_CONNECT_SWAPPED);
  call_changed_cb (self);
  update_sensitive (self);
}

static void
fill_calls (AtlasLabForm *self)
{
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (CALLS); i++)
    gtk_string_list_append (titles, _ (CALLS[i].title));
  gtk_drop_down_set_model (self->call_drop_down, G_LIST_MODEL (titles));
}

static void
fill_deeds (GtkDropDown *drop_down, const char *nothing, const AtlasLabDeed *deeds)
{
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);

  gtk_string_list_append (titles, nothing);
  for (const AtlasLabDeed *deed = deeds; deed->title; deed++)
    gtk_string_list_append (titles, _ (deed->title));
  gtk_drop_down_set_model (drop_down, G_LIST_MODEL (titles));
}

static gboolean
atlas_lab_form_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (ATLAS_LAB_FORM (widget)->call_drop_down));
}

static void
atlas_lab_form_dispose (GObject *object)
{
  AtlasLabForm *self = ATLAS_LAB_FORM (object);

  atlas_template_dispose (GTK_WIDGET (self), ATLAS_TYPE_LAB_FORM);
  g_clear_object (&self->experiment);
  G_OBJECT_CLASS (atlas_lab_form_parent_class)->dispose (object);
}

static void
atlas_lab_form_class_init (AtlasLabFormClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = atlas_lab_form_dispose;

  widget_class->grab_focus = atlas_lab_form_grab_focus;
  g_type_ensure (ATLAS_TYPE_MMAP_FLAGS);
  g_type_ensure (ATLAS_TYPE_SIZE_ENTRY);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/memoryatlas/MemoryAtlas/atlas-lab-form.ui");
  gtk_widget_class_bind_template_child (widget_class, AtlasLabForm, call_drop_down);
  gtk_widget_class_bind_template_child (widget_class, AtlasLabForm, flags);
  gtk_widget_class_bind_template_child (widget_class, AtlasLabForm, size_entry);
  gtk_widget_class_bind_template_child (widget_class, AtlasLabForm, touch_drop_down);
  gtk_widget_class_bind_template_child (widget_class, AtlasLabForm, lock_drop_down);
  gtk_widget_class_bind_template_child (widget_class, AtlasLabForm, guess_button);
  gtk_widget_class_bind_template_child (widget_class, AtlasLabForm, brk_check);
  gtk_widget_class_bind_template_child (widget_class, AtlasLabForm, mmap_check);
  gtk_widget_class_bind_template_child (widget_class, AtlasLabForm, neither_check);
  gtk_widget_class_bind_template_child (widget_class, AtlasLabForm, size_guess);
  gtk_widget_class_bind_template_child (widget_class, AtlasLabForm, rss_guess);
  gtk_widget_class_bind_template_child (widget_class, AtlasLabForm, allocate_button);
  gtk_widget_class_bind_template_callback (widget_class, call_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, atlas_fold_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, guess_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, allocate_cb);
  gtk_widget_class_bind_template_callback (widget_class, update_sensitive);
}

static void
atlas_lab_form_init (AtlasLabForm *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  fill_calls (self);
  fill_deeds (self->touch_drop_down, _ ("Touch No Page"), ATLAS_LAB_TOUCHES);
  fill_deeds (self->lock_drop_down, _ ("Lock Nothing"), ATLAS_LAB_LOCKS);
}
