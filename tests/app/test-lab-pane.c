/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The lab's page of the sidebar: its form can be folded away. */

#include <adwaita.h>

#include "atlas-application.h"
#include "atlas-lab-console.h"
#include "atlas-lab-form.h"
#include "atlas-lab-pane.h"
#include "laboratory.h"
#include "widget-fixture.h"

typedef struct
{
  Laboratory laboratory;
  GtkWidget *window;
  GtkWidget *pane;
} Pane;

static void
set_up (Pane *self, gconstpointer data)
{
  laboratory_init (&self->laboratory);
  self->window = gtk_window_new ();
  self->pane = g_object_new (ATLAS_TYPE_LAB_PANE, NULL);
  atlas_lab_pane_set_experiment (ATLAS_LAB_PANE (self->pane), self->laboratory.experiment);
  gtk_window_set_child (GTK_WINDOW (self->window), self->pane);
  gtk_window_present (GTK_WINDOW (self->window));
}

static void
tear_down (Pane *self, gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (self->window));
  laboratory_clear (&self->laboratory);
}

static gboolean
has_focus_in (Pane *self, GType type)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self->window));

  return focus != NULL && gtk_widget_get_ancestor (focus, type) != NULL;
}

/* Keys go where something is to be seen. */
static void
test_fold (Pane *self, gconstpointer data)
{
  GtkWidget *form = fixture_find (self->pane, ATLAS_TYPE_LAB_FORM);
  GtkWidget *button =
      GTK_WIDGET (gtk_widget_get_template_child (self->pane, ATLAS_TYPE_LAB_PANE, "form_button"));

  g_assert_true (gtk_widget_get_visible (form));
  g_assert_true (gtk_widget_grab_focus (self->pane));
  g_assert_true (has_focus_in (self, ATLAS_TYPE_LAB_FORM));

  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), FALSE);
  g_assert_false (gtk_widget_get_visible (form));
  g_assert_true (gtk_widget_grab_focus (self->pane));
  g_assert_true (has_focus_in (self, ATLAS_TYPE_LAB_CONSOLE));

  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), TRUE);
  g_assert_true (gtk_widget_get_visible (form));
  g_assert_true (gtk_widget_grab_focus (self->pane));
  g_assert_true (has_focus_in (self, ATLAS_TYPE_LAB_FORM));
}

/* Only a thread that runs can be stopped. */
static void
test_threads (Pane *self, gconstpointer data)
{
  GListModel *threads = atlas_lab_get_threads (self->laboratory.lab);

  gtk_widget_activate_action (self->pane, "lab.stop-thread", NULL);
  laboratory_settle (&self->laboratory);
  g_assert_null (atlas_experiment_get_action (self->laboratory.experiment));
  for (guint n = 1; n <= 2; n++)
    {
      gtk_widget_activate_action (self->pane, "lab.thread", NULL);
      laboratory_settle (&self->laboratory);
      g_assert_cmpuint (g_list_model_get_n_items (threads), ==, n);
    }
  gtk_widget_activate_action (self->pane, "lab.stop-thread", NULL);
  laboratory_settle (&self->laboratory);
  g_assert_cmpuint (g_list_model_get_n_items (threads), ==, 1);
  {
    g_autoptr (AtlasLabThread) left = g_list_model_get_item (threads, 0);

    g_assert_cmpstr (atlas_lab_thread_get_name (left), ==, "t1");
  }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  /* Its class registers the templates. */
  g_type_class_unref (g_type_class_ref (ATLAS_TYPE_APPLICATION));
  g_test_add ("/app/lab-pane/fold", Pane, NULL, set_up, test_fold, tear_down);
  g_test_add ("/app/lab-pane/threads", Pane, NULL, set_up, test_threads, tear_down);
  return g_test_run ();
}
