"""The tool side of pipl: project, server, users, indexes, workspaces, packls, publishing."""

from ._project_file import RELEASE_INDEX, ProjectConfig, Stage
from .dependencies import add_dependency, remove_dependency
from .errors import (
    AccessError,
    ConflictError,
    CoreError,
    InstallError,
    NotFoundError,
    PacklError,
    ServerError,
)
from .packl import Packl
from .project import Project
from .publishing import Publication, PublishPlan, plan_publish
from .setup import set_up
from .workspace import Workspace, create_workarea, workareas, workspaces

__all__ = [
    "RELEASE_INDEX",
    "AccessError",
    "ConflictError",
    "CoreError",
    "InstallError",
    "NotFoundError",
    "Packl",
    "PacklError",
    "Project",
    "ProjectConfig",
    "Publication",
    "PublishPlan",
    "ServerError",
    "Stage",
    "Workspace",
    "add_dependency",
    "create_workarea",
    "plan_publish",
    "remove_dependency",
    "set_up",
    "workareas",
    "workspaces",
]
