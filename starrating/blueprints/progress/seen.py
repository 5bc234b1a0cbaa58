"""What a page of progress is about, as its address says, and the chart with its pictures and its numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask_babel import gettext

from starrating.blueprints.dashboards.links import Links, targets
from starrating.blueprints.dashboards.pictures import frame, seal
from starrating.blueprints.pages import kind_name, person, shell
from starrating.charts.chart import Chart, Heading
from starrating.charts.progress import LEFT_AT, Done, draw_progress, order_of
from starrating.charts.style import Width
from starrating.queries.cycles import CycleRow
from starrating.services.clock import now
from starrating.services.scoring.progress_lines import Ground, Line, by_department, by_indicator, by_township
from starrating.services.working_days import BEIJING
from starrating.wording.language import mark as _l

VIEWS = {"department": _l("部门"), "township": _l("乡镇街道"), "indicator": _l("指标")}
"""By what a district's progress is shown; the word is what a row is."""
CITY = "district"
LINES = {"department": by_department, "township": by_township, "indicator": by_indicator}


@dataclass(frozen=True, slots=True)
class Shown:
    """One picture of progress: where it is, by what, of which kind, and the lines it is drawn from."""

    key: int
    """The cycle, or of a city its division."""
    view: str
    kind: str
    place: str
    year: int
    lines: tuple[Line, ...]
    department: str = ""
    township: int | None = None
    whose: str = ""
    """The department or township that the lines are narrowed to, as a name."""

    @property
    def word(self) -> str:
        """What a row is."""
        return str(gettext("区") if self.view == CITY else gettext(VIEWS[self.view]))

    @property
    def narrowed(self) -> dict[str, object]:
        """What of the address stays when another kind is chosen."""
        more = {"department": self.department, "township": self.township}
        return {"by": self.view, **{name: value for name, value in more.items() if value}}

    def chart(self, width: Width = Width.DESK) -> Chart:
        """The chart, laid out."""
        rows = [self._done(line) for line in self.lines]
        return draw_progress(rows, what=self.word, heading=self._heading(), width=width)

    def address(self, chart: Chart, width: Width) -> str:
        """Where a picture is; the seal says that it was given out to this person, who may see no other's."""
        return self._at("svg", width=width if width is Width.PHONE else None, digest=chart.digest,
                        seal=self.seal(chart.digest))  # fmt: skip

    def seal(self, digest: str) -> str:
        """What shows that this digest was given to this account on this page."""
        return seal(self.key, sealed_as(self.view), digest)

    def framed(self) -> dict[str, object]:
        """What the frame of the chart shows; every bar and every number of blank cells leads to what it counts."""
        shown, links = frame("progress", self.chart, self.address), self._links()
        return {
            **shown, "csv": self._at("csv"), "png": self._at("png"), "at": links,
            "targets": targets(shown["chart"], links), "phone_targets": targets(shown["phone"], links),
        }  # fmt: skip

    def _links(self) -> Links:
        """The lines in the order of the chart, each with the page on which its cells are."""
        ordered = sorted((line for line in self.lines if line.of), key=lambda line: order_of(self._done(line)))
        return {(at, LEFT_AT): self._page_of(line) for at, line in enumerate(ordered)}

    def _page_of(self, line: Line) -> str:
        """A district's own progress, a department's or township's by indicator, an indicator's cells."""
        kind = self.kind or None
        if self.view == CITY:
            return url_for("progress.show", cycle_id=line.key, kind=kind)
        if self.view == "indicator":
            return url_for("scoring.indicator", cycle_id=self.key, kind=line.kind, code=line.key,
                           township=self.township)  # fmt: skip
        if self.view == "department" and not line.key:
            return url_for("progress.show", cycle_id=self.key, by="township", kind=kind)
        narrowed: dict[str, Any] = {self.view: line.key}
        return url_for("progress.show", cycle_id=self.key, by="indicator", kind=kind, **narrowed)

    def _done(self, line: Line) -> Done:
        return Done(self._name(line), line.done, line.of, line.required, line.expected, line.late)

    def _at(self, ending: str, **more: Any) -> str:
        if self.view == CITY:
            return url_for("progress.city_chart", division_id=self.key, ending=ending, year=self.year,
                           kind=self.kind or None, **more)  # fmt: skip
        return url_for("progress.chart", cycle_id=self.key, name=self.view, ending=ending, kind=self.kind or None,
                       department=self.department or None, township=self.township, **more)  # fmt: skip

    def _name(self, line: Line) -> str:
        """A line's name; where both kinds are shown an indicator says of which it is."""
        if self.view != "indicator" or self.kind or not line.kind:
            return name_of(line)
        return str(gettext("%(name)s（%(kind)s）", name=name_of(line), kind=kind_name(line.kind)))

    def _heading(self) -> Heading:
        noun = kind_name(self.kind) if self.kind else gettext("村和社区")
        place = gettext("%(place)s（%(whose)s）", place=self.place, whose=self.whose) if self.whose else self.place
        subject = gettext("%(place)s%(year)s年度%(noun)s，按%(word)s", place=place, year=self.year, noun=noun,
                          word=self.word)  # fmt: skip
        day = now().astimezone(BEIJING)
        source = gettext("数据：%(place)s%(year)s年度评分录入，%(month)s月%(day)s日", place=self.place, year=self.year,
                         month=day.month, day=day.day)  # fmt: skip
        return Heading(subject, self.word, source, bool(shell().get("sample")))


def sealed_as(view: str) -> str:
    """What a digest is sealed as: two people may see two pictures at one address."""
    return f"progress-{view}-{person().account_id}"


def name_of(line: Line) -> str:
    """A line's name for people; the townships together have none of their own."""
    return line.name or str(gettext("各乡镇街道"))


def shown_of(ground: Ground, view: str) -> Shown:
    """A district's progress by what the address asks for."""
    row: CycleRow = ground.cycle
    town = next((name for _, key, name, _ in ground.numbers.sizes if key == ground.township), "")
    return Shown(row.id, view, ground.kind, row.district, row.year, LINES[view](ground), ground.department,
                 ground.township, ground.department or town)  # fmt: skip


def view_asked() -> str:
    """By what the address asks; by department where it says nothing that there is."""
    asked = request.args.get("by", "")
    return asked if asked in VIEWS else "department"
