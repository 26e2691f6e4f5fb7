/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One value of /proc/meminfo. */

#pragma once

#include <stdbool.h>
#include <stdint.h>

/* @key: "MemAvailable". @bytes is left alone when it can't be told. */
bool atlas_meminfo_read (const char *key, uint64_t *bytes);
