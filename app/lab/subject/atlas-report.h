/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Where the texts that malloc writes of itself are collected. */

#pragma once

/* Makes it, before the first command; forks inherit it. */
void atlas_report_prepare (void);
