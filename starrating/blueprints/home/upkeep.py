"""A warning for whoever answers for what is kept of people, where the timer that forgets what is due does not run."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext

from starrating.blueprints.pages import person
from starrating.domain.access import Act, Place, may
from starrating.services.retention import days_since_purge, due, is_late


def purge_warning(places: Sequence[Place]) -> str:
    """What is said on the first page; empty while all is well, and to everybody else."""
    if not any(may(person().grants, Act.MANAGE_PEOPLE, place) for place in places) or not is_late():
        return ""
    days, found = days_since_purge(), due()
    count = len({*found.numbers, *found.names})
    if days is None:
        never = gettext(
            "到期的个人信息从来没有清除过，现在有%(count)s人到期。请运维的人设好定时，见运行手册。", count=count
        )
        return str(never)
    told = gettext("到期的个人信息已经%(days)s天没有清除，现在有%(count)s人到期。请运维的人查定时，见运行手册。",
                   days=days, count=count)  # fmt: skip
    return str(told)
