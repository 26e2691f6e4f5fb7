/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The complete program: what its steps use comes first, then the steps. It must leave the heap to
 * them: its output is unbuffered, for a buffer would be the first thing that malloc gives. */

#include "atlas-lab-code-private.h"

#include "atlas-lab-words.h"

/* A header, a function, a variable, written where all or any of @uses are used. */
typedef struct
{
  AtlasCodeUses uses;
  const char *text;
} Part;

#define ACTORS (ATLAS_USES_CHILDREN | ATLAS_USES_THREADS)

static const Part headers[] = {
  { ATLAS_USES_NEED | ATLAS_USES_CHECK, "errno" },
  { ATLAS_USES_FCNTL, "fcntl" },
  { ATLAS_USES_CAPABILITIES, "linux/capability" },
  { ATLAS_USES_MALLOC_H, "malloc" },
  { ATLAS_USES_THREADS, "pthread" },
  { ATLAS_USES_ATTEMPT, "setjmp" },
  { ATLAS_USES_ATTEMPT | ACTORS, "signal" },
  { ATLAS_USES_CHOICE, "stdbool" },
  { ATLAS_USES_PAGES | ATLAS_USES_CHOICE | ATLAS_USES_DIG, "stdint" },
  { 0, "stdio" },
  { 0, "stdlib" },
  { 0, "string" },
  { ATLAS_USES_MMAN, "sys/mman" },
  { ATLAS_USES_CHILDREN, "sys/prctl" },
  { 0, "sys/resource" },
  { ATLAS_USES_CAPABILITIES, "sys/syscall" },
  { ATLAS_USES_CHILDREN, "sys/wait" },
  { 0, "unistd" },
};

static const Part functions[] = {
  { ATLAS_USES_EMPTY, "/* To ask for 0 bytes is meant. */\n"
                      "#if __GNUC__ >= 14 && !defined __clang__\n"
                      "#pragma GCC diagnostic ignored \"-Walloc-size\"\n"
                      "#endif\n" },
  { ATLAS_USES_STEP,
    "/* Says what comes next; somebody at a terminal is waited for. */\n"
    "static void\n"
    "step (const char *command)\n"
    "{\n"
    "  char byte = 0;\n"
    "\n"
    "  printf (\"%d: %s%s\", (int) getpid (), command, isatty (STDIN_FILENO) ? \" [Enter]\" : "
    "\"\\n\");\n"
    "  while (isatty (STDIN_FILENO) && byte != '\\n' && read (STDIN_FILENO, &byte, 1) == 1)\n"
    "    ;\n"
    "}\n" },
  { ATLAS_USES_CAPABILITIES,
    "/* Root is bound by limits then, as others are. */\n"
    "static int\n"
    "drop_capabilities (void)\n"
    "{\n"
    "  struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };\n"
    "  struct __user_cap_data_struct none[2] = { { 0, 0, 0 }, { 0, 0, 0 } };\n"
    "\n"
    "  return (int) syscall (SYS_capset, &header, none);\n"
    "}\n" },
  { ATLAS_USES_NEED | ATLAS_USES_CHECK,
    "/* What went wrong, in words. strerror () would have them translated, with memory of malloc. */\n"
    "static const char *\n"
    "describe (int error)\n"
    "{\n"
    "#ifdef __GLIBC__\n"
    "  return strerrordesc_np (error);\n"
    "#else\n"
    "  return strerror (error);\n"
    "#endif\n"
    "}\n" },
  { ATLAS_USES_NEED,
    "/* Tells the address that a call gave. Without it, what follows makes no sense. */\n"
    "static void\n"
    "need (const char *call, const void *memory, const void *wrong)\n"
    "{\n"
    "  if (memory == wrong)\n"
    "    {\n"
    "      printf (\"  %s: %s\\n\", call, describe (errno));\n"
    "      exit (1);\n"
    "    }\n"
    "  printf (\"  %s: %p\\n\", call, memory);\n"
    "}\n" },
  { ATLAS_USES_CHECK, "/* Tells whether a call did what it should. */\n"
                      "static void\n"
                      "check (const char *call, int done)\n"
                      "{\n"
                      "  printf (\"  %s: %s\\n\", call, done ? \"ok\" : describe (errno));\n"
                      "}\n" },
  { ATLAS_USES_TELL, "static void\n"
                     "tell (const char *what, long value)\n"
                     "{\n"
                     "  printf (\"  %s: %ld\\n\", what, value);\n"
                     "}\n" },
  { ATLAS_USES_OPAQUE, "/* A size that the compiler would warn of. */\n"
                       "static size_t\n"
                       "opaque (size_t size)\n"
                       "{\n"
                       "  volatile size_t same = size;\n"
                       "\n"
                       "  return same;\n"
                       "}\n" },
  { ATLAS_USES_PAGES | ATLAS_USES_RESIDENT,
    "/* How many pages hold a byte of it. */\n"
    "static size_t\n"
    "pages (const void *memory, size_t size)\n"
    "{\n"
    "  return size > 0 ? ((uintptr_t) memory % page_size + size + page_size - 1) / page_size : 0;\n"
    "}\n"
    "\n"
    "/* The first byte of it on its page @i. */\n"
    "static volatile char *\n"
    "page (void *memory, size_t i)\n"
    "{\n"
    "  return (char *) memory + (i > 0 ? i * page_size - (uintptr_t) memory % page_size : 0);\n"
    "}\n" },
  { ATLAS_USES_RESIDENT,
    "/* How many of its pages are in memory. */\n"
    "static size_t\n"
    "resident (const void *memory, size_t size)\n"
    "{\n"
    "  char *start = (char *) memory - (uintptr_t) memory % page_size;\n"
    "  unsigned char state = 0;\n"
    "  size_t n = 0;\n"
    "\n"
    "  for (size_t i = 0; i < pages (memory, size); i++)\n"
    "    n += mincore (start + i * page_size, page_size, &state) == 0 && (state & 1) != 0;\n"
    "  return n;\n"
    "}\n" },
  { ATLAS_USES_CHOICE,
    "/* Some percent of all pages, by chance, but the same each time. */\n"
    "static struct\n"
    "{\n"
    "  uint64_t seed;\n"
    "  size_t n_pages, to_choose;\n"
    "} choice;\n"
    "\n"
    "static void\n"
    "choose (size_t n_pages, size_t percent)\n"
    "{\n"
    "  choice.seed = UINT64_C (0x9e3779b97f4a7c15);\n"
    "  choice.n_pages = n_pages;\n"
    "  choice.to_choose = (n_pages * percent + 50) / 100;\n"
    "}\n"
    "\n"
    "static bool\n"
    "chosen (size_t i)\n"
    "{\n"
    "  choice.seed ^= choice.seed >> 12;\n"
    "  choice.seed ^= choice.seed << 25;\n"
    "  choice.seed ^= choice.seed >> 27;\n"
    "  if ((choice.seed * UINT64_C (2685821657736338717) >> 32) % (choice.n_pages - i)\n"
    "      >= choice.to_choose)\n"
    "    return false;\n"
    "  choice.to_choose--;\n"
    "  return true;\n"
    "}\n" },
  { ATLAS_USES_DIG, "/* Uses up stack, a page with each call. */\n"
                    "static __attribute__ ((noinline)) char\n"
                    "dig_deeper (uintptr_t top, size_t size)\n"
                    "{\n"
                    "  volatile char frame[4096];\n"
                    "  char below = 0;\n"
                    "\n"
                    "  frame[0] = frame[sizeof frame - 1] = 1;\n"
                    "  if (top - (uintptr_t) &frame[0] < size)\n"
                    "    below = dig_deeper (top, size);\n"
                    "  return (char) (frame[0] + below);\n"
                    "}\n"
                    "\n"
                    "static void\n"
                    "dig (size_t size)\n"
                    "{\n"
                    "  char top = 0;\n"
                    "\n"
                    "  dig_deeper ((uintptr_t) &top, size);\n"
                    "}\n" },
  { ATLAS_USES_ATTEMPT,
    "/* Does what may end in SIGSEGV, and lives on. The handler has a stack of its own, since the\n"
    " * stack may be what is full. */\n"
    "static sigjmp_buf before;\n"
    "\n"
    "static void\n"
    "caught (int number)\n"
    "{\n"
    "  siglongjmp (before, number);\n"
    "}\n"
    "\n"
    "static void\n"
    "attempt (void (*doing) (void))\n"
    "{\n"
    "  static char handler_stack[65536];\n"
    "  stack_t stack = { .ss_sp = handler_stack, .ss_size = sizeof handler_stack };\n"
    "  struct sigaction action = { .sa_handler = caught, .sa_flags = SA_ONSTACK };\n"
    "  int number;\n"
    "\n"
    "  sigaltstack (&stack, NULL);\n"
    "  sigaction (SIGSEGV, &action, NULL);\n"
    "  sigaction (SIGBUS, &action, NULL);\n"
    "  number = sigsetjmp (before, 1);\n"
    "  if (number == 0)\n"
    "    doing ();\n"
    "  else\n"
    "    printf (\"  %s\\n\", number == SIGSEGV ? \"SIGSEGV\" : \"SIGBUS\");\n"
    "}\n" },
  { ATLAS_USES_MALLINFO, "static void\n"
                         "tell_mallinfo (struct mallinfo2 info)\n"
                         "{\n"
                         "  tell (\"arena\", (long) info.arena);\n"
                         "  tell (\"hblks\", (long) info.hblks);\n"
                         "  tell (\"hblkhd\", (long) info.hblkhd);\n"
                         "  tell (\"uordblks\", (long) info.uordblks);\n"
                         "  tell (\"fordblks\", (long) info.fordblks);\n"
                         "  tell (\"keepcost\", (long) info.keepcost);\n"
                         "}\n" },
};

static const Part actor_functions[] = {
  { ACTORS, "/* A byte is the turn that one gives to the other. */\n"
            "static int\n"
            "hear (int pipe_end)\n"
            "{\n"
            "  char byte;\n"
            "\n"
            "  return read (pipe_end, &byte, 1) == 1;\n"
            "}\n"
            "\n"
            "static void\n"
            "await (struct actor *actor)\n"
            "{\n"
            "  if (!hear (actor->go[0]))\n"
            "    _exit (0);\n"
            "}\n"
            "\n"
            "static void\n"
            "open_pipes (struct actor *actor)\n"
            "{\n"
            "  if (pipe (actor->go) == 0 && pipe (actor->done) == 0)\n"
            "    return;\n"
            "  check (\"pipe\", 0);\n"
            "  exit (1);\n"
            "}\n" },
  { ATLAS_USES_TURNS, "static void\n"
                      "pass (int pipe_end)\n"
                      "{\n"
                      "  if (write (pipe_end, \"\", 1) != 1)\n"
                      "    printf (\"  nobody is there any more\\n\");\n"
                      "}\n"
                      "\n"
                      "/* Has it do its next step, and waits until that is done. */\n"
                      "static void\n"
                      "let (struct actor *actor)\n"
                      "{\n"
                      "  pass (actor->go[1]);\n"
                      "  hear (actor->done[0]);\n"
                      "}\n" },
  { ATLAS_USES_FINISH, "static void\n"
                       "finish (struct actor *actor)\n"
                       "{\n"
                       "  pass (actor->done[1]);\n"
                       "}\n" },
  { ATLAS_USES_CHILDREN, "static void\n"
                         "start_child (struct actor *actor, void (*run) (void))\n"
                         "{\n"
                         "  open_pipes (actor);\n"
                         "  actor->child = fork ();\n"
                         "  if (actor->child == 0)\n"
                         "    {\n"
                         "      prctl (PR_SET_PDEATHSIG, SIGKILL);\n"
                         "      close (actor->go[1]);\n"
                         "      close (actor->done[0]);\n"
                         "      run ();\n"
                         "      _exit (0);\n"
                         "    }\n"
                         "  check (\"fork\", actor->child > 0);\n"
                         "  if (actor->child < 0)\n"
                         "    exit (1);\n"
                         "  close (actor->go[0]);\n"
                         "  close (actor->done[1]);\n"
                         "}\n" },
  { ATLAS_USES_THREADS, "static void\n"
                        "start_thread (struct actor *actor, void *(*run) (void *))\n"
                        "{\n"
                        "  open_pipes (actor);\n"
                        "  errno = pthread_create (&actor->thread, NULL, run, NULL);\n"
                        "  check (\"pthread_create\", errno == 0);\n"
                        "  if (errno != 0)\n"
                        "    exit (1);\n"
                        "}\n" },
};

static gboolean
is_used (const AtlasLabCode *self, const Part *part)
{
  return part->uses == 0 || (self->uses & part->uses) != 0;
}

static void
append_parts (const AtlasLabCode *self, GString *program, const Part *parts, gsize n_parts)
{
  for (gsize i = 0; i < n_parts; i++)
    if (is_used (self, &parts[i]))
      g_string_append_printf (program, "%s\n", parts[i].text);
}

static void
append_headers (const AtlasLabCode *self, GString *program)
{
  g_string_append (program, "#define _GNU_SOURCE\n");
  for (gsize i = 0; i < G_N_ELEMENTS (headers); i++)
    if (is_used (self, &headers[i]))
      g_string_append_printf (program, "#include <%s.h>\n", headers[i].text);
  g_string_append_c (program, '\n');
}

/* Constants that the headers of an older system lack. */
static void
append_constants (const AtlasLabCode *self, GString *program)
{
  for (guint i = 0; i < self->advice->len; i++)
    {
      const AtlasLabWord *advice = g_ptr_array_index (self->advice, i);

      g_string_append_printf (program, "#ifndef %s\n#define %s %d\n#endif\n", advice->name,
                              advice->name, advice->value);
    }
  if (self->advice->len > 0)
    g_string_append_c (program, '\n');
}

/* --- variables --- */

/* Allocations are seen by all threads, and inherited by children, as in the lab. */
static void
append_variables (const AtlasLabCode *self, GString *program)
{
  for (guint i = 0; i < self->variables->len; i++)
    g_string_append_printf (program, "static char *%s;\n",
                            (const char *) g_ptr_array_index (self->variables, i));
  if (self->uses & ATLAS_USES_FD)
    g_string_append (program, "static int fd;\n");
  if (self->uses & ATLAS_USES_LIMIT)
    g_string_append (program, "static struct rlimit limit;\n");
  if (self->uses & (ATLAS_USES_PAGES | ATLAS_USES_RESIDENT))
    g_string_append (program, "static size_t page_size;\n");
  g_string_append_c (program, '\n');
}

static void
append_actor_variables (const AtlasLabCode *self, GString *program)
{
  if ((self->uses & ACTORS) == 0)
    return;
  g_string_append (program, "/* A child or a thread; it does its steps when it has the turn. */\n"
                            "struct actor\n{\n  int go[2], done[2]; /* pipes */\n");
  if (self->uses & ATLAS_USES_CHILDREN)
    g_string_append (program, "  pid_t child;\n");
  if (self->uses & ATLAS_USES_THREADS)
    g_string_append (program, "  pthread_t thread;\n");
  g_string_append (program, "};\n\n");
  for (guint i = 1; i < self->actors->len; i++)
    g_string_append_printf (program, "static struct actor %s;\n",
                            ((const AtlasActor *) g_ptr_array_index (self->actors, i))->variable);
  g_string_append_c (program, '\n');
}

/* --- steps --- */

static void
append_body (GString *program, const char *body)
{
  g_auto (GStrv) lines = g_strsplit (body, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    if (*lines[i] != '\0')
      g_string_append_printf (program, "  %s\n", lines[i]);
    else if (lines[i + 1] != NULL)
      g_string_append_c (program, '\n');
}

static void
append_actor (GString *program, const AtlasActor *actor)
{
  gboolean is_thread = actor->kind == ATLAS_ACTOR_THREAD;

  g_string_append_printf (program,
                          is_thread ? "static void *\nrun_%s (void *unused)\n{\n"
                                    : "static void\nrun_%s (void)\n{\n",
                          actor->variable);
  if (is_thread)
    g_string_append (program, "  (void) unused;\n");
  append_body (program, actor->body->str);
  if (!actor->ended)
    g_string_append_printf (program, "  await (&%s);\n", actor->variable);
  if (!actor->ended && is_thread)
    g_string_append (program, "  return NULL;\n");
  g_string_append (program, "}\n\n");
}

/* Those that are started by others come first. */
static void
append_actors (const AtlasLabCode *self, GString *program)
{
  for (guint i = self->actors->len; i > 1; i--)
    append_actor (program, g_ptr_array_index (self->actors, i - 1));
}

static void
append_limit (const AtlasLabCode *self, GString *program)
{
  if (self->address_space == 0)
    return;
  g_string_append_printf (
      program,
      "  /* As in the lab: a mistake does not take the memory of the whole machine. */\n"
      "  getrlimit (RLIMIT_AS, &address_space);\n"
      "  address_space.rlim_cur = %" G_GUINT64_FORMAT "u;\n"
      "  setrlimit (RLIMIT_AS, &address_space);\n",
      self->address_space);
}

/* The last one first: it has the pipes of those before it open, too. */
static void
append_end (const AtlasLabCode *self, GString *program)
{
  const AtlasActor *process = g_ptr_array_index (self->actors, 0);

  if (process->ended)
    return;
  g_string_append_c (program, '\n');
  for (guint i = self->actors->len; i > 1; i--)
    {
      const AtlasActor *actor = g_ptr_array_index (self->actors, i - 1);

      if (actor->kind == ATLAS_ACTOR_CHILD && !actor->nested && !actor->ended)
        g_string_append_printf (program, "  close (%s.go[1]);\n  waitpid (%s.child, NULL, 0);\n",
                                actor->variable, actor->variable);
    }
  g_string_append (program, "  return 0;\n");
}

static void
append_main (const AtlasLabCode *self, GString *program)
{
  g_string_append (program, "int\nmain (void)\n{\n");
  if (self->address_space != 0)
    g_string_append (program, "  struct rlimit address_space;\n\n");
  g_string_append (program, "  setvbuf (stdout, NULL, _IONBF, 0); /* no buffer from malloc */\n");
  if (self->uses & ACTORS)
    g_string_append (program, "  signal (SIGPIPE, SIG_IGN);\n");
  if (self->uses & (ATLAS_USES_PAGES | ATLAS_USES_RESIDENT))
    g_string_append (program, "  page_size = (size_t) sysconf (_SC_PAGESIZE);\n");
  append_limit (self, program);
  append_body (program, ((const AtlasActor *) g_ptr_array_index (self->actors, 0))->body->str);
  append_end (self, program);
  g_string_append (program, "}\n");
}

char *
atlas_lab_code_dup_program (AtlasLabCode *self)
{
  GString *program = g_string_new (
      "/* What was done in the lab of Memory Atlas, as a C program of its own.\n"
      " *\n"
      " *   cc -Wall -Wextra -pthread -o lab lab.c && ./lab\n"
      " *\n"
      " * It says what it does, step by step. In a terminal each step waits for Enter, so that one\n"
      " * can look at its memory in between: /proc/PID/maps, /proc/PID/status, Memory Atlas. */\n\n");

  append_headers (self, program);
  append_constants (self, program);
  append_variables (self, program);
  append_parts (self, program, functions, G_N_ELEMENTS (functions));
  append_actor_variables (self, program);
  append_parts (self, program, actor_functions, G_N_ELEMENTS (actor_functions));
  g_string_append (program, self->functions->str);
  append_actors (self, program);
  append_main (self, program);
  return g_string_free (program, FALSE);
}
