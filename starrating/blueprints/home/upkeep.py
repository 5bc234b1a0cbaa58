"""A warning for whoever answers for what is kept of people, where the timer that forgets what is due does not run."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext

from starrating.blueprints.pages import person
from starrating.domain.access import Act, Place, may
from starrating.services.upkeep.retention import last_ran


def purge_warning(places: Sequence[Place]) -> str:
    """What is said on the first page; empty while all is well, and to everybody else."""
    ran = last_ran() if any(may(person().grants, Act.MANAGE_PEOPLE, place) for place in places) else None
    if ran is None or not ran.late:
        return ""
    if ran.days is None:
        return str(gettext("到期的个人信息从来没有清除过。请运维的人设好定时，见运行手册。"))
    return str(gettext("到期的个人信息已经%(days)s天没有清除。请运维的人查定时，见运行手册。", days=ran.days))
