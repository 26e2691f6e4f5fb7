/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Names that the kernel cut, and what the command line says of them. */

#include "atlas-process-name.h"

#include <unistd.h>

static void
test_examples (void)
{
  static const struct
  {
    const char *name, *command, *complete;
  } cases[] = {
    { "bash", "/bin/bash -l", "bash" },
    { "bash", "", "bash" },
    { "gnome-system-mo", "gnome-system-monitor", "gnome-system-monitor" },
    { "gnome-system-mo", "/usr/bin/gnome-system-monitor --show", "gnome-system-monitor" },
    { "gnome-system-mo", "", "gnome-system-mo" },
    { "gnome-system-mo", "/usr/bin/python3 /usr/bin/gnome-system-monitor", "gnome-system-mo" },
    { "exactly15bytes.", "/opt/exactly15bytes.", "exactly15bytes." },
    { "shorter-than-15", "./short", "shorter-than-15" },
    { "not-the-fifteen", "/usr/lib/not-the-fifteen/x", "not-the-fifteen" },
    { "fourteen-bytes", "fourteen-bytes-and-more", "fourteen-bytes" },
    { "with blank in i", "/opt/with blank in it", "with blank in i" },
    { "cut-in-a-char\303", "/opt/cut-in-a-char\303\244r", "cut-in-a-char\\xc3" },
    { "\033[31mred-and-lo", "/opt/\\x1b[31mred-and-long", "\\x1b[31mred-and-long" },
    { "", "", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *complete = atlas_process_name_complete (cases[i].name, cases[i].command);

      g_assert_cmpstr (complete, ==, cases[i].complete);
      g_assert_true (g_utf8_validate (complete, -1, NULL));
    }
}

/* Of this process, whose name is longer than the kernel keeps. */
static void
test_read (void)
{
  g_autoptr (AtlasProcfs) procfs = atlas_procfs_new ("/proc", NULL);
  g_autofree char *name = atlas_process_name_read (procfs, (gint) getpid ());
  g_autofree char *nobody = atlas_process_name_read (procfs, G_MAXINT);

  g_assert_cmpstr (name, ==, "test-process-name");
  g_assert_null (nobody);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/process-name/examples", test_examples);
  g_test_add_func ("/process-name/read", test_read);
  return g_test_run ();
}
