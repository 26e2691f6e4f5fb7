/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The page that is shown in place of a map: what goes on in it only while it is seen. */

#include <adwaita.h>
#include <unistd.h>

#include "atlas-application.h"
#include "atlas-state-page.h"

#define WATCHDOG_SECONDS 60

static gboolean
watchdog_cb (gpointer data)
{
  g_error ("Waited in vain for the page to be shown or hidden");
  return G_SOURCE_REMOVE;
}

static void
wait_until_mapped (GtkWidget *widget, gboolean mapped)
{
  guint watchdog = g_timeout_add_seconds (WATCHDOG_SECONDS, watchdog_cb, NULL);

  while (gtk_widget_get_mapped (widget) != mapped)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (watchdog);
}

static GtkWidget *
find (GtkWidget *widget, GType type)
{
  GtkWidget *found = G_TYPE_CHECK_INSTANCE_TYPE (widget, type) ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child && !found;
       child = gtk_widget_get_next_sibling (child))
    found = find (child, type);
  return found;
}

/* One that is about to be read, and never is. */
static AtlasSession *
new_loading_session (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AtlasProcfs) procfs = atlas_procfs_new ("/proc", &error);
  AtlasSession *session;

  g_assert_no_error (error);
  session = atlas_session_new (procfs);
  atlas_session_set_active (session, FALSE);
  atlas_session_set_pid (session, getpid ());
  g_assert_cmpint (atlas_session_get_state (session), ==, ATLAS_SESSION_LOADING);
  return session;
}

static void
test_spins_only_while_seen (void)
{
  g_autoptr (AtlasSession) session = new_loading_session ();
  GtkWidget *window = gtk_window_new ();
  GtkWidget *stack = gtk_stack_new ();
  GtkWidget *page = g_object_new (ATLAS_TYPE_STATE_PAGE, NULL);
  GtkSpinner *spinner = GTK_SPINNER (find (page, GTK_TYPE_SPINNER));

  gtk_stack_add_named (GTK_STACK (stack), page, "state");
  gtk_stack_add_named (GTK_STACK (stack), gtk_label_new ("map"), "map");
  gtk_window_set_child (GTK_WINDOW (window), stack);
  gtk_window_present (GTK_WINDOW (window));
  wait_until_mapped (page, TRUE);
  g_assert_false (gtk_spinner_get_spinning (spinner));

  atlas_state_page_show (ATLAS_STATE_PAGE (page), session);
  g_assert_true (gtk_spinner_get_spinning (spinner));
  gtk_stack_set_visible_child_name (GTK_STACK (stack), "map");
  wait_until_mapped (page, FALSE);
  g_assert_false (gtk_spinner_get_spinning (spinner));
  gtk_stack_set_visible_child_name (GTK_STACK (stack), "state");
  wait_until_mapped (page, TRUE);
  g_assert_true (gtk_spinner_get_spinning (spinner));

  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  /* Its class registers the templates. */
  g_type_class_unref (g_type_class_ref (ATLAS_TYPE_APPLICATION));
  g_test_add_func ("/app/state-page/spins-only-while-seen", test_spins_only_while_seen);
  return g_test_run ();
}
