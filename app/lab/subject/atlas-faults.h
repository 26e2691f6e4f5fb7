/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The page faults that a command took, of the whole process, counted right around what it does:
 * reading the line and writing the answer are not in it. */

#pragma once

#include <stdint.h>

void atlas_faults_reset (void);
/* Around each call; they add up until the next reset. errno is kept. */
void atlas_faults_begin (void);
void atlas_faults_end (void);

uint64_t atlas_faults_get_minor (void);
uint64_t atlas_faults_get_major (void);
