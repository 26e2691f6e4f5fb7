/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The command line remembers what was typed, also what was only begun. */

#include <adwaita.h>

#include "atlas-application.h"
#include "atlas-lab-console.h"
#include "widget-fixture.h"

typedef struct
{
  GtkWidget *console; /* sunk */
  GtkWidget *entry;
  GPtrArray *commands; /* that it told */
} Console;

static void
command_cb (Console *self, const char *line)
{
  g_ptr_array_add (self->commands, g_strdup (line));
}

static void
set_up (Console *self, gconstpointer data)
{
  self->console = g_object_ref_sink (g_object_new (ATLAS_TYPE_LAB_CONSOLE, NULL));
  self->entry = fixture_find (self->console, GTK_TYPE_ENTRY);
  self->commands = g_ptr_array_new_with_free_func (g_free);
  g_signal_connect_swapped (self->console, "command", G_CALLBACK (command_cb), self);
}

static void
tear_down (Console *self, gconstpointer data)
{
  g_assert_finalize_object (self->console);
  g_ptr_array_unref (self->commands);
}

static void
type (Console *self, const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (self->entry), text);
}

static void
enter (Console *self, const char *text)
{
  type (self, text);
  g_signal_emit_by_name (self->entry, "activate");
}

static void
assert_text (Console *self, const char *text)
{
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (self->entry)), ==, text);
}

static void
press (Console *self, guint keyval)
{
  g_assert_true (fixture_press_key (self->entry, keyval, 0));
}

static void
test_tells_commands (Console *self, gconstpointer data)
{
  enter (self, "malloc a 100K");
  assert_text (self, "");
  enter (self, "  free a ");
  enter (self, "");
  enter (self, "   ");
  g_assert_cmpuint (self->commands->len, ==, 2);
  g_assert_cmpstr (self->commands->pdata[0], ==, "malloc a 100K");
  g_assert_cmpstr (self->commands->pdata[1], ==, "free a");
}

static void
test_up_and_down (Console *self, gconstpointer data)
{
  enter (self, "one");
  enter (self, "two");
  enter (self, "three");
  type (self, "begun");
  press (self, GDK_KEY_Up);
  assert_text (self, "three");
  press (self, GDK_KEY_KP_Up);
  press (self, GDK_KEY_Up);
  assert_text (self, "one");
  press (self, GDK_KEY_Up);
  assert_text (self, "one");
  press (self, GDK_KEY_Down);
  press (self, GDK_KEY_KP_Down);
  assert_text (self, "three");
  press (self, GDK_KEY_Down);
  assert_text (self, "begun");
  /* below it there is nothing, and the key may mean something else */
  g_assert_false (fixture_press_key (self->entry, GDK_KEY_Down, 0));
  g_assert_false (fixture_press_key (self->entry, GDK_KEY_Up, GDK_CONTROL_MASK));
  assert_text (self, "begun");
}

static void
test_same_twice (Console *self, gconstpointer data)
{
  enter (self, "one");
  enter (self, "two");
  enter (self, "two");
  press (self, GDK_KEY_Up);
  press (self, GDK_KEY_Up);
  assert_text (self, "one");
  g_assert_cmpuint (self->commands->len, ==, 3);
}

/* A line that was brought back and done again is the newest. */
static void
test_again (Console *self, gconstpointer data)
{
  enter (self, "one");
  enter (self, "two");
  press (self, GDK_KEY_Up);
  press (self, GDK_KEY_Up);
  g_signal_emit_by_name (self->entry, "activate");
  g_assert_cmpstr (self->commands->pdata[2], ==, "one");
  assert_text (self, "");
  press (self, GDK_KEY_Up);
  assert_text (self, "one");
  press (self, GDK_KEY_Up);
  assert_text (self, "two");
  press (self, GDK_KEY_Down);
  press (self, GDK_KEY_Down);
  assert_text (self, "");
}

#define ADD(name, function) g_test_add (name, Console, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  /* Its class registers the templates. */
  g_type_class_unref (g_type_class_ref (ATLAS_TYPE_APPLICATION));
  ADD ("/app/lab-console/tells-commands", test_tells_commands);
  ADD ("/app/lab-console/up-and-down", test_up_and_down);
  ADD ("/app/lab-console/same-twice", test_same_twice);
  ADD ("/app/lab-console/again", test_again);
  return g_test_run ();
}
