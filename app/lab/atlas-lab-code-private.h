/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the table of C lines, the state behind it and the program share. */

#pragma once

#include "atlas-lab-code.h"

G_BEGIN_DECLS

/* Parts of the program that are written only where they are used; each has functions or headers of
 * its own. */
typedef enum
{
  ATLAS_USES_PAGES = 1 << 0,    /* page(), pages() */
  ATLAS_USES_NEED = 1 << 1,     /* need(): a pointer that everything after it goes by */
  ATLAS_USES_CHECK = 1 << 2,    /* check(): a call that may fail */
  ATLAS_USES_TELL = 1 << 3,     /* tell(): a number */
  ATLAS_USES_RESIDENT = 1 << 4, /* resident(): mincore */
  ATLAS_USES_CHOICE = 1 << 5,   /* choose(), chosen(): pages at random */
  ATLAS_USES_ATTEMPT = 1 << 6,  /* attempt(): what ends in SIGSEGV */
  ATLAS_USES_DIG = 1 << 7,      /* dig(): recursion */
  ATLAS_USES_CHILDREN = 1 << 8,
  ATLAS_USES_THREADS = 1 << 9,
  ATLAS_USES_LIMIT = 1 << 10, /* the variable limit */
  ATLAS_USES_MALLINFO = 1 << 11,
  ATLAS_USES_OPAQUE = 1 << 12, /* opaque(): sizes that the compiler warns of */
  ATLAS_USES_MMAN = 1 << 13,   /* headers */
  ATLAS_USES_MALLOC_H = 1 << 14,
  ATLAS_USES_FCNTL = 1 << 15,
  ATLAS_USES_FD = 1 << 16,           /* the variable fd */
  ATLAS_USES_STEP = 1 << 17,         /* step(): any step at all */
  ATLAS_USES_TURNS = 1 << 18,        /* let(): a child or a thread does a step */
  ATLAS_USES_FINISH = 1 << 19,       /* finish(): and goes on after it */
  ATLAS_USES_CAPABILITIES = 1 << 20, /* drop_capabilities() */
  ATLAS_USES_EMPTY = 1 << 21,        /* allocations of 0 bytes, which the compiler warns of */
} AtlasCodeUses;

typedef enum
{
  ATLAS_ACTOR_MAIN,
  ATLAS_ACTOR_CHILD,
  ATLAS_ACTOR_THREAD,
} AtlasActorKind;

/* Who does steps: the process itself, one of its forks, a thread. In the program each is a function
 * that waits for its turn. */
typedef struct
{
  AtlasActorKind kind;
  char *variable;  /* "child_kid" */
  GString *body;   /* its lines */
  gboolean nested; /* started by a child, so that only that knows it */
  gboolean ended;
} AtlasActor;

/* An allocation as far as C lines need to know it. */
typedef struct
{
  char *variable;
  guint64 address, size, length; /* bytes; length: of the mapping, 0 if it is none */
  gboolean by_sbrk;
} AtlasMemory;

typedef struct _AtlasCodeProcess AtlasCodeProcess;

struct _AtlasCodeProcess
{
  AtlasActor *actor;    /* its first thread; owned by the code */
  GHashTable *memory;   /* name -> AtlasMemory */
  GHashTable *threads;  /* name -> AtlasActor, owned by the code */
  GHashTable *children; /* name -> AtlasCodeProcess */
};

struct _AtlasLabCode
{
  guint64 address_space;
  guint64 page_size;
  AtlasCodeUses uses;
  AtlasCodeProcess *process;
  GPtrArray *actors;    /* of AtlasActor, in the order in which they came; the first is main */
  GHashTable *used;     /* all identifiers taken */
  GHashTable *named;    /* name of an allocation -> its variable */
  GPtrArray *variables; /* those variables, in the order in which they came */
  GPtrArray *advice;    /* names and values that older headers lack, of const AtlasLabWord */
  GString *functions;   /* those of single steps */
  guint n_functions;
};

/* One command on its way to C. */
typedef struct
{
  AtlasLabCode *code;
  AtlasCodeProcess *process; /* that does it */
  AtlasActor *actor;
  const AtlasLabCommand *command;
  const AtlasLabAnswer *answer; /* NULL when the process ended in it */
  char **words;
  guint n_words;
  gboolean failed; /* the call did */
  GString *shown;  /* for people */
  GString *body;   /* for the program, without indentation */
} AtlasStep;

/* --- atlas-lab-code-state.c --- */

void atlas_memory_free (AtlasMemory *self);
AtlasCodeProcess *atlas_code_process_new (AtlasActor *actor, const AtlasCodeProcess *parent);
void atlas_code_process_free (AtlasCodeProcess *self);

/* Owned by @code. @owner: (nullable): the actor whose name comes first in its own. */
AtlasActor *atlas_code_add_actor (AtlasLabCode *code,
                                  AtlasActorKind kind,
                                  const AtlasActor *owner,
                                  const char *name);
void atlas_actor_free (AtlasActor *self);

/* The variable for the allocation called @name. (transfer none) */
const char *atlas_code_get_variable (AtlasLabCode *code, const char *name);
/* NULL when the process has none of that name. */
AtlasMemory *atlas_step_find_memory (const AtlasStep *step, const char *name);
/* A new one, in the place of the one before; sizes and address are the answer's. */
AtlasMemory *atlas_step_add_memory (AtlasStep *step, const char *name);
/* The number in the answer's field, or @otherwise. */
guint64 atlas_step_get_number (const AtlasStep *step, const char *field, guint64 otherwise);

/* --- atlas-lab-code-step.c --- */

void atlas_step_use (AtlasStep *step, AtlasCodeUses uses);
/* Lines, as they stand; for both, for people, for the program. */
void atlas_step_put (AtlasStep *step, const char *format, ...) G_GNUC_PRINTF (2, 3);
void atlas_step_show (AtlasStep *step, const char *format, ...) G_GNUC_PRINTF (2, 3);
void atlas_step_write (AtlasStep *step, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* A comment in the program. */
void atlas_step_remark (AtlasStep *step, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* "VARIABLE = EXPRESSION;", where @wrong is what it gives when it fails. */
void atlas_step_put_pointer (AtlasStep *step,
                             const char *call,
                             const char *variable,
                             const char *expression,
                             const char *wrong);
/* "EXPRESSION;", where the program asks for @success behind it ("== 0"). */
void atlas_step_put_check (AtlasStep *step,
                           const char *call,
                           const char *expression,
                           const char *success);
/* "EXPRESSION;", of which the program tells the value. */
void atlas_step_put_value (AtlasStep *step, const char *call, const char *expression);

/* A size as C has it. */
char *atlas_step_dup_size (AtlasStep *step, guint64 size);
/* @text as a literal, with its quotes. */
char *atlas_code_quote (const char *text);
/* @text for a comment: nothing in it ends one or begins one. */
char *atlas_code_dup_remark (const char *text);

G_END_DECLS
