/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Lines of the tracer, by their bytes; and what is concluded from them. */

#include "atlas-lab-event-private.h"
#include "atlas-lab-trace.h"

#include <string.h>

#define HEAD "{\"time\":1764100000.5,\"pid\":9120,\"tid\":9121,\"thread\":\"memory-atlas-la\","
#define MMAP                                                                                       \
  HEAD "\"call\":\"mmap\",\"args\":{\"addr\":\"NULL\",\"length\":1052672,"                         \
       "\"prot\":\"PROT_READ|PROT_WRITE\",\"flags\":\"MAP_PRIVATE|MAP_ANONYMOUS\",\"fd\":-1,"      \
       "\"offset\":0},\"text\":\"mmap (NULL, 1052672, …)\",\"result\":\"0x7f2c1b0ff000\"}"

static AtlasLabTrace *
parse (const char *text)
{
  return atlas_lab_trace_parse (text, strlen (text));
}

static void
test_call (void)
{
  g_autoptr (AtlasLabTrace) trace = parse (MMAP);
  const AtlasLabCall *call = trace->call;
  guint64 number = 0;

  g_assert_cmpint (trace->kind, ==, ATLAS_LAB_TRACE_CALL);
  g_assert_cmpint (call->kind, ==, ATLAS_LAB_CALL_SYSTEM);
  g_assert_cmpint (call->pid, ==, 9120);
  g_assert_cmpint (call->tid, ==, 9121);
  g_assert_cmpfloat (call->time, ==, 1764100000.5);
  g_assert_cmpstr (call->thread, ==, "memory-atlas-la");
  g_assert_cmpstr (call->name, ==, "mmap");
  g_assert_cmpstr (call->text, ==, "mmap (NULL, 1052672, …)");
  g_assert_cmpstr (call->result, ==, "0x7f2c1b0ff000");
  g_assert_false (call->failed);
  g_assert_null (call->error);
  g_assert_cmpuint (g_strv_length (call->arguments), ==, 12);
  g_assert_cmpstr (call->arguments[2], ==, "length");
  g_assert_true (atlas_lab_call_get_number (call, "length", &number));
  g_assert_cmpuint (number, ==, 1052672);
  g_assert_true (atlas_lab_call_get_number (call, "addr", &number));
  g_assert_cmpuint (number, ==, 0);
  g_assert_false (atlas_lab_call_get_number (call, "fd", &number));
  g_assert_false (atlas_lab_call_get_number (call, "prot", &number));
  g_assert_true (atlas_lab_call_get_result (call, &number));
  g_assert_cmpuint (number, ==, G_GUINT64_CONSTANT (0x7f2c1b0ff000));
}

static void
test_copy (void)
{
  g_autoptr (AtlasLabTrace) trace = parse (MMAP);
  g_autoptr (AtlasLabCall) copy = atlas_lab_call_copy (trace->call);

  g_assert_cmpstr (copy->text, ==, trace->call->text);
  g_assert_true (copy->text != trace->call->text);
  g_assert_cmpstr (atlas_lab_call_get_argument (copy, "flags"), ==, "MAP_PRIVATE|MAP_ANONYMOUS");
}

static void
test_failed (void)
{
  g_autoptr (AtlasLabTrace) trace =
      parse (HEAD "\"call\":\"mlock\",\"args\":{\"addr\":\"0x7f2c1b0ff000\",\"length\":4096},"
                  "\"text\":\"mlock (0x7f2c1b0ff000, 4096)\",\"result\":-1,\"error\":\"ENOMEM\","
                  "\"message\":\"Cannot allocate memory\"}");
  guint64 number;

  g_assert_true (trace->call->failed);
  g_assert_cmpstr (trace->call->result, ==, "\u22121 ENOMEM");
  g_assert_cmpstr (trace->call->error, ==, "ENOMEM");
  g_assert_cmpstr (trace->call->message, ==, "Cannot allocate memory");
  g_assert_false (atlas_lab_call_get_result (trace->call, &number));
}

#define BRK(wish, result)                                                                          \
  HEAD "\"call\":\"brk\",\"args\":{\"addr\":\"" wish "\"},\"text\":\"brk (" wish                   \
       ")\",\"result\":\"" result "\"}"

/* The kernel says that it failed by where the break stays. */
static void
test_break (void)
{
  g_autoptr (AtlasLabTrace) asked = parse (BRK ("NULL", "0x5581c0a00000"));
  g_autoptr (AtlasLabTrace) moved = parse (BRK ("0x5581c0a21000", "0x5581c0a21000"));
  g_autoptr (AtlasLabTrace) failed = parse (BRK ("0x5581c0a42000", "0x5581c0a21000"));
  guint64 number;

  g_assert_false (asked->call->failed);
  g_assert_false (moved->call->failed);
  g_assert_true (atlas_lab_call_get_result (moved->call, &number));
  g_assert_true (failed->call->failed);
  g_assert_cmpstr (failed->call->error, ==, "ENOMEM");
  g_assert_cmpstr (failed->call->message, ==, "Cannot allocate memory");
  g_assert_cmpstr (failed->call->result, ==, "0x5581c0a21000 ENOMEM");
  g_assert_false (atlas_lab_call_get_result (failed->call, &number));
}

/* Its thread ended in it. */
static void
test_lost (void)
{
  g_autoptr (AtlasLabTrace) trace =
      parse (HEAD "\"call\":\"mmap\",\"args\":{},\"text\":\"mmap ()\",\"event\":\"lost\"}");

  g_assert_cmpstr (trace->call->result, ==, "?");
  g_assert_false (trace->call->failed);
}

static void
test_events (void)
{
  g_autoptr (AtlasLabTrace) fork = parse (HEAD "\"event\":\"fork\",\"child\":31684}");
  g_autoptr (AtlasLabTrace) thread = parse (HEAD "\"event\":\"thread\",\"child\":31685}");
  g_autoptr (AtlasLabTrace) signal =
      parse (HEAD "\"event\":\"signal\",\"signal\":\"SIGSEGV\",\"code\":\"SEGV_MAPERR\","
                  "\"address\":\"0x10\"}");
  g_autoptr (AtlasLabTrace) plain =
      parse (HEAD "\"event\":\"signal\",\"signal\":\"SIGCHLD\",\"code\":2}");
  g_autoptr (AtlasLabTrace) sent =
      parse (HEAD "\"event\":\"signal\",\"signal\":\"SIGSEGV\",\"code\":\"SI_USER\","
                  "\"sender\":77}");
  g_autoptr (AtlasLabTrace) start = parse (HEAD "\"event\":\"start\",\"program\":\"/a\"}");
  g_autoptr (AtlasLabTrace) exit = parse (HEAD "\"event\":\"exit\",\"status\":3}");
  g_autoptr (AtlasLabTrace) killed = parse (HEAD "\"event\":\"killed\",\"signal\":\"SIGKILL\"}");

  g_assert_cmpint (fork->call->kind, ==, ATLAS_LAB_CALL_FORK);
  g_assert_cmpint (fork->child, ==, 31684);
  g_assert_cmpint (thread->call->kind, ==, ATLAS_LAB_CALL_THREAD);
  g_assert_cmpstr (signal->call->name, ==, "SIGSEGV");
  g_assert_cmpstr (signal->call->text, ==, "SIGSEGV (SEGV_MAPERR) at 0x10");
  g_assert_cmpint (signal->sender, ==, 0);
  g_assert_cmpstr (plain->call->text, ==, "SIGCHLD (2)");
  g_assert_cmpstr (sent->call->text, ==, "SIGSEGV (SI_USER) from 77");
  g_assert_cmpint (sent->sender, ==, 77);
  g_assert_cmpint (start->kind, ==, ATLAS_LAB_TRACE_START);
  g_assert_cmpint (exit->kind, ==, ATLAS_LAB_TRACE_EXIT);
  g_assert_cmpint (exit->status, ==, 3);
  g_assert_cmpint (killed->kind, ==, ATLAS_LAB_TRACE_KILLED);
  g_assert_cmpstr (killed->signal, ==, "SIGKILL");
}

/* Texts are safe to show whatever the target put into them. */
static void
test_clean (void)
{
  g_autoptr (AtlasLabTrace) trace =
      parse ("{\"pid\":1,\"tid\":1,\"thread\":\"\\u001b[31m\",\"call\":\"a\\u202e\","
             "\"args\":{\"x\\n\":\"\\u0000\"},\"text\":\"t\\t\",\"result\":0}");

  g_assert_cmpstr (trace->call->thread, ==, "\\x1b[31m");
  g_assert_cmpstr (trace->call->name, ==, "a\\u202e");
  g_assert_cmpstr (trace->call->arguments[0], ==, "x\\n");
  g_assert_cmpstr (trace->call->text, ==, "t\\t");
}

static void
test_nonsense (void)
{
  static const char *const texts[] = {
    "",
    "{",
    "{}",
    "[]",
    "null",
    "x",
    "{\"pid\":1}",
    "{\"pid\":1,\"tid\":1}",
    "{\"pid\":\"1\",\"tid\":1,\"call\":\"a\"}",
    "{\"pid\":0,\"tid\":1,\"call\":\"a\"}",
    "{\"pid\":4294967296,\"tid\":1,\"call\":\"a\"}",
    "{\"pid\":1,\"tid\":1,\"call\":7}",
    "{\"pid\":1,\"tid\":1,\"call\":[\"a\"]}",
    "{\"pid\":1,\"tid\":1,\"event\":\"bogus\"}",
    "{\"pid\":1,\"tid\":1,\"event\":\"fork\"}",
    "{\"pid\":1,\"tid\":1,\"event\":\"fork\",\"child\":-1}",
    "{\"pid\":1,\"tid\":1,\"event\":\"killed\"}",
    "{\"pid\":1,\"tid\":1,\"call\":\"\377\"}",
    MMAP "x",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_assert_null (parse (texts[i]));
}

/* Deep enough to overflow the stack of a parser that recurses. */
static void
test_deep (void)
{
  g_autofree char *brackets = g_strnfill (60000, '[');
  g_autofree char *braces = g_strdup_printf ("{\"pid\":%s", brackets);
  g_autoptr (GString) objects = g_string_new (NULL);

  for (guint i = 0; i < 10000; i++)
    g_string_append (objects, "{\"a\":");
  g_assert_null (parse (brackets));
  g_assert_null (parse (braces));
  g_assert_null (parse (objects->str));
}

/* --- how memory came about --- */

static AtlasLabCall *
make_call (const char *name, const char *arguments, const char *result)
{
  g_autofree char *text = g_strdup_printf (
      "{\"pid\":1,\"tid\":1,\"call\":\"%s\",\"args\":{%s},\"result\":%s}", name, arguments, result);
  g_autoptr (AtlasLabTrace) trace = parse (text);

  g_assert (trace != NULL);
  return g_steal_pointer (&trace->call);
}

#define RW "\"prot\":\"PROT_READ|PROT_WRITE\""

/* Calls as glibc makes them, up to one without a name. */
typedef struct
{
  const char *name, *arguments, *result;
} Made;

static void
assert_how (const Made *made, guint64 address, AtlasLabHow how)
{
  g_autoptr (GPtrArray) calls =
      g_ptr_array_new_with_free_func ((GDestroyNotify) atlas_lab_call_free);

  for (; made->name != NULL; made++)
    g_ptr_array_add (calls, make_call (made->name, made->arguments, made->result));
  g_assert_cmpint (atlas_lab_how_conclude (calls, address, 1000), ==, how);
}

static void
test_how (void)
{
  static const Made none[] = { { NULL, NULL, NULL } };
  static const Made heap[] = { { "brk", "\"addr\":\"NULL\"", "\"0x1000\"" },
                               { "brk", "\"addr\":\"0x22000\"", "\"0x22000\"" },
                               { NULL, NULL, NULL } };
  static const Made question[] = { { "brk", "\"addr\":\"NULL\"", "\"0x1000\"" },
                                   { NULL, NULL, NULL } };
  static const Made failed[] = { { "brk", "\"addr\":\"0x22000\"", "\"0x1000\"" },
                                 { NULL, NULL, NULL } };
  static const Made both[] = { { "brk", "\"addr\":\"0x22000\"", "\"0x22000\"" },
                               { "mmap", "\"length\":8192," RW, "\"0x7f0000\"" },
                               { NULL, NULL, NULL } };
  static const Made arena[] = {
    { "mmap", "\"length\":134217728,\"prot\":\"PROT_NONE\"", "\"0x7f000000\"" },
    { "munmap", "\"addr\":\"0x7f000000\",\"length\":4096", "0" },
    { "mprotect", "\"addr\":\"0x7f100000\",\"length\":135168," RW, "0" },
    { NULL, NULL, NULL }
  };
  static const Made moved[] = { { "mremap", "\"new_size\":8192", "\"0x7f0000\"" },
                                { NULL, NULL, NULL } };

  assert_how (none, 0x1500, ATLAS_LAB_HOW_NONE);
  assert_how (heap, 0x1500, ATLAS_LAB_HOW_BRK);
  assert_how (question, 0x1500, ATLAS_LAB_HOW_NONE);
  assert_how (failed, 0x1500, ATLAS_LAB_HOW_NONE);
  assert_how (both, 0x7f0010, ATLAS_LAB_HOW_MMAP);
  assert_how (both, 0x1500, ATLAS_LAB_HOW_BRK);
  assert_how (arena, 0x7f100b70, ATLAS_LAB_HOW_ARENA);
  assert_how (moved, 0x7f0010, ATLAS_LAB_HOW_MMAP);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lab/trace-line/call", test_call);
  g_test_add_func ("/lab/trace-line/copy", test_copy);
  g_test_add_func ("/lab/trace-line/failed", test_failed);
  g_test_add_func ("/lab/trace-line/break", test_break);
  g_test_add_func ("/lab/trace-line/lost", test_lost);
  g_test_add_func ("/lab/trace-line/events", test_events);
  g_test_add_func ("/lab/trace-line/clean", test_clean);
  g_test_add_func ("/lab/trace-line/nonsense", test_nonsense);
  g_test_add_func ("/lab/trace-line/deep", test_deep);
  g_test_add_func ("/lab/trace-line/how", test_how);
  return g_test_run ();
}
