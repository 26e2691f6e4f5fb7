/* SPDX-License-Identifier: GPL-3.0-or-later */

/* memory-atlas-cli: finds the command, parses its options, and turns what went wrong into one line
 * and an exit status. */

#include "atlas-config.h"

#include <glib/gi18n-lib.h>

#include "atlas-cli-help.h"
#include "atlas-cli-output.h"
#include "atlas-cli.h"

G_DEFINE_QUARK (atlas - cli - error - quark, atlas_cli_error)

const AtlasCliCommand *const atlas_cli_commands[] = { &atlas_cli_list,   &atlas_cli_show,
                                                      &atlas_cli_export, &atlas_cli_trace,
                                                      &atlas_cli_lesson, NULL };

static const AtlasCliCommand *
find_command (const char *name)
{
  for (guint i = 0; atlas_cli_commands[i] != NULL; i++)
    if (g_str_equal (atlas_cli_commands[i]->name, name))
      return atlas_cli_commands[i];
  return NULL;
}

/* @argv: the command's name and what follows it; its options are taken out. */
static gboolean
parse_options (const AtlasCliCommand *command, int *argc, char ***argv, GError **error)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);

  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_set_strict_posix (context, command->takes_program);
  g_option_context_add_main_entries (context, command->options, GETTEXT_PACKAGE);
  g_option_context_add_main_entries (context, atlas_cli_common_options, GETTEXT_PACKAGE);
  return g_option_context_parse (context, argc, argv, error);
}

static gboolean
check_arguments (const AtlasCliCommand *command, char **arguments, GError **error)
{
  guint n_arguments = g_strv_length (arguments);
  guint most = command->n_arguments + command->n_optional;

  if (n_arguments < command->n_arguments)
    g_set_error_literal (error, ATLAS_CLI_ERROR, ATLAS_CLI_ERROR_USAGE, _ (command->lacking));
  else if (n_arguments > most && !command->takes_program)
    g_set_error (error, ATLAS_CLI_ERROR, ATLAS_CLI_ERROR_USAGE,
                 _ ("“%s” is one argument too many for %s"), arguments[most], command->name);
  else
    return TRUE;
  return FALSE;
}

static gboolean
print_help (const AtlasCliCommand *command, GError **error)
{
  g_autofree char *text = command != NULL ? atlas_cli_help_command (command) : atlas_cli_help ();

  return atlas_cli_print (text, error);
}

static gboolean
run_command (const AtlasCliCommand *command, int argc, char **argv, int *status, GError **error)
{
  char **arguments = argv + 1;

  if (!parse_options (command, &argc, &argv, error))
    return FALSE;
  if (atlas_cli_help_option)
    return print_help (command, error);
  /* GLib leaves it there when what follows looks like an option. */
  if (argc > 1 && g_str_equal (arguments[0], "--"))
    arguments++;
  *status = ATLAS_CLI_EXIT_OK;
  return check_arguments (command, arguments, error) && command->run (arguments, status, error);
}

/* What is said without a command. */
static gboolean
run_alone (const char *argument, GError **error)
{
  if (argument == NULL)
    g_set_error_literal (error, ATLAS_CLI_ERROR, ATLAS_CLI_ERROR_USAGE, _ ("No command was given"));
  else if (g_str_equal (argument, "--help") || g_str_equal (argument, "-h"))
    return print_help (NULL, error);
  else if (g_str_equal (argument, "--version"))
    return atlas_cli_write (ATLAS_CLI_PROGRAM " " ATLAS_VERSION "\n", error);
  else
    g_set_error (error, ATLAS_CLI_ERROR, ATLAS_CLI_ERROR_USAGE, _ ("“%s” is not a command"),
                 argument);
  return FALSE;
}

static int
report_error (const AtlasCliCommand *command, const GError *error)
{
  g_autofree char *hint = NULL;

  if (error->domain != G_OPTION_ERROR
      && !g_error_matches (error, ATLAS_CLI_ERROR, ATLAS_CLI_ERROR_USAGE))
    {
      atlas_cli_complain (error->message);
      return ATLAS_CLI_EXIT_FAILED;
    }
  hint = g_strdup_printf (_ ("%s; see “%s%s%s --help”"), error->message, ATLAS_CLI_PROGRAM,
                          command != NULL ? " " : "", command != NULL ? command->name : "");
  atlas_cli_complain (hint);
  return ATLAS_CLI_EXIT_USAGE;
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  const AtlasCliCommand *command = NULL;
  int status = ATLAS_CLI_EXIT_OK;
  gboolean done;

  atlas_cli_prepare ();
  if (argc > 1)
    command = find_command (argv[1]);
  if (command != NULL)
    done = run_command (command, argc - 1, argv + 1, &status, &error);
  else
    done = run_alone (argc > 1 ? argv[1] : NULL, &error);
  return done ? status : report_error (command, error);
}
