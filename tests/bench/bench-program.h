/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A program with a window, seen from outside as a person sees it: when its window comes, what it
 * costs, how soon it answers. Nothing in the program itself is made for this. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* An X server. */
typedef struct _BenchScreen BenchScreen;

/* NULL when there is none to be had. */
BenchScreen *bench_screen_open (void);
void bench_screen_close (BenchScreen *self);
/* GDK 3 asks the OpenGL driver about visuals once a server, in the first program that is started,
 * and leaves the answer with the root window. The next one is the first again. */
void bench_screen_forget_visuals (BenchScreen *self);

typedef struct
{
  BenchScreen *screen;
  GPid pid;
  gulong window;
  int width, height;
  double mapped_ms;  /* from before it was spawned until its window was there */
  double painted_ms; /* until something was in it */
} BenchProgram;

/* How long a program took to answer, ms. */
typedef struct
{
  guint n_asked;
  double median, most;
  double busy;   /* the most that its main thread ran until it answered */
  double server; /* the most that the X server took to answer by itself, between the questions */
} BenchAnswers;

/* Starts it and waits until it has painted its first window. Only one at a time. */
gboolean bench_program_start (BenchProgram *self,
                              BenchScreen *screen,
                              const char *const *arguments,
                              GError **error);
void bench_program_stop (BenchProgram *self);

/* Bytes resident, once that does not change any more (or after a while). */
guint64 bench_program_settle (BenchProgram *self);
/* Per cent of one core, over the next @seconds. */
double bench_program_get_cpu (BenchProgram *self, guint seconds);
void bench_program_set_visible (BenchProgram *self, gboolean visible);
/* Asks every other millisecond for @seconds whether it is still there, as a window manager does.
 * It answers from its main loop. */
BenchAnswers bench_program_ask (BenchProgram *self, guint seconds);
/* The same for as long as xdotool takes to do @actions to it: its words, NULL at the end. */
gboolean bench_program_ask_during (BenchProgram *self,
                                   const char *const *actions,
                                   BenchAnswers *answers,
                                   GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BenchProgram, bench_program_stop)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BenchScreen, bench_screen_close)

G_END_DECLS
