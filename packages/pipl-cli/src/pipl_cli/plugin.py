"""pipl's own commands; a studio's plugin can add to them and take the place of each."""

from __future__ import annotations

from collections.abc import Iterable

from pipl_hooks import Command, hookimpl

_COMMANDS = (
    ("login", "login:login", "Log in at the project's server."),
    ("logout", "login:logout", "Forget the login at the project's server."),
    ("whoami", "login:whoami", "Tell who is logged in."),
    ("proj", "", "Projects: their server, users, indexes and stages."),
    ("proj create", "proj:create", "Make a project."),
    ("proj start", "proj_server:start", "Start the project's server, and the handlers beside it."),
    ("proj stop", "proj_server:stop", "Stop the project's server."),
    ("proj status", "proj_server:status", "Tell what the project's server is doing."),
    ("proj setup", "proj:setup", "Make the users, the mirror and the indexes of the stages."),
    ("proj list-stages", "proj:list_stages", "List the stages of a publication."),
    ("proj devpi", "proj_devpi:devpi", "Run the devpi client against the project."),
    ("proj user", "", "Users of the project's server."),
    ("proj user list", "proj_user:list_users", "List the users."),
    ("proj user add", "proj_user:add", "Make a user."),
    ("proj user set", "proj_user:set_user", "Give a user a new password or email address."),
    ("proj user remove", "proj_user:remove", "Remove a user."),
    ("proj index", "", "Indexes of the project's server."),
    ("proj index list-indexes", "proj_index:list_indexes", "List the indexes."),
    (
        "proj index create-default",
        "proj_index:create_default",
        "Make root/PROJ, for releases.",
    ),
    ("proj index create-sub", "proj_index:create_sub", "Make an index that inherits from others."),
    ("proj index list", "proj_index:list_packls", "List the packls in an index."),
    ("work", "", "Workareas and workspaces, where packls are installed and edited."),
    ("work create-area", "work:create_area", "Make a further folder for workspaces."),
    ("work create", "work:create", "Make a workspace."),
    ("work list", "work:list_workspaces", "List the workspaces, or what is in this one."),
    ("work install", "work_packls:install", "Install packls in the workspace."),
    ("work edit", "work_packls:edit", "Take a released packl into edition."),
    ("work sync", "work_packls:sync", "Bring the workspace to what it asks for."),
    (
        "work offline",
        "work_offline:offline",
        "Bring all Assets here, and work without the project.",
    ),
    ("work online", "work_offline:online", "Use the project's asset store again."),
    ("work status", "work_packls:status", "Tell which packls are edited, and which are newer."),
    ("work shell", "work_run:shell", "Open your shell with the workspace active."),
    ("work py", "work_run:py", "Run the workspace's Python."),
    ("work run", "work_run:run", "Run a command in the workspace."),
    ("packl", "", "Packls in edition: metadata, dependencies, versions, publication."),
    ("packl create", "packl:create", "Make a packl in the workspace."),
    ("packl show", "packl:show", "Show what a packl is."),
    ("packl add", "packl_edit:add", "Add a dependency, once it is installed."),
    ("packl remove", "packl_edit:remove", "Remove a dependency."),
    ("packl bump", "packl_edit:bump", "Move the version on."),
    ("packl log", "packl:log", "Show the managed edits of a packl."),
    ("packl why", "packl_versions:why", "Tell who asks for a packl in the workspace."),
    ("packl outdated", "packl_versions:outdated", "List what is newer, and what holds it back."),
    ("packl diff", "packl_diff:diff", "Show what changed between two releases of a packl."),
    ("packl users", "packl_users:users", "List everything in the project that depends on a packl."),
    ("packl publish", "packl_publish:publish", "Check, build and upload a packl."),
    ("packl upload", "packl_publish:publish", "The same as publish."),
    ("packl tree", "packl:tree", "Show what a packl depends on, as a tree."),
    ("packl yank", "packl_yank:yank", "Withdraw a release, without deleting it."),
    ("task", "", "Tasks: the packls that people work in."),
    ("task create", "task:create", "Make a packl of the workspace a task."),
    ("task list", "task:list_tasks", "List the tasks of all workspaces."),
    ("task commands", "task:commands", "List the commands of the workspace's task."),
    ("product", "", "Products: what tasks make and others depend on."),
    ("product create", "product:create", "Make a packl of the workspace a product."),
    ("product list", "product:list_products", "List the products in the workspace."),
    ("product show", "product:show", "Show a product and its Assets."),
    ("asset", "", "Assets: files too big for a package."),
    ("asset list", "asset:list_assets", "List the Assets of all packls in the workspace."),
    ("asset pull", "asset:pull", "Bring Assets beside the workspace."),
    ("asset verify", "asset:verify", "Read all bytes of Assets, and report damage."),
    ("env", "", "Environments: what EnvSets set, and commands in them."),
    ("env show", "env:show", "Show each variable and the packls behind it."),
    ("env run", "env_run:run", "Run a command in an environment made for it."),
    ("env export", "env:export", "Print the environment as a script for a shell."),
    ("env diff", "env_diff:diff", "Compare environments."),
    ("env explain", "env:explain", "Tell how a variable comes to be."),
    ("ci", "", "Handlers: what runs when a packl arrives in a stage."),
    ("ci start", "ci:start", "Follow the project's events, and perform runs."),
    ("ci status", "ci:status", "List the newest runs."),
    ("ci logs", "ci:logs", "Show the log of a run."),
    ("ci retry", "ci:retry", "Have a run performed once more."),
    ("ci cancel", "ci:cancel", "Stop a run, or keep it from starting."),
    ("ci history", "ci:history", "List all runs of a packl."),
    ("plugins", "plugins:plugins", "Plugins: which packl answers which hook."),
    ("plugins config", "plugins_config:config", "Show where each value of a config comes from."),
    (
        "plugins providers",
        "plugins_providers:providers",
        "Name the project's packls that would give a service or a type.",
    ),
    ("show", "", "The show: its edit, and the tasks that come from it."),
    ("show import", "show:import_edit", "Make the tasks of an edit."),
)


@hookimpl(trylast=True)
def pipl_commands() -> Iterable[Command]:
    """Give pipl's own commands."""
    return [
        Command(path, f"pipl_cli._commands.{target}" if target else "", help_)
        for path, target, help_ in _COMMANDS
    ]
