/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reading what a traced thread points to. */

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* All @size bytes at @address, or FALSE. */
bool atlas_trace_memory_read (pid_t tid, uint64_t address, void *into, size_t size);
/* A string up to its NUL or @room bytes; gives its length, or -1 where not even its first byte can
 * be read. @complete: whether its NUL was found. Not terminated. */
ssize_t atlas_trace_memory_read_string (pid_t tid,
                                        uint64_t address,
                                        char *into,
                                        size_t room,
                                        bool *complete);
