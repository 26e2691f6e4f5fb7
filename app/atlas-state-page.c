/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Empty and error states. Every text that comes from elsewhere is escaped: the status page reads
 * its description as markup. */

#include "atlas-config.h"

#include "atlas-state-page.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>
#include <unistd.h>

#include "atlas-words.h"
#include "atlas-template.h"

struct _AtlasStatePage
{
  GtkWidget parent_instance;

  AdwStatusPage *page;
  GtkWidget *spinner;
  GtkWidget *command_box;
  GtkLabel *command_label;
  GtkButton *button;
  gboolean lab;
};

G_DEFINE_FINAL_TYPE (AtlasStatePage, atlas_state_page, GTK_TYPE_WIDGET)

gboolean
atlas_state_page_has_map (AtlasSession *session)
{
  AtlasSnapshot *snapshot = atlas_session_get_snapshot (session);

  return snapshot && atlas_snapshot_get_n_regions (snapshot) > 0;
}

/* Takes @title and @text, plain. */
static void
say (AtlasStatePage *self, const char *icon, char *title, char *text)
{
  g_autofree char *owned_title = title;
  g_autofree char *owned_text = text;
  g_autofree char *escaped = g_markup_escape_text (owned_text, -1);

  adw_status_page_set_icon_name (self->page, icon);
  adw_status_page_set_title (self->page, owned_title);
  adw_status_page_set_description (self->page, escaped);
  gtk_widget_set_visible (self->spinner, FALSE);
  gtk_widget_set_visible (self->command_box, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->button), FALSE);
}

static void
offer (AtlasStatePage *self, const char *label, const char *action)
{
  gtk_button_set_label (self->button, label);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->button), action);
  gtk_widget_set_visible (GTK_WIDGET (self->button), TRUE);
}

static void
say_empty (AtlasStatePage *self)
{
  say (self, ATLAS_APP_ID "-symbolic", g_strdup (_ ("Choose a Process")),
       g_strdup (_ ("Click one in the list to see its memory, from the whole address space down to "
                    "one page.")));
  offer (self, _ ("Search Processes"), "win.search");
}

static void
say_empty_lab (AtlasStatePage *self)
{
  say (self, ATLAS_APP_ID "-symbolic", g_strdup (_ ("Start a Process of Your Own")),
       g_strdup (_ ("Have it allocate, touch, lock and free memory, and watch its pages change "
                    "here. Or choose a lesson.")));
  offer (self, _ ("Start"), "win.start-lab");
}

static void
say_loading (AtlasStatePage *self, gint pid)
{
  say (self, NULL, g_strdup (_ ("Reading…")),
       g_strdup_printf (_ ("The memory of process %d is being read. Large ones take a moment."),
                        pid));
  gtk_widget_set_visible (self->spinner, TRUE);
}

static void
say_kernel_thread (AtlasStatePage *self, AtlasSnapshot *snapshot)
{
  say (self, "application-x-executable-symbolic", g_strdup (_ ("No Memory of Its Own")),
       g_strdup_printf (_ ("%s is a kernel thread: it runs inside the kernel and has no address "
                           "space of its own, so there is nothing to map."),
                        atlas_snapshot_get_name (snapshot)));
}

static void
say_zombie (AtlasStatePage *self, AtlasSnapshot *snapshot)
{
  say (self, "process-stop-symbolic", g_strdup (_ ("Ended, but Not Yet Collected")),
       g_strdup_printf (_ ("%s is a zombie: it has ended and its memory is given back. It stays in "
                           "the list until its parent, process %d, asks how it ended."),
                        atlas_snapshot_get_name (snapshot),
                        atlas_snapshot_get_status (snapshot)->parent));
}

/* Who may see it, by the kernel's rules (ptrace(2), PTRACE_MODE_READ). */
static char *
explain_denied (AtlasSnapshot *snapshot)
{
  const char *user = atlas_snapshot_get_user (snapshot);
  g_autofree char *process = atlas_words_process (snapshot);

  if (geteuid () == 0)
    return g_strdup_printf (_ ("The kernel does not let even root see where the memory of %s is: a "
                               "container or a security policy keeps it apart. From outside of "
                               "that, with the right CAP_SYS_PTRACE, it can be seen."),
                            process);
  if (atlas_snapshot_get_status (snapshot)->uid == getuid ())
    return g_strdup_printf (_ ("%s protects itself, as programs with special rights do. The kernel "
                               "lets only root see where its memory is."),
                            process);
  return g_strdup_printf (_ ("%s belongs to %s. The kernel lets only %s and root see where its "
                             "memory is."),
                          process, user, user);
}

static void
say_denied (AtlasStatePage *self, AtlasSnapshot *snapshot)
{
  gboolean is_root = geteuid () == 0;
  g_autofree char *explanation = explain_denied (snapshot);
  g_autofree char *command = g_strdup_printf ("sudo memory-atlas-cli export %d -o map.svg",
                                              atlas_snapshot_get_pid (snapshot));

  say (self, "changes-prevent-symbolic", g_strdup (_ ("Not Permitted")),
       g_strconcat (
           explanation, "\n\n",
           _ ("Its counters and limits may be read by all: they are above, and explained in "
              "the inspector."),
           is_root ? NULL : " ", _ ("As root, this draws the map:"), NULL));
  gtk_label_set_text (self->command_label, command);
  gtk_widget_set_visible (self->command_box, !is_root);
}

static void
say_no_regions (AtlasStatePage *self, AtlasSnapshot *snapshot)
{
  const char *const *problems = atlas_snapshot_get_problems (snapshot);
  g_autofree char *all = problems ? g_strjoinv ("\n", (char **) problems) : g_strdup ("");

  say (self, "dialog-question-symbolic", g_strdup (_ ("Nothing Is Mapped")),
       *all ? g_steal_pointer (&all)
            : g_strdup (_ ("The kernel lists no region for this process. It may be starting or "
                           "ending just now.")));
  offer (self, _ ("Try Again"), "win.refresh");
}

static void
say_gone (AtlasStatePage *self, AtlasSession *session)
{
  AtlasSnapshot *snapshot = atlas_session_get_snapshot (session);
  gint pid = atlas_session_get_pid (session);

  if (snapshot)
    say (self, "process-stop-symbolic",
         g_strdup_printf (_ ("%s Ended"), atlas_snapshot_get_name (snapshot)),
         g_strdup_printf (_ ("Process %d is no longer there."), pid));
  else
    say (self, "process-stop-symbolic", g_strdup_printf (_ ("No Process %d"), pid),
         g_strdup (_ ("There is no process with this PID, or it ended before it could be read.")));
  offer (self, _ ("Search Processes"), "win.search");
}

static void
say_failed (AtlasStatePage *self, AtlasSession *session)
{
  const GError *error = atlas_session_get_error (session);

  say (self, "dialog-warning-symbolic",
       g_strdup_printf (_ ("Process %d Could Not Be Read"), atlas_session_get_pid (session)),
       g_strdup (error ? error->message : _ ("The kernel did not say why.")));
  offer (self, _ ("Try Again"), "win.refresh");
}

static void
say_access (AtlasStatePage *self, AtlasSnapshot *snapshot)
{
  switch (atlas_snapshot_get_access (snapshot))
    {
    case ATLAS_ACCESS_DENIED:
      say_denied (self, snapshot);
      break;
    case ATLAS_ACCESS_KERNEL_THREAD:
      say_kernel_thread (self, snapshot);
      break;
    case ATLAS_ACCESS_ZOMBIE:
      say_zombie (self, snapshot);
      break;
    case ATLAS_ACCESS_FULL:
    default:
      say_no_regions (self, snapshot);
      break;
    }
}

void
atlas_state_page_show (AtlasStatePage *self, AtlasSession *session)
{
  AtlasSnapshot *snapshot;

  g_return_if_fail (ATLAS_IS_STATE_PAGE (self));
  g_return_if_fail (ATLAS_IS_SESSION (session));

  snapshot = atlas_session_get_snapshot (session);
  switch (atlas_session_get_state (session))
    {
    case ATLAS_SESSION_EMPTY:
      if (self->lab)
        say_empty_lab (self);
      else
        say_empty (self);
      break;
    case ATLAS_SESSION_LOADING:
      say_loading (self, atlas_session_get_pid (session));
      break;
    case ATLAS_SESSION_GONE:
      say_gone (self, session);
      break;
    case ATLAS_SESSION_FAILED:
      say_failed (self, session);
      break;
    case ATLAS_SESSION_LIVE:
    default:
      if (snapshot)
        say_access (self, snapshot);
      break;
    }
}

void
atlas_state_page_set_lab (AtlasStatePage *self, gboolean lab)
{
  g_return_if_fail (ATLAS_IS_STATE_PAGE (self));

  self->lab = lab;
}

static void
copy_command_cb (AtlasStatePage *self)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)),
                          gtk_label_get_text (self->command_label));
}

static void
atlas_state_page_dispose (GObject *object)
{
  atlas_template_dispose (GTK_WIDGET (object), ATLAS_TYPE_STATE_PAGE);
  G_OBJECT_CLASS (atlas_state_page_parent_class)->dispose (object);
}

static void
atlas_state_page_class_init (AtlasStatePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = atlas_state_page_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/memoryatlas/MemoryAtlas/atlas-state-page.ui");
  gtk_widget_class_bind_template_child (widget_class, AtlasStatePage, page);
  gtk_widget_class_bind_template_child (widget_class, AtlasStatePage, spinner);
  gtk_widget_class_bind_template_child (widget_class, AtlasStatePage, command_box);
  gtk_widget_class_bind_template_child (widget_class, AtlasStatePage, command_label);
  gtk_widget_class_bind_template_child (widget_class, AtlasStatePage, button);
  gtk_widget_class_bind_template_callback (widget_class, copy_command_cb);
}

static void
atlas_state_page_init (AtlasStatePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
