/* SPDX-License-Identifier: GPL-3.0-or-later */

/* memory-atlas-cli trace: runs a program and prints its memory calls as they are made. What cannot
 * be printed does not hold the program up: it goes on, and that is said at the end. */

#include "atlas-config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "atlas-cli-output.h"
#include "atlas-cli-trace-child.h"
#include "atlas-cli-trace-line.h"
#include "atlas-cli-trace-summary.h"
#include "atlas-cli.h"

#define READ_SIZE 65536

static gboolean as_json = FALSE;
static gboolean want_summary = FALSE;
static char *output = NULL;

static const GOptionEntry options[] = {
  { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, N_ ("Print JSON, for scripts"), NULL },
  { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output,
    N_ ("Print into FILE instead of standard error"), N_ ("FILE") },
  { "summary", 0, 0, G_OPTION_ARG_NONE, &want_summary,
    N_ ("At the end, print how often each call was made and what it came to"), NULL },
  G_OPTION_ENTRY_NULL,
};

typedef struct
{
  int fd;
  int problem;                /* errno of what could not be printed; 0: none */
  AtlasTraceSummary *summary; /* NULL if it is not wanted */
  double begun;               /* of the first line, in the tracer's seconds; 0: none came yet */
  GString *rest;              /* of a line that is not complete */
} Printer;

/* --- printing --- */

static void
print (Printer *printer, const char *text)
{
  if (printer->problem != 0)
    return;
  if (as_json)
    printer->problem = atlas_cli_write_into (printer->fd, text, strlen (text));
  else
    printer->problem = atlas_cli_print_into (printer->fd, text);
}

/* NULL for what is no line of the tracer's: it was killed within one. */
static JsonObject *
parse (const char *text, gsize length)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonNode *root;

  if (!json_parser_load_from_data (parser, text, (gssize) length, NULL))
    return NULL;
  root = json_parser_get_root (parser);
  return root != NULL && JSON_NODE_HOLDS_OBJECT (root) ? json_node_dup_object (root) : NULL;
}

/* @into: what to print, or NULL where the bytes are printed as they are. */
static void
take_line (Printer *printer, const char *text, gsize length, GString *into)
{
  g_autoptr (JsonObject) line = parse (text, length);

  if (line == NULL)
    return;
  if (printer->begun == 0)
    printer->begun = json_object_get_double_member_with_default (line, "time", 0);
  if (printer->summary != NULL)
    atlas_trace_summary_add (printer->summary, line);
  if (into != NULL)
    atlas_cli_trace_line_append (into, line, printer->begun);
}

/* All lines that are complete by now, in one piece. */
static void
take_lines (Printer *printer)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const char *start = printer->rest->str;
  const char *end;

  for (; (end = strchr (start, '\n')) != NULL; start = end + 1)
    {
      if (as_json)
        g_string_append_len (text, start, end + 1 - start);
      if (!as_json || printer->summary != NULL)
        take_line (printer, start, (gsize) (end - start), as_json ? NULL : text);
    }
  g_string_erase (printer->rest, 0, start - printer->rest->str);
  print (printer, text->str);
}

/* Until the tracer ends, or nothing can be printed any more: without a reader the tracer does not
 * hold up the program. */
static void
print_lines (Printer *printer, int lines)
{
  g_autofree char *buffer = g_malloc (READ_SIZE);
  gboolean is_needed = TRUE;
  gssize got = 1;

  while (got != 0 && is_needed)
    {
      got = read (lines, buffer, READ_SIZE);
      if (got < 0 && errno != EINTR)
        break;
      if (got > 0)
        g_string_append_len (printer->rest, buffer, got);
      take_lines (printer);
      is_needed = printer->problem == 0;
    }
  close (lines);
}

static void
print_summary (Printer *printer)
{
  g_autofree char *text = NULL;

  if (printer->summary == NULL)
    return;
  if (as_json)
    text = atlas_trace_summary_to_json (printer->summary);
  else
    text = atlas_trace_summary_to_text (printer->summary, 0);
  print (printer, text);
}

/* --- the command --- */

static int
open_output (GError **error)
{
  int fd;

  if (output == NULL)
    return STDERR_FILENO;
  fd = g_open (output, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, 0666);
  if (fd < 0)
    g_set_error (error, G_IO_ERROR, (gint) g_io_error_from_errno (errno),
                 _ ("Could not open “%s”: %s"), output, g_strerror (errno));
  return fd;
}

/* A reader that went away has seen what it wanted; anything else must not pass for success. */
static void
settle (const Printer *printer, int *status)
{
  g_autofree char *message = NULL;

  if (printer->problem == 0 || printer->problem == EPIPE)
    return;
  message =
      g_strdup_printf (_ ("The trace could not be written: %s"), g_strerror (printer->problem));
  atlas_cli_complain (message);
  if (*status == ATLAS_CLI_EXIT_OK)
    *status = ATLAS_CLI_EXIT_FAILED;
}

static gboolean
run_trace (char **arguments, int *status, GError **error)
{
  g_autoptr (AtlasTraceSummary) summary = want_summary ? atlas_trace_summary_new () : NULL;
  g_autoptr (GString) rest = g_string_new (NULL);
  Printer printer = { .summary = summary, .rest = rest };
  AtlasCliTracer tracer;

  printer.fd = open_output (error);
  if (printer.fd < 0 || !atlas_cli_tracer_start (&tracer, arguments, error))
    return FALSE;
  print_lines (&printer, tracer.lines);
  print_summary (&printer);
  *status = atlas_cli_tracer_wait (&tracer);
  settle (&printer, status);
  return TRUE;
}

const AtlasCliCommand atlas_cli_trace = {
  .name = "trace",
  .arguments = "[--] PROGRAM [ARG…]",
  .summary = N_ ("Run a program and print its system calls on memory"),
  .lacking = N_ ("trace needs a program to run"),
  .n_arguments = 1,
  .takes_program = TRUE,
  .options = options,
  .run = run_trace,
};
