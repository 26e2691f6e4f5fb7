/* SPDX-License-Identifier: GPL-3.0-or-later */

/* memory-atlas-cli list: every process with the four numbers that tell most. */

#include "atlas-config.h"

#include <glib/gi18n-lib.h>

#include "atlas-process-state.h"
#include "atlas-cli-output.h"
#include "atlas-cli-process.h"
#include "atlas-cli-table.h"
#include "atlas-cli.h"
#include "atlas-format.h"
#include "atlas-json-writer.h"
#include "atlas-process-scan.h"

#define FORMAT 1

static gboolean as_json = FALSE;

static const GOptionEntry options[] = {
  { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, N_ ("Print JSON, for scripts"), NULL },
  ATLAS_CLI_PROC_OPTION,
  G_OPTION_ENTRY_NULL,
};

/* Kernel threads and zombies: they have no memory, which is not the same as 0 bytes of it. */
static gboolean
has_memory (const AtlasProcessInfo *info)
{
  return info->vm_size != 0;
}

static char *
format_memory (const AtlasProcessInfo *info, guint64 kb)
{
  if (info->unreadable)
    return g_strdup ("?");
  return has_memory (info) ? atlas_format_bytes (kb * 1024) : g_strdup ("–");
}

static char *
format_name (const AtlasProcessInfo *info)
{
  return info->kernel_thread ? g_strdup_printf ("[%s]", info->name) : g_strdup (info->name);
}

/* Where even that is hidden. */
static const char *
get_user (const AtlasProcessInfo *info)
{
  return info->uid != (guint) -1 ? atlas_user_name (info->uid) : "?";
}

static void
add_row (AtlasTable *table, const AtlasProcessInfo *info)
{
  atlas_table_take (table, g_strdup_printf ("%d", info->pid));
  atlas_table_add (table, get_user (info));
  atlas_table_add (table, atlas_process_state_get_title (info->state));
  atlas_table_take (table, format_memory (info, info->vm_rss));
  atlas_table_take (table, format_memory (info, info->vm_size));
  atlas_table_take (table, format_memory (info, info->vm_swap));
  atlas_table_take (table, format_memory (info, info->vm_lck));
  atlas_table_take (table, format_name (info));
}

static gboolean
print_table (GPtrArray *processes, GError **error)
{
  const AtlasTableColumn columns[] = {
    { _ ("PID"), TRUE },  { _ ("USER"), FALSE }, { _ ("STATE"), FALSE }, { _ ("RESIDENT"), TRUE },
    { _ ("SIZE"), TRUE }, { _ ("SWAP"), TRUE },  { _ ("LOCKED"), TRUE }, { _ ("NAME"), FALSE },
  };
  g_autoptr (AtlasTable) table = atlas_table_new (columns, G_N_ELEMENTS (columns));
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < processes->len; i++)
    add_row (table, g_ptr_array_index (processes, i));
  atlas_table_print (table, 0, atlas_cli_get_width (), text);
  return atlas_cli_print (text->str, error);
}

static void
write_counters (AtlasJsonWriter *writer, const AtlasProcessInfo *info)
{
  atlas_json_writer_begin_object (writer, "counters");
  if (has_memory (info))
    {
      atlas_json_writer_uint (writer, "VmSize", info->vm_size);
      atlas_json_writer_uint (writer, "VmLck", info->vm_lck);
      atlas_json_writer_uint (writer, "VmRSS", info->vm_rss);
      atlas_json_writer_uint (writer, "VmSwap", info->vm_swap);
    }
  atlas_json_writer_end_object (writer);
}

static void
write_process (AtlasJsonWriter *writer, const AtlasProcessInfo *info)
{
  char state[2] = { info->state, '\0' };

  atlas_json_writer_begin_object (writer, NULL);
  atlas_json_writer_uint (writer, "pid", (guint64) info->pid);
  atlas_json_writer_string (writer, "name", info->name);
  atlas_json_writer_string (writer, "command", info->command);
  atlas_json_writer_string (writer, "state", state);
  atlas_json_writer_uint (writer, "uid", info->uid);
  atlas_json_writer_string (writer, "user", get_user (info));
  atlas_json_writer_uint (writer, "start_time", info->start_time);
  atlas_json_writer_uint (writer, "threads", info->threads);
  atlas_json_writer_boolean (writer, "kernel_thread", info->kernel_thread);
  atlas_json_writer_boolean (writer, "readable", !info->unreadable);
  write_counters (writer, info);
  atlas_json_writer_end_object (writer);
}

static gboolean
print_json (GPtrArray *processes, GError **error)
{
  g_auto (AtlasJsonWriter) writer = { 0 };
  g_autofree char *text = NULL;

  atlas_json_writer_init (&writer);
  atlas_json_writer_begin_object (&writer, NULL);
  atlas_json_writer_uint (&writer, "format", FORMAT);
  atlas_json_writer_begin_array (&writer, "processes");
  for (guint i = 0; i < processes->len; i++)
    write_process (&writer, g_ptr_array_index (processes, i));
  atlas_json_writer_end_array (&writer);
  atlas_json_writer_end_object (&writer);
  text = atlas_json_writer_end (&writer);
  return atlas_cli_write (text, error);
}

static gboolean
run_list (char **arguments, int *status, GError **error)
{
  g_autoptr (AtlasProcfs) procfs = atlas_cli_open_procfs (error);
  g_autoptr (GPtrArray) processes = NULL;

  if (procfs != NULL)
    processes = atlas_process_scan (procfs, NULL, NULL, error);
  if (processes == NULL)
    return FALSE;
  return as_json ? print_json (processes, error) : print_table (processes, error);
}

const AtlasCliCommand atlas_cli_list = {
  .name = "list",
  .arguments = "",
  .summary = N_ ("List the processes with their memory"),
  .options = options,
  .run = run_list,
};
