"""The tables of this app, one thing a file."""

from accounts.models.exports import DataExport
from accounts.models.invitations import Invitation
from accounts.models.people import Avatar, Theme, User
from accounts.models.sessions import DeviceSession
from accounts.models.trail import SecurityEvent
from accounts.models.workspaces import Membership, Role, Workspace, WorkspaceKind

__all__ = [
    "Avatar",
    "DataExport",
    "DeviceSession",
    "Invitation",
    "Membership",
    "Role",
    "SecurityEvent",
    "Theme",
    "User",
    "Workspace",
    "WorkspaceKind",
]
