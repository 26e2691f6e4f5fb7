/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is chosen in the form is what the kernel is asked for. */

#include <adwaita.h>
#include <glib/gstdio.h>
#include <string.h>

#include "atlas-application.h"
#include "atlas-lab-form.h"
#include "atlas-mmap-flags.h"
#include "laboratory.h"
#include "widget-fixture.h"

#define MMAP 3 /* in the list of calls */

typedef struct
{
  Laboratory laboratory;
  GtkWidget *form;  /* sunk */
  GtkWidget *flags; /* the form's */
} Pane;

static GtkWidget *
get_part (Pane *self, const char *name)
{
  return GTK_WIDGET (gtk_widget_get_template_child (self->form, ATLAS_TYPE_LAB_FORM, name));
}

static GtkWidget *
get_flags_part (Pane *self, const char *name)
{
  return GTK_WIDGET (gtk_widget_get_template_child (self->flags, ATLAS_TYPE_MMAP_FLAGS, name));
}

static void
set_up (Pane *self, gconstpointer data)
{
  laboratory_init (&self->laboratory);
  self->form = g_object_ref_sink (g_object_new (ATLAS_TYPE_LAB_FORM, NULL));
  atlas_lab_form_set_experiment (ATLAS_LAB_FORM (self->form), self->laboratory.experiment);
  self->flags = get_part (self, "flags");
}

static void
tear_down (Pane *self, gconstpointer data)
{
  g_assert_finalize_object (self->form);
  laboratory_clear (&self->laboratory);
}

static void
choose (Pane *self, const char *name, guint item)
{
  gtk_drop_down_set_selected (GTK_DROP_DOWN (get_part (self, name)), item);
}

static GtkCheckButton *
find_check (Pane *self, const char *flag)
{
  for (GtkWidget *check = gtk_widget_get_first_child (get_flags_part (self, "checks"));
       check != NULL; check = gtk_widget_get_next_sibling (check))
    if (g_str_has_prefix (gtk_check_button_get_label (GTK_CHECK_BUTTON (check)), flag))
      return GTK_CHECK_BUTTON (check);
  g_assert_not_reached ();
}

static void
set_file (Pane *self, const char *path)
{
  gtk_editable_set_text (GTK_EDITABLE (get_flags_part (self, "file_entry")), path);
}

static void
allocate (Pane *self)
{
  g_signal_emit_by_name (get_part (self, "allocate_button"), "clicked");
  laboratory_settle (&self->laboratory);
}

/* The command that was done as number @index of the action. */
static AtlasLabEvent *
get_event (Pane *self, guint index)
{
  AtlasLabAction *action = atlas_experiment_get_action (self->laboratory.experiment);

  g_assert_cmpuint (index, <, atlas_lab_action_get_events (action)->len);
  return atlas_lab_action_get_events (action)->pdata[index];
}

static void
assert_command (Pane *self, guint index, const char *command)
{
  g_assert_cmpstr (atlas_lab_event_get_command (get_event (self, index)), ==, command);
}

static void
assert_words (Pane *self, const char *words)
{
  g_autofree char *chosen = atlas_mmap_flags_dup_words (ATLAS_MMAP_FLAGS (self->flags));

  g_assert_cmpstr (chosen, ==, words);
}

/* The block of /proc/PID/smaps for the region that begins at what the process was given. */
static char *
dup_smaps (Pane *self)
{
  g_autofree char *path =
      g_strdup_printf ("/proc/%d/smaps", atlas_lab_get_pid (self->laboratory.lab));
  g_autofree char *text = NULL;
  g_autofree char *first = NULL;
  guint64 address;
  const char *start, *end;

  g_assert_true (atlas_lab_event_get_ok (get_event (self, 0)));
  g_assert_true (atlas_lab_event_get_number (get_event (self, 0), "address", &address));
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  first = g_strdup_printf ("%" G_GINT64_MODIFIER "x-", address);
  start = strstr (text, first);
  g_assert_nonnull (start);
  end = strstr (start, "VmFlags:");
  g_assert_nonnull (end);
  return g_strndup (start, (gsize) (strchr (end, '\n') - start));
}

static void
assert_has (const char *text, const char *part, gboolean has)
{
  if ((strstr (text, part) != NULL) != has)
    g_error ("%s in: %s", part, text);
}

/* They are there for mmap alone. */
static void
test_flags_shown (Pane *self, gconstpointer data)
{
  GListModel *calls = gtk_drop_down_get_model (GTK_DROP_DOWN (get_part (self, "call_drop_down")));

  for (guint i = 0; i < g_list_model_get_n_items (calls); i++)
    {
      choose (self, "call_drop_down", i);
      g_assert_cmpint (gtk_widget_get_visible (self->flags), ==, i == MMAP);
    }
}

/* As C writes them. */
static void
test_flags_label (Pane *self, gconstpointer data)
{
  GtkLabel *label = GTK_LABEL (get_flags_part (self, "label"));

  g_assert_cmpstr (gtk_label_get_text (label), ==, "MAP_PRIVATE");
  assert_words (self, "");
  gtk_check_button_set_active (find_check (self, "MAP_SHARED"), TRUE);
  gtk_check_button_set_active (find_check (self, "MAP_HUGETLB"), TRUE);
  g_assert_cmpstr (gtk_label_get_text (label), ==, "MAP_SHARED|MAP_HUGETLB");
  assert_words (self, " shared huge");
  set_file (self, "/etc/passwd");
  g_assert_cmpstr (gtk_label_get_text (label), ==, "passwd · MAP_SHARED|MAP_HUGETLB");
  assert_words (self, " shared huge prot=r file=/etc/passwd");
  gtk_check_button_set_active (find_check (self, "MAP_SHARED"), FALSE);
  set_file (self, "/a \"b\\c");
  assert_words (self, " huge file=\"/a \\\"b\\\\c\"");
}

static void
test_private (Pane *self, gconstpointer data)
{
  g_autofree char *smaps = NULL;

  choose (self, "call_drop_down", MMAP);
  allocate (self);
  assert_command (self, 0, "mmap a 256K");
  smaps = dup_smaps (self);
  assert_has (smaps, " rw-p ", TRUE);
  assert_has (smaps, " lo", FALSE);
  g_assert_cmpuint (
      atlas_lab_allocation_get_resident (atlas_lab_find_allocation (self->laboratory.lab, "a")), ==,
      0);
}

/* Each by what the kernel says of the mapping. */
static void
test_flags (Pane *self, gconstpointer data)
{
  g_autofree char *smaps = NULL;

  choose (self, "call_drop_down", MMAP);
  gtk_check_button_set_active (find_check (self, "MAP_SHARED"), TRUE);
  gtk_check_button_set_active (find_check (self, "MAP_POPULATE"), TRUE);
  gtk_check_button_set_active (find_check (self, "MAP_NORESERVE"), TRUE);
  allocate (self);
  assert_command (self, 0, "mmap a 256K shared populate noreserve");
  smaps = dup_smaps (self);
  assert_has (smaps, " rw-s ", TRUE);
  assert_has (smaps, "Rss:                 256 kB", TRUE);
  assert_has (smaps, " nr", TRUE);
  assert_has (smaps, " lo", FALSE);
}

static void
test_locked (Pane *self, gconstpointer data)
{
  g_autofree char *smaps = NULL;

  choose (self, "call_drop_down", MMAP);
  gtk_check_button_set_active (find_check (self, "MAP_LOCKED"), TRUE);
  allocate (self);
  smaps = dup_smaps (self);
  assert_has (smaps, "Locked:              256 kB", TRUE);
  assert_has (smaps, " lo", TRUE);
}

/* They are not for other calls, though they stay chosen. */
static void
test_other_call (Pane *self, gconstpointer data)
{
  choose (self, "call_drop_down", MMAP);
  gtk_check_button_set_active (find_check (self, "MAP_LOCKED"), TRUE);
  choose (self, "call_drop_down", 0);
  allocate (self);
  assert_command (self, 0, "malloc a 256K");
}

/* Written to, a file that is mapped shared stays as it was. */
static void
test_file (Pane *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *dir = g_dir_make_tmp ("atlas form-XXXXXX", &error);
  g_autofree char *path = g_build_filename (dir, "a \"file\"", NULL);
  g_autofree char *contents = g_strnfill (65536, 'x');
  g_autofree char *smaps = NULL;
  g_autofree char *after = NULL;

  g_assert_no_error (error);
  g_assert_true (g_file_set_contents (path, contents, 65536, NULL));
  choose (self, "call_drop_down", MMAP);
  gtk_editable_set_text (
      GTK_EDITABLE (fixture_find (get_part (self, "size_entry"), GTK_TYPE_ENTRY)), "64K");
  gtk_check_button_set_active (find_check (self, "MAP_SHARED"), TRUE);
  set_file (self, path);
  allocate (self);
  smaps = dup_smaps (self);
  assert_has (smaps, " r--s ", TRUE);
  assert_has (smaps, path, TRUE);
  choose (self, "touch_drop_down", 2);
  allocate (self);
  g_assert_true (atlas_lab_event_get_ok (get_event (self, 0)));
  assert_command (self, 1, "touch b write");
  g_assert_cmpstr (atlas_lab_event_get_error_name (get_event (self, 1)), ==, "SIGSEGV");
  g_assert_true (g_file_get_contents (path, &after, NULL, NULL));
  g_assert_cmpstr (after, ==, contents);
  g_assert_cmpint (g_remove (path), ==, 0);
  g_assert_cmpint (g_rmdir (dir), ==, 0);
}

/* Prediction and fact are of all that was asked for. */
static void
test_prediction (Pane *self, gconstpointer data)
{
  AtlasLabAction *action;

  choose (self, "call_drop_down", MMAP);
  choose (self, "lock_drop_down", 1);
  gtk_check_button_set_active (find_check (self, "MAP_POPULATE"), TRUE);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (get_part (self, "guess_button")), TRUE);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (get_part (self, "mmap_check")), TRUE);
  gtk_editable_set_text (GTK_EDITABLE (get_part (self, "size_guess")), "+256 KiB");
  allocate (self);
  assert_command (self, 0, "mmap a 256K populate");
  assert_command (self, 1, "mlock a");
  action = atlas_experiment_get_action (self->laboratory.experiment);
  g_assert_cmpint (atlas_lab_action_get_guess (action)->how, ==, ATLAS_GUESS_MMAP);
  g_assert_cmpint (atlas_lab_action_get_how (action), ==, ATLAS_GUESS_MMAP);
  g_assert_cmpint (atlas_lab_action_get_guess (action)->size_kb, ==, 256);
  g_assert_cmpint (atlas_lab_action_get_change (action, ATLAS_COUNTER_VM_SIZE), ==, 256);
  g_assert_cmpint (atlas_lab_action_get_change (action, ATLAS_COUNTER_VM_LCK), ==, 256);
}

#define ADD(name, function)                                                                        \
  g_test_add ("/app/lab-form/" name, Pane, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  /* Its class registers the templates. */
  g_type_class_unref (g_type_class_ref (ATLAS_TYPE_APPLICATION));
  ADD ("flags-shown", test_flags_shown);
  ADD ("flags-label", test_flags_label);
  ADD ("private", test_private);
  ADD ("flags", test_flags);
  ADD ("locked", test_locked);
  ADD ("other-call", test_other_call);
  ADD ("file", test_file);
  ADD ("prediction", test_prediction);
  return g_test_run ();
}
