"""Where this program keeps what, by the XDG rules; nothing is made before it is needed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Paths:
    """The four folders of this user."""

    config: Path
    state: Path
    cache: Path
    data: Path

    @property
    def settings(self) -> Path:
        """The settings a person may edit."""
        return self.config / "settings.toml"

    @property
    def recents(self) -> Path:
        """What was open last."""
        return self.state / "recents.json"

    @property
    def journal(self) -> Path:
        """The record of jobs."""
        return self.state / "journal.db"

    @property
    def probes(self) -> Path:
        """What servers were found to answer."""
        return self.state / "probes.json"

    @property
    def announcements(self) -> Path:
        """Which ends of models providers have announced."""
        return self.state / "announcements.json"

    @property
    def checks(self) -> Path:
        """Reports on data sets, kept for as long as the files stay as they are."""
        return self.cache / "checks"

    @property
    def transcripts(self) -> Path:
        """Saved conversations."""
        return self.state / "transcripts"

    @property
    def recipes(self) -> Path:
        """Kept launches."""
        return self.data / "recipes"

    @property
    def engine(self) -> Path:
        """Everything of the embedded engine."""
        return self.state / "engine"

    @property
    def logs(self) -> Path:
        """The program's log, the engine's log and crash reports."""
        return self.state / "log"


def user_paths() -> Paths:
    """The folders of this user, from the XDG variables or the system's own places."""
    import platformdirs

    found = platformdirs.PlatformDirs("fttui", appauthor=False)
    return Paths(
        config=found.user_config_path,
        state=found.user_state_path,
        cache=found.user_cache_path,
        data=found.user_data_path,
    )


def ensure_private(path: Path) -> Path:
    """Make a folder that only this user can enter, and return it.

    Folders above it that are missing are made with the same mode.
    """
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    for folder in reversed(missing):
        folder.mkdir(mode=0o700, exist_ok=True)
    if path.stat().st_mode & 0o077:
        path.chmod(0o700)
    return path
