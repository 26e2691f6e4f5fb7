/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Help is made from the tables of options that are parsed, so it cannot leave one out. GLib's own
 * help prints by itself and ends the program without a look at errors; this one is a text. */

#include "atlas-config.h"

#include <glib/gi18n-lib.h>

#include "atlas-cli-help.h"
#include "atlas-cli-table.h"

gboolean atlas_cli_help_option = FALSE;

const GOptionEntry atlas_cli_common_options[] = {
  { "help", 'h', 0, G_OPTION_ARG_NONE, &atlas_cli_help_option, N_ ("Show this help"), NULL },
  G_OPTION_ENTRY_NULL,
};

static const AtlasTableColumn columns[2];

/* "-o, --output=FILE" */
static char *
format_option (const GOptionEntry *entry)
{
  g_autofree char *value = NULL;
  char letter[5] = "";

  if (entry->short_name != 0)
    g_snprintf (letter, sizeof letter, "-%c, ", entry->short_name);
  if (entry->arg_description != NULL)
    value = g_strconcat ("=", _ (entry->arg_description), NULL);
  return g_strconcat (letter, "--", entry->long_name, value, NULL);
}

static void
append_options (GString *text, const GOptionEntry *entries)
{
  g_autoptr (AtlasTable) table = atlas_table_new (columns, G_N_ELEMENTS (columns));

  for (const GOptionEntry *entry = entries; entry->long_name != NULL; entry++)
    {
      atlas_table_take (table, format_option (entry));
      atlas_table_add (table, _ (entry->description));
    }
  atlas_table_print (table, 2, 0, text);
}

static void
append_commands (GString *text)
{
  g_autoptr (AtlasTable) table = atlas_table_new (columns, G_N_ELEMENTS (columns));

  g_string_append_printf (text, "\n%s\n", _ ("Commands:"));
  for (guint i = 0; atlas_cli_commands[i] != NULL; i++)
    {
      const AtlasCliCommand *command = atlas_cli_commands[i];

      atlas_table_take (table, g_strjoin (" ", command->name, command->arguments, NULL));
      atlas_table_add (table, _ (command->summary));
    }
  atlas_table_print (table, 2, 0, text);
}

static void
append_command_options (GString *text, const AtlasCliCommand *command)
{
  g_string_append_c (text, '\n');
  g_string_append_printf (text, _ ("Options of %s:"), command->name);
  g_string_append_c (text, '\n');
  append_options (text, command->options);
}

static void
append_common_options (GString *text)
{
  g_string_append_printf (text, "\n%s\n", _ ("Options of every command:"));
  append_options (text, atlas_cli_common_options);
}

static void
append_exit_statuses (GString *text)
{
  g_string_append_printf (
      text, "\n%s\n",
      _ ("Exit status: 0 done; 1 the process is gone or may not be read, or\n"
         "the output cannot be written, or something in a lesson was not as expected;\n"
         "2 wrong usage; of trace: that of PROGRAM, 125 to 127 if it could not be run\n"
         "or traced."));
}

char *
atlas_cli_help (void)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, _ ("Usage: %s COMMAND [OPTION…]\n"), ATLAS_CLI_PROGRAM);
  g_string_append_printf (text, _ ("       %s --help | --version\n"), ATLAS_CLI_PROGRAM);
  g_string_append_printf (text, "\n%s\n",
                          _ ("See the memory of processes as the kernel keeps it."));
  append_commands (text);
  for (guint i = 0; atlas_cli_commands[i] != NULL; i++)
    append_command_options (text, atlas_cli_commands[i]);
  append_common_options (text);
  append_exit_statuses (text);
  return g_string_free (text, FALSE);
}

char *
atlas_cli_help_command (const AtlasCliCommand *command)
{
  GString *text = g_string_new (NULL);
  g_autofree char *arguments = g_strjoin (" ", command->name, command->arguments, NULL);

  g_string_append_printf (text, _ ("Usage: %s %s [OPTION…]\n"), ATLAS_CLI_PROGRAM,
                          g_strchomp (arguments));
  g_string_append_printf (text, "\n%s.\n", _ (command->summary));
  append_command_options (text, command);
  append_common_options (text);
  return g_string_free (text, FALSE);
}
