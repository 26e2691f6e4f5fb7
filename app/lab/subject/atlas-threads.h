/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The threads that a person started, each waiting for commands of its own. */

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

typedef struct _AtlasThread AtlasThread;

/* The calling thread, or NULL for the one that reads the input. */
AtlasThread *atlas_thread_get_current (void);
/* Bytes of the calling thread's stack, or 0 for the one that reads the input, whose stack grows up
 * to RLIMIT_STACK. Other than that limit, it stays what it was when the thread started. */
size_t atlas_thread_get_stack_size (void);
/* The current thread ends when its command is done. */
void atlas_thread_end_current (void);

size_t atlas_thread_count (void);
/* "# thread" lines. */
void atlas_thread_list (void);

/* In a child, only the thread that forked is there, and that one now reads the input. */
void atlas_thread_notice_fork (void);
