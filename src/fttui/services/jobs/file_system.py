"""Tells whether a folder lies on another computer, where files cannot be shared the way the journal likes best."""

from __future__ import annotations

import os
import re
from pathlib import Path

MOUNTS = Path("/proc/self/mountinfo")
_NETWORK = re.compile(
    r"nfs\d?|cifs|smb\d?|smbfs|ncpfs|afs|ceph|glusterfs|lustre|gpfs|beegfs|orangefs|9p|virtiofs|davfs|webdav"
    r"|fuse\.(sshfs|rclone|s3fs|gcsfuse|glusterfs|ceph.*|davfs.*|smb.*|goofys|blobfuse.*)"
)


def network_kind(path: Path, mounts: Path = MOUNTS) -> str | None:
    """The kind of network file system a path lies on, such as ``nfs4``; None for a disk of this computer.

    None too where the system does not tell (it does on Linux, in proc_pid_mountinfo(5)).
    """
    try:
        lines = mounts.read_text(errors="surrogateescape").splitlines()
        where = os.path.realpath(path)
    except OSError:
        return None
    kind, longest = "", -1
    for line in lines:
        before, _, behind = line.partition(" - ")
        fields = before.split(" ")
        if len(fields) < 5 or not behind:
            continue
        point = re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), fields[4])
        # The last of several mounts on one point is the one in view.
        if len(point) >= longest and (where == point or where.startswith(point.rstrip("/") + "/")):
            kind, longest = behind.split(" ")[0], len(point)
    return kind if _NETWORK.fullmatch(kind) else None
