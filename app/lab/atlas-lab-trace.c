/* SPDX-License-Identifier: GPL-3.0-or-later */

/* JSON to values. The tracer writes flat objects; what is nested deeper is refused before json-glib
 * sees it, since that goes down by recursion. */

#include "atlas-lab-trace.h"

#include <errno.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include "atlas-text.h"

#define MOST_DEPTH 4
#define MINUS "\u2212"

static gboolean
is_shallow (const char *text, gsize length)
{
  guint depth = 0;
  gboolean quoted = FALSE;

  for (gsize i = 0; i < length; i++)
    if (quoted && text[i] == '\\')
      i++;
    else if (text[i] == '"')
      quoted = !quoted;
    else if (!quoted && (text[i] == '{' || text[i] == '['))
      {
        if (++depth > MOST_DEPTH)
          return FALSE;
      }
    else if (!quoted && (text[i] == '}' || text[i] == ']'))
      depth -= depth > 0;
  return TRUE;
}

static JsonObject *
parse_object (JsonParser *parser, const char *line, gsize length)
{
  JsonNode *root;

  if (length == 0 || *line != '{' || memchr (line, '\0', length) != NULL
      || !is_shallow (line, length) || !g_utf8_validate (line, (gssize) length, NULL)
      || !json_parser_load_from_data (parser, line, (gssize) length, NULL))
    return NULL;
  root = json_parser_get_root (parser);
  return root != NULL && JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;
}

/* --- members --- */

/* NULL unless @object has a plain value called @name. */
static JsonNode *
get_value (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? node : NULL;
}

static const char *
get_text (JsonObject *object, const char *name)
{
  JsonNode *node = get_value (object, name);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_STRING
             ? json_node_get_string (node)
             : NULL;
}

static char *
dup_clean (JsonObject *object, const char *name)
{
  const char *text = get_text (object, name);

  return text != NULL ? atlas_text_clean (text, -1) : NULL;
}

static gboolean
get_int (JsonObject *object, const char *name, gint least, gint *value)
{
  JsonNode *node = get_value (object, name);
  gint64 number;

  if (node == NULL || json_node_get_value_type (node) != G_TYPE_INT64)
    return FALSE;
  number = json_node_get_int (node);
  if (number < least || number > G_MAXINT)
    return FALSE;
  *value = (gint) number;
  return TRUE;
}

/* A string or an integer as text. */
static char *
dup_word (JsonNode *node)
{
  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node))
    return NULL;
  if (json_node_get_value_type (node) == G_TYPE_STRING)
    return atlas_text_clean (json_node_get_string (node), -1);
  if (json_node_get_value_type (node) == G_TYPE_INT64)
    return g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (node));
  return NULL;
}

static double
get_time (JsonObject *object)
{
  JsonNode *node = get_value (object, "time");
  GType type = node != NULL ? json_node_get_value_type (node) : G_TYPE_NONE;

  return type == G_TYPE_DOUBLE || type == G_TYPE_INT64 ? json_node_get_double (node) : 0;
}

static char **
dup_arguments (JsonObject *object)
{
  JsonNode *node = json_object_get_member (object, "args");
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  JsonObjectIter iter;
  const char *name;

  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
    {
      json_object_iter_init_ordered (&iter, json_node_get_object (node));
      while (json_object_iter_next_ordered (&iter, &name, &node))
        {
          char *word = dup_word (node);

          g_ptr_array_add (words, atlas_text_clean (name, -1));
          g_ptr_array_add (words, word != NULL ? word : g_strdup ("?"));
        }
    }
  g_ptr_array_add (words, NULL);
  return (char **) g_ptr_array_steal (words, NULL);
}

/* --- lines --- */

static AtlasLabCall *
call_new (JsonObject *object, AtlasLabCallKind kind, const AtlasLabTrace *trace)
{
  AtlasLabCall *call = g_new0 (AtlasLabCall, 1);

  call->kind = kind;
  call->pid = trace->pid;
  call->tid = trace->tid;
  call->time = get_time (object);
  call->thread = dup_clean (object, "thread");
  if (call->thread == NULL)
    call->thread = g_strdup ("");
  return call;
}

/* A call that was under way when its thread ended has no result. */
static void
take_result (AtlasLabCall *call, JsonObject *object)
{
  call->error = dup_clean (object, "error");
  call->message = dup_clean (object, "message");
  call->failed = call->error != NULL;
  if (call->failed)
    call->result = g_strdup_printf (MINUS "1 %s", call->error);
  else
    call->result = dup_word (json_object_get_member (object, "result"));
  if (call->result == NULL)
    call->result = g_strdup ("?");
}

/* The kernel answers brk with where the break is then, and means by another place than was asked
 * for that it failed, as brk(2) says. The place is still shown. */
static void
judge_break (AtlasLabCall *call)
{
  guint64 wish, end;

  if (strcmp (call->name, "brk") != 0 || !atlas_lab_call_get_number (call, "addr", &wish)
      || wish == 0 || !atlas_lab_call_get_result (call, &end) || end == wish)
    return;
  call->failed = TRUE;
  call->error = g_strdup ("ENOMEM");
  call->message = g_strdup (g_strerror (ENOMEM));
  g_autofree char *place = g_steal_pointer (&call->result);
  call->result = g_strdup_printf ("%s %s", place, call->error);
}

static gboolean
take_call (AtlasLabTrace *trace, JsonObject *object)
{
  g_autofree char *name = dup_clean (object, "call");

  if (name == NULL)
    return FALSE;
  trace->kind = ATLAS_LAB_TRACE_CALL;
  trace->call = call_new (object, ATLAS_LAB_CALL_SYSTEM, trace);
  trace->call->text = dup_clean (object, "text");
  if (trace->call->text == NULL)
    trace->call->text = g_strdup_printf ("%s ()", name);
  trace->call->name = g_steal_pointer (&name);
  trace->call->arguments = dup_arguments (object);
  trace->call->file = dup_clean (object, "file");
  take_result (trace->call, object);
  judge_break (trace->call);
  return TRUE;
}

static char *
describe_signal (JsonObject *object, const char *signal, gint sender)
{
  g_autofree char *code = dup_word (json_object_get_member (object, "code"));
  g_autofree char *address = dup_clean (object, "address");
  GString *text = g_string_new (signal);

  if (code != NULL)
    g_string_append_printf (text, " (%s)", code);
  if (address != NULL)
    g_string_append_printf (text, " at %s", address);
  if (sender > 0)
    g_string_append_printf (text, " from %d", sender);
  return g_string_free (text, FALSE);
}

static gboolean
take_signal (AtlasLabTrace *trace, JsonObject *object)
{
  if (trace->signal == NULL)
    return FALSE;
  trace->kind = ATLAS_LAB_TRACE_CALL;
  get_int (object, "sender", 1, &trace->sender);
  trace->call = call_new (object, ATLAS_LAB_CALL_SIGNAL, trace);
  trace->call->name = g_strdup (trace->signal);
  trace->call->text = describe_signal (object, trace->signal, trace->sender);
  trace->call->result = g_strdup ("");
  return TRUE;
}

static gboolean
take_child (AtlasLabTrace *trace, JsonObject *object, AtlasLabCallKind kind, const char *name)
{
  if (!get_int (object, "child", 1, &trace->child))
    return FALSE;
  trace->kind = ATLAS_LAB_TRACE_CALL;
  trace->call = call_new (object, kind, trace);
  trace->call->name = g_strdup (name);
  trace->call->text = g_strdup_printf ("%s %d", name, trace->child);
  trace->call->result = g_strdup ("");
  return TRUE;
}

static gboolean
take_event (AtlasLabTrace *trace, JsonObject *object, const char *event)
{
  if (strcmp (event, "fork") == 0)
    return take_child (trace, object, ATLAS_LAB_CALL_FORK, event);
  if (strcmp (event, "thread") == 0)
    return take_child (trace, object, ATLAS_LAB_CALL_THREAD, event);
  if (strcmp (event, "signal") == 0)
    return take_signal (trace, object);
  if (strcmp (event, "exit") == 0)
    {
      trace->kind = ATLAS_LAB_TRACE_EXIT;
      return get_int (object, "status", 0, &trace->status);
    }
  if (strcmp (event, "killed") == 0)
    {
      trace->kind = ATLAS_LAB_TRACE_KILLED;
      return trace->signal != NULL;
    }
  trace->kind = ATLAS_LAB_TRACE_START;
  return strcmp (event, "start") == 0 || strcmp (event, "exec") == 0;
}

static gboolean
take_line (AtlasLabTrace *trace, JsonObject *object)
{
  const char *event = get_text (object, "event");

  if (!get_int (object, "pid", 1, &trace->pid) || !get_int (object, "tid", 1, &trace->tid))
    return FALSE;
  trace->signal = dup_clean (object, "signal");
  return take_call (trace, object) || (event != NULL && take_event (trace, object, event));
}

AtlasLabTrace *
atlas_lab_trace_parse (const char *line, gsize length)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonObject *object = parse_object (parser, line, length);
  g_autoptr (AtlasLabTrace) trace = g_new0 (AtlasLabTrace, 1);

  if (object == NULL || !take_line (trace, object))
    return NULL;
  return g_steal_pointer (&trace);
}

void
atlas_lab_trace_free (AtlasLabTrace *self)
{
  g_clear_pointer (&self->call, atlas_lab_call_free);
  g_free (self->signal);
  g_free (self);
}
