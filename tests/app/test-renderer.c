/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What GTK is told about how to paint, and that nobody else is told. */

#include <gtk/gtk.h>

#include "atlas-renderer.h"

#define FIRST_MINOR_WITH_GDK_DISABLE 16

typedef struct
{
  const char *path;
  const char *renderer, *list; /* as the person has them; NULL: not set */
  const char *words_before;    /* what comes first in the list; NULL: it is left alone */
} Case;

static const Case cases[] = {
  { "/app/renderer/nothing-set", NULL, NULL, "" },
  { "/app/renderer/empty", "", "", "" },
  { "/app/renderer/cairo", "cairo", NULL, "" },
  { "/app/renderer/list-goes-on", NULL, "frames", "frames," },
  { "/app/renderer/another-one", "gl", NULL, NULL },
  { "/app/renderer/another-one-and-list", "gl", "frames", NULL },
};

static gboolean
has_gdk_disable (void)
{
  return gtk_get_minor_version () >= FIRST_MINOR_WITH_GDK_DISABLE;
}

static const char *
list_name (void)
{
  return has_gdk_disable () ? "GDK_DISABLE" : "GDK_DEBUG";
}

static void
set (const char *name, const char *value)
{
  if (value)
    g_setenv (name, value, TRUE);
  else
    g_unsetenv (name);
}

static void
check_chosen (const Case *test)
{
  const char *words = has_gdk_disable () ? "gl,vulkan" : "gl-disable";
  g_autofree char *list =
      test->words_before ? g_strconcat (test->words_before, words, NULL) : g_strdup (test->list);

  g_assert_cmpstr (g_getenv (list_name ()), ==, list);
  g_assert_cmpstr (g_getenv ("GSK_RENDERER"), ==, test->words_before ? "cairo" : test->renderer);
}

static void
test_choice (gconstpointer data)
{
  const Case *test = data;

  set ("GSK_RENDERER", test->renderer);
  set (list_name (), test->list);
  atlas_renderer_choose ();
  check_chosen (test);
  atlas_renderer_restore_environment ();
  g_assert_cmpstr (g_getenv ("GSK_RENDERER"), ==, test->renderer);
  g_assert_cmpstr (g_getenv (list_name ()), ==, test->list);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add_data_func (cases[i].path, &cases[i], test_choice);
  return g_test_run ();
}
